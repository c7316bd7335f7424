"""What several benchmarks share: rows of the tables, answers and memory of the product, a neighbour that goes on."""

import contextlib
import os
import re
import socket
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
import requests

from tests.neighbour import Neighbour, body
from tests.running import Running

SCRIPT = {"User-Agent": "benchmark"}


def row(what: str, figure: str, target: str = "") -> None:
    """Print one line of a table: what was measured, the figure, and what it is held against."""
    print(f"{what:<64} {figure:>24}   {target}".rstrip(), flush=True)


def show_load() -> None:
    """Print how busy the machine is, our own work included: with more than its cores, all times are too long."""
    row("load of the machine in the last minute", f"{os.getloadavg()[0]:.1f}", f"{os.cpu_count()} cores")


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of ``values`` lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


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


class Arrivals(list[str]):
    """Paths as they came, and when each of them did."""

    def __init__(self) -> None:
        super().__init__()
        self._came: list[tuple[float, str]] = []

    def append(self, path: str) -> None:
        """Note a path that has just come."""
        self._came.append((time.monotonic(), path))
        super().append(path)

    def first_after(self, since_s: float, *beginnings: str) -> float | None:
        """When the first path with one of these beginnings came after ``since_s`` (monotonic clock), if one did."""
        came = list(self._came)
        return min((at_s for at_s, path in came if at_s >= since_s and path.startswith(beginnings)), default=None)


class Going(Neighbour):
    """A neighbour whose nodes' clocks go on with this machine's, and which notes when it was asked."""

    def __init__(self, nodes: dict[str, Any]) -> None:
        super().__init__()
        self._server.socket.listen(1024)  # waits for many converters come all at once
        self.nodes = nodes
        self.requests = self.arrivals = Arrivals()
        self.healthy()

    def healthy(self) -> None:
        """Answer everything again."""
        self.cluster(self.nodes)
        self.answers["/get/log"] = self._log

    def _log(self, connection: socket.socket) -> None:
        now = time.strftime("%Y/%m/%d-%H:%M:%S")
        going = {unit: node | {"time": now} for unit, node in self.nodes.items()}
        body(orjson.dumps(going))(connection)

    @property
    def polls(self) -> int:
        """How many polls have come."""
        return self.arrivals.count("/get/log")
