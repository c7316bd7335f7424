"""Start, memory, recovery, the end beside a hung neighbour, and Stop all: prints a small table.

.venv/bin/python benchmarks/basics.py
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import requests

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.parts import SCRIPT, answers, pss_mb, row, until_it_answers
from tests.neighbour import Neighbour, node
from tests.running import Running, demo, eventually, pointed, started


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
        row("start to first data, 4 nodes, median of 5", f"{starts[2]:.2f} s", "< 1 s")
        with started(*pointed(neighbour.doors)) as running:
            until_it_answers(running)
            time.sleep(2)
            row("PSS of all processes, 4 nodes", f"{pss_mb(running.process.pid):.1f} MB", "< 150 MB")
            row("kill -9 of the worker to data again", f"{worker_back_s(running):.2f} s")
            for path in ("/get/log", "/deals", "/getStatus", "/unitIds"):
                neighbour.hangs(path)
            time.sleep(1)
            began = time.monotonic()
            running.process.send_signal(signal.SIGTERM)
            running.process.wait(10)
            row("SIGTERM to the end, apis-web hung", f"{time.monotonic() - began:.2f} s")
    for slow in (0, 100):
        seconds, left = stop_all_s(slow)
        words = f"/stopAll, 100 nodes, one hung, {slow} slow commands"
        row(words, f"{seconds:.2f} s", f"< 3.5 s; not accepted: {', '.join(left)}")


if __name__ == "__main__":
    main()
