"""Memory of all processes with 1,000 nodes: at the start, after an hour's polls, and after many more.

An hour is 720 polls at the default interval, and 3,600 rounds of requests of one page that is open. Here there are 20
polls a second, where the machine can do as many, and rounds without a pause. With each poll the demo's cluster is 5 s
on; its readings repeat after ten minutes, its times never.

.venv/bin/python benchmarks/memory.py [polls and rounds]
"""

import argparse
import socket
import sys
import time
from pathlib import Path

import orjson

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import startMain
from benchmarks.clients import Asker
from benchmarks.parts import Going, pss_mb, row, until_it_answers
from main_controller.demo.shared_state import SharedState
from main_controller.demo.simulation import Simulation
from tests.neighbour import Answer, body
from tests.running import Running, pointed, started

NODES, PER_S, STEPS = 1000, 20, 120
TARGET_MB = 150


def cluster(shared: SharedState) -> Going:
    """A neighbour whose cluster goes on by one interval at every poll; after ``STEPS`` it begins again, a year on.

    What it says is made beforehand: else the machine has no time left for that many polls a second.
    """
    neighbour = Going({})
    said = []
    for _ in range(STEPS):
        shared.source.step(startMain.datacollectorinterval)
        shared.gather()
        said.append((shared.log_json, orjson.dumps(shared.source.deals())))

    def now(part: int) -> Answer:
        again, step = divmod(neighbour.polls, STEPS)
        return body(said[step][part].replace(b'"2026/', b'"%d/' % (2026 + again)))

    def log(connection: socket.socket) -> None:
        now(0)(connection)

    def deals(connection: socket.socket) -> None:
        now(1)(connection)

    neighbour.says("/unitIds", shared.source.unit_ids())
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


class OpenPage:
    """A page that asks without a pause, and scripts beside it that ask for the nodes."""

    def __init__(self, url: str) -> None:
        self.rounds = 0
        self._asker = Asker(url)

    def ask(self) -> None:
        """One round."""
        for path in ("/get/picture", "/get/logInfo", "/get/freshness"):
            self._asker.ask(path)
        self.rounds += 1


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int, nargs="?", default=3600, help="of polls and of rounds")
    wanted = parser.parse_args().count
    hour = 3600 // startMain.datacollectorinterval
    with (
        cluster(SharedState(Simulation(NODES, 1, 1.0, 1.0))) as neighbour,
        started(*pointed(neighbour.doors), "--datacollectorinterval", str(1 / PER_S)) as running,
    ):
        until_it_answers(running)
        page = OpenPage(running.url)
        page.ask()
        seen = [show_mb(running, f"{NODES} nodes, first data")]
        began, first = time.monotonic(), neighbour.polls
        for count in sorted({min(hour, wanted), *(wanted * quarter // 4 for quarter in range(1, 5))}):
            while neighbour.polls < count or page.rounds < count:
                if page.rounds < count:
                    page.ask()
                else:
                    time.sleep(0.1)
            seen.append(show_mb(running, f"{count} polls ({count / hour:.1f} h) and rounds ({count / 3600:.1f} h)"))
        rate = (neighbour.polls - first) / (time.monotonic() - began)
        row("the lowest, in the last half", f"{seen[-1] - seen[-3]:+.1f} MB", f"flat ({rate:.1f} polls a second)")


if __name__ == "__main__":
    main()
