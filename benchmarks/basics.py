"""Start, memory, recovery, reads beside a hung neighbour, and Stop all: prints a small table.

.venv/bin/python benchmarks/basics.py
"""

import contextlib
import os
import re
import signal
import sys
import threading
import time
from pathlib import Path

import requests

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.neighbour import Neighbour, node
from tests.running import Running, demo, eventually, pointed, started

SCRIPT = {"User-Agent": "benchmark"}


def answers(running: Running) -> bool:
    """Whether ``/get/logInfo`` answers with data now."""
    with contextlib.suppress(requests.RequestException):
        return running.get("/get/logInfo").status_code == 200
    return False


def until_it_answers(running: Running) -> None:
    """Ask every 5 ms until there are data."""
    while not answers(running):
        time.sleep(0.005)


def pss_mb(pid: int) -> float:
    """Proportional memory of a process and its children, MB."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    rollups = [Path(f"/proc/{p}/smaps_rollup").read_text() for p in (str(pid), *children)]
    return sum(int(found[1]) for text in rollups if (found := re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE))) / 1024


def start_s(neighbour: Neighbour) -> float:
    """From the start of the program to the first data."""
    began = time.monotonic()
    with started(*pointed(neighbour.doors)) as running:
        until_it_answers(running)
        return time.monotonic() - began


def worker_back_s(running: Running) -> float:
    """From kill -9 of the worker to its successor's first data."""
    worker = running.worker_pid()
    began = time.monotonic()
    os.kill(worker, signal.SIGKILL)
    eventually(lambda: not answers(running))
    until_it_answers(running)
    return time.monotonic() - began


def reads_ms(running: Running, count: int = 1000) -> list[float]:
    """Sorted times of ``count`` reads of ``/get/logInfo``, while five browsers ask for deals."""
    stop = threading.Event()

    def browser() -> None:
        with requests.Session() as session:
            while not stop.wait(0.2):
                session.get(running.url + "/get/dealsInfo", timeout=5)

    browsers = [threading.Thread(target=browser) for _ in range(5)]
    for thread in browsers:
        thread.start()
    times: list[float] = []
    with requests.Session() as session:
        for _ in range(count):
            began = time.perf_counter()
            session.get(running.url + "/get/logInfo", timeout=5)
            times.append(1000 * (time.perf_counter() - began))
    stop.set()
    for thread in browsers:
        thread.join()
    return sorted(times)


def stop_all_s(slow: int) -> tuple[float, list[str]]:
    """Time of ``/stopAll`` with 100 nodes in Manual, one converter hung, and who did not accept."""
    with demo(nodes=100, gather=0.5) as doors, started(*pointed(doors), "--datacollectorinterval", "0.5") as running:
        eventually(lambda: len(running.json("/get/freshness")["nodes"]) == 100, 20)
        eventually(lambda: all(n["state"] == "fresh" for n in running.json("/get/freshness")["nodes"].values()), 20)
        requests.post(running.url + "/set/budo/manual", headers=SCRIPT, timeout=5)
        eventually(lambda: running.json("/commands")[0]["observed"] == "observed", 30)
        door = f"http://127.0.0.1:{doors['apis_emul_port']}"
        requests.get(door + "/demo/fault?door=hardware&kind=hang&node=E050", timeout=5)
        path = running.url + "/set/dcdc/E050?mode=0x0000&force=true"
        others = [
            threading.Thread(target=requests.post, args=(path,), kwargs={"headers": SCRIPT, "timeout": 30})
            for _ in range(slow)
        ]
        for thread in others:
            thread.start()
        time.sleep(0.3)
        answer = requests.post(running.url + "/stopAll", headers=SCRIPT, timeout=30)
        for thread in others:
            thread.join()
        left = [unit for unit, outcome in answer.json()["nodes"].items() if outcome != "accepted"]
        return answer.elapsed.total_seconds(), left


def main() -> None:
    """Print the table."""
    with Neighbour() as neighbour:
        neighbour.cluster({f"E00{number}": node(f"E00{number}") for number in range(1, 5)})
        starts = sorted(start_s(neighbour) for _ in range(5))
        print(f"start to first data, 4 nodes, median of 5      {starts[2]:6.2f} s")
        with started(*pointed(neighbour.doors)) as running:
            until_it_answers(running)
            time.sleep(2)
            print(f"PSS of all processes, 4 nodes                  {pss_mb(running.process.pid):6.1f} MB")
            print(f"kill -9 of the worker to data again            {worker_back_s(running):6.2f} s")
            for path in ("/get/log", "/deals", "/getStatus", "/unitIds"):
                neighbour.hangs(path)
            time.sleep(1)
            times = reads_ms(running)
            print(f"/get/logInfo, apis-web hung, p50 and p99       {times[500]:6.2f} ms {times[990]:6.2f} ms")
            began = time.monotonic()
            running.process.send_signal(signal.SIGTERM)
            running.process.wait(10)
            print(f"SIGTERM to the end, apis-web hung              {time.monotonic() - began:6.2f} s")
    for slow in (0, 100):
        seconds, left = stop_all_s(slow)
        print(
            f"/stopAll, 100 nodes, one hung, {slow:3} slow commands {seconds:6.2f} s  not accepted: {', '.join(left)}"
        )


if __name__ == "__main__":
    main()
