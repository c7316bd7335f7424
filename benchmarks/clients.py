"""Ten clients that make the page's requests, 1,000 nodes: the product's CPU time and one client's traffic.

.venv/bin/python benchmarks/clients.py
"""

import itertools
import os
import sys
import threading
import time
from pathlib import Path

import requests

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.running import demo, eventually, pointed, started

CLIENTS, SECONDS, NODES = 10, 30, 1000
# How often the page asks for what, s. (js/main.js, js/cluster/last_commands.js)
EVERY_S = {
    "/get/logInfo": 1,
    "/get/dealsInfo": 1,
    "/get/freshness": 1,
    "/commands?limit=20": 3,
    "/schedules/state": 3,
    "/schedules/broken": 3,
}


def cpu_s(pid: int) -> float:
    """User and system time of a process so far, s."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def asked(session: requests.Session, url: str, path: str, etags: dict[str, str]) -> int:
    """Ask for ``path`` as the page does, compressed and only if it has changed; the bytes received."""
    headers = {"Accept-Encoding": "gzip", "If-None-Match": etags.get(path, '""')}
    with session.get(url + path, headers=headers, timeout=10, stream=True) as answer:
        head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
        received = len(answer.raw.read(decode_content=False)) + len("HTTP/1.1 200 OK\r\n\r\n") + head
        etags[path] = answer.headers.get("ETag", '""')
        return received


def client(url: str, until: float, received: dict[str, int]) -> None:
    """Ask for all that the page asks for, as often as it does."""
    etags: dict[str, str] = {}
    seconds = itertools.count()
    with requests.Session() as session:
        while time.monotonic() < until:
            began, second = time.monotonic(), next(seconds)
            for path, every_s in EVERY_S.items():
                if second % every_s == 0:
                    received[path] += asked(session, url, path, etags)
            time.sleep(max(0.0, 1 - (time.monotonic() - began)))


def main() -> None:
    """Print the table."""
    with demo(nodes=NODES, gather=5) as doors, started(*pointed(doors)) as running:
        eventually(lambda: running.get("/get/logInfo").status_code == 200, 30)
        time.sleep(10)
        worker = running.worker_pid()
        for clients in (0, CLIENTS):
            received: list[dict[str, int]] = [dict.fromkeys(EVERY_S, 0) for _ in range(clients)]
            until = time.monotonic() + SECONDS
            threads = [threading.Thread(target=client, args=(running.url, until, counted)) for counted in received]
            before = cpu_s(worker)
            for thread in threads:
                thread.start()
            time.sleep(SECONDS)
            used = cpu_s(worker) - before
            for thread in threads:
                thread.join()
            print(f"{clients:3} clients, {NODES} nodes: {100 * used / SECONDS:5.1f} % of one core in the product")
        for path in EVERY_S:
            print(f"    {path:22} {received[0][path] / SECONDS / 1000:6.1f} kB a second to one client")
        print(f"    in all                 {sum(received[0].values()) / SECONDS / 1000:6.1f} kB a second")


if __name__ == "__main__":
    main()
