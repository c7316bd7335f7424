"""Ten clients that ask as the page does, and as it did before it had one answer for all, at 8 and at 1,000 nodes.

Both in turn in one run: the product's CPU time, and the requests and the traffic of one client.

.venv/bin/python benchmarks/clients.py
"""

import gzip
import itertools
import os
import sys
import threading
import time
from pathlib import Path

import orjson
import requests

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.running import Running, demo, eventually, pointed, started

CLIENTS, SECONDS, TURNS = 10, 15, 2
# How often who asks for what, s.
ASKED = {
    "six answers": {
        "/get/logInfo": 1,
        "/get/dealsInfo": 1,
        "/get/freshness": 1,
        "/commands?limit=20": 3,
        "/schedules/state": 3,
        "/schedules/broken": 3,
    },
    "one answer": {"/get/picture": 1},
}


def cpu_s(pid: int) -> float:
    """User and system time of a process so far, s."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Asker:
    """Asks as a browser does: compressed, and only if it has changed. Counts what it asks and what it receives."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._tags: dict[str, str] = {}
        self._picture = ""
        self.requests = 0
        self.received = 0

    def ask(self, path: str) -> None:
        """One request."""
        headers = {"Accept-Encoding": "gzip", "If-None-Match": self._tags.get(path, '""')}
        since = {"since": self._picture} if path == "/get/picture" else {}
        with self._session.get(self._url + path, params=since, headers=headers, timeout=10, stream=True) as answer:
            head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
            body = answer.raw.read(decode_content=False)
            self.requests += 1
            self.received += len("HTTP/1.1 200 OK\r\n\r\n") + head + len(body)
            self._tags[path] = answer.headers.get("ETag", '""')
            if since and body:
                self._picture = orjson.loads(gzip.decompress(body))["id"]


class Client(threading.Thread):
    """Asks for all of ``every_s`` as often as it says."""

    def __init__(self, url: str, every_s: dict[str, int], until_s: float) -> None:
        super().__init__()
        self._every_s = every_s
        self._until_s = until_s
        self.asker = Asker(url)

    def run(self) -> None:
        """Ask until the time is over."""
        seconds = itertools.count()
        while time.monotonic() < self._until_s:
            began_s, second = time.monotonic(), next(seconds)
            for path, every_s in self._every_s.items():
                if second % every_s == 0:
                    self.asker.ask(path)
            time.sleep(max(0.0, 1 - (time.monotonic() - began_s)))


def turn(running: Running, every_s: dict[str, int], clients: int) -> tuple[float, float, float]:
    """The product's CPU in percent of a core; requests and kB a second of one client."""
    worker, until_s = running.worker_pid(), time.monotonic() + SECONDS
    asking = [Client(running.url, every_s, until_s) for _ in range(clients)]
    before = cpu_s(worker)
    for one in asking:
        one.start()
    time.sleep(max(0.0, until_s - time.monotonic()))
    used = cpu_s(worker) - before
    for one in asking:
        one.join()
    requests_a_second = sum(one.asker.requests for one in asking) / max(1, clients) / SECONDS
    kb_a_second = sum(one.asker.received for one in asking) / max(1, clients) / SECONDS / 1000
    return 100 * used / SECONDS, requests_a_second, kb_a_second


def main() -> None:
    """Print the table."""
    for nodes in (8, 1000):
        with demo(nodes=nodes, gather=5) as doors, started(*pointed(doors)) as running:
            eventually(lambda: running.get("/get/logInfo").status_code == 200, 30)
            time.sleep(10)
            idle, _, _ = turn(running, {}, 0)
            print(f"{nodes:5} nodes, nobody asks: {idle:5.1f} % of one core")
            told: dict[str, list[tuple[float, float, float]]] = {name: [] for name in ASKED}
            for name in [*ASKED] * TURNS:
                told[name].append(turn(running, ASKED[name], CLIENTS))
            for name, turns in told.items():
                cpu, a_second, kb = (sum(values) / TURNS for values in zip(*turns, strict=True))
                print(
                    f"{nodes:5} nodes, {CLIENTS} clients, {name:11}: {cpu:5.1f} % of one core; a client "
                    f"{a_second:4.2f} requests and {kb:6.2f} kB a second"
                )


if __name__ == "__main__":
    main()
