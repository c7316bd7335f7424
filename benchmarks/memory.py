"""Memory of all processes with 1,000 nodes: at the start, after an hour's polls, and after many more.

An hour at the default interval is 720 polls; here there are 20 a second, where the machine can do as many. Every poll
brings other data, the demo's cluster 5 s on, and the page's requests come every second.

.venv/bin/python benchmarks/memory.py [polls]
"""

import argparse
import socket
import sys
import time
from pathlib import Path

import orjson

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import startMain
from benchmarks.clients import PATHS
from benchmarks.parts import Going, pss_mb, row, until_it_answers
from main_controller.demo.simulation import Simulation
from main_controller.demo.stage import Stage
from tests.neighbour import body
from tests.running import Running, pointed, started

NODES, PER_S = 1000, 20
TARGET_MB = 150


def cluster(stage: Stage) -> Going:
    """A neighbour whose cluster goes on by one interval at every poll."""
    neighbour = Going({})

    def log(connection: socket.socket) -> None:
        with stage.lock:
            stage.source.step(startMain.datacollectorinterval)
            stage.gather()
        body(stage.log_json)(connection)

    def deals(connection: socket.socket) -> None:
        with stage.lock:
            running = orjson.dumps(stage.source.deals())
        body(running)(connection)

    neighbour.says("/unitIds", stage.source.unit_ids())
    neighbour.answers |= {"/get/log": log, "/deals": deals}
    return neighbour


def show_mb(running: Running, words: str) -> float:
    """Print the lowest and the highest of a second; the lowest, because a poll under way has its data twice."""
    seen = []
    for _ in range(20):
        seen.append(pss_mb(running.process.pid))
        time.sleep(0.05)
    row(f"PSS, {words}, lowest and highest", f"{min(seen):.1f} and {max(seen):.1f} MB", f"< {TARGET_MB} MB")
    return min(seen)


def until(neighbour: Going, running: Running, polls: int) -> None:
    """Ask as a page does, once a second, until there were so many polls."""
    while neighbour.polls < polls:
        for path in PATHS:
            running.get(path)
        time.sleep(1)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("polls", type=int, nargs="?", default=3600)
    polls = parser.parse_args().polls
    hour = 3600 // startMain.datacollectorinterval
    with (
        cluster(Stage(Simulation(NODES, 1, 1.0, 1.0))) as neighbour,
        started(*pointed(neighbour.doors), "--datacollectorinterval", str(1 / PER_S)) as running,
    ):
        until_it_answers(running)
        for path in PATHS:
            running.get(path)
        seen = [show_mb(running, f"{NODES} nodes, first data")]
        began, first = time.monotonic(), neighbour.polls
        counts = {min(hour, polls), *(polls * quarter // 4 for quarter in range(1, 5))}
        for count in sorted(counts):
            until(neighbour, running, count)
            seen.append(show_mb(running, f"{count} polls ({count / hour:.1f} hours' worth)"))
        rate = (neighbour.polls - first) / (time.monotonic() - began)
        row("the lowest, in the last half", f"{seen[-1] - seen[-3]:+.1f} MB", f"flat ({rate:.1f} polls a second)")


if __name__ == "__main__":
    main()
