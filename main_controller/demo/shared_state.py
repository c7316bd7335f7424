"""What all doors of the demo share: one lock, the gathered bytes, the faults, a note of every command."""

import threading
from collections import deque
from typing import Any

import orjson

from main_controller.demo.faults import Faults
from main_controller.demo.source import Body, Source

_COMMANDS_KEPT = 10_000


class SharedState:
    """``source`` may be used only while ``lock`` is held."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.faults = Faults()
        self.lock = threading.Lock()
        self.log_json = b"{}"
        self.commands: deque[dict[str, Any]] = deque(maxlen=_COMMANDS_KEPT)
        self._last: Body = {}
        with self.lock:
            self.gather()

    def pass_time(self, wall_s: float) -> None:
        """Let wall-clock time pass, and gather when it is time."""
        with self.lock:
            if self.source.pass_time(wall_s):
                self.gather()

    def gather(self) -> None:
        """Make ``/get/log`` of this moment; nodes with a fault of their own stand still or are missing.

        To be called with ``lock`` held.
        """
        log = dict(self.source.log())
        for node in self.faults.nodes("emulator", "frozen") & self._last.keys():
            log[node] = self._last[node]
        for node in self.faults.nodes("emulator", "lost"):
            log.pop(node, None)
        self._last = log
        self.log_json = orjson.dumps(log)
