"""The Scheduler step by step, at given times."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import startMain
from main_controller import settings, wiring
from main_controller.runtime.folders import PROGRAM, Folders
from tests.neighbour import Neighbour, node
from tests.running import pointed

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
SOFT_STOP = {"value": "heteronomous"}


class Clock:
    """Drives collector and Scheduler in step with a neighbour whose nodes' clocks move at every poll."""

    def __init__(self, neighbour: Neighbour, folder: Path) -> None:
        self.neighbour = neighbour
        self.folder = folder
        self.nodes: dict[str, Any] = {name: node(name) for name in ("E001", "E002")}
        self.now = NOON - timedelta(hours=1)
        self.now_s = 1000.0
        self.ticks = 0
        (folder / "schedules").mkdir(exist_ok=True)
        self.restart()
        neighbour.says("/setOperationMode", {"succeeded": True})

    def restart(self) -> None:
        chosen = settings.load(vars(startMain), {}, [*pointed(self.neighbour.doors), "--neighbour-timeout", "0.5"])[0]
        self.product = wiring.build(chosen, Folders(PROGRAM, self.folder), 32)
        self.poll()
        self.poll()

    def poll(self, *, moved: bool = True) -> None:
        self.ticks += 1
        if moved:
            self.nodes = {name: value | {"time": f"t{self.ticks}"} for name, value in self.nodes.items()}
        self.neighbour.cluster(self.nodes)
        self.neighbour.says("/setOperationMode", {"succeeded": True})
        self.product.collector.step()

    def step(self, seconds: float = 0) -> None:
        self.now += timedelta(seconds=seconds)
        self.now_s += seconds
        self.product.scheduler.step_at(self.now, self.now_s)

    def sent(self) -> list[dict[str, str]]:
        """The modes set since the last call."""
        found = [urlsplit(path) for path in self.neighbour.requests if path.startswith("/setOperationMode")]
        self.neighbour.requests.clear()
        return [{name: values[0] for name, values in parse_qs(path.query).items()} for path in found]

    def write(self, unit: str, at: datetime = NOON) -> None:
        (self.folder / "schedules" / f"{unit}-softStop").write_text(at.isoformat())

    def mode(self, mode: str) -> None:
        self.nodes = {name: node(name, mode=mode) for name in self.nodes}
        self.poll()

    def state(self, unit: str = "") -> str:
        return str(self._state(unit)["state"])

    def code(self, unit: str = "") -> tuple[str, dict[str, Any]]:
        state = self._state(unit)
        return state["code"], state["params"]

    def _state(self, unit: str) -> Mapping[str, Any]:
        schedules = self.product.scheduler._parts.schedules.read().schedules
        state: Mapping[str, Any] = self.product.scheduler.states(schedules, self.now)[unit]["softStop"]
        return state
