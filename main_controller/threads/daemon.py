"""A stoppable daemon thread that calls ``step()`` at an interval and survives what it raises."""

import logging
import threading
import time
from abc import ABC, abstractmethod

_log = logging.getLogger(__name__)


class Daemon(ABC):
    """Calls ``step()`` every ``interval_s``, measured from start to start; ``stop()`` takes effect at once."""

    def __init__(self, name: str, interval_s: float) -> None:
        self._interval_s = interval_s
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._due_s = 0.0
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._failing = False

    @abstractmethod
    def step(self) -> None:
        """One round of the work."""

    def start(self) -> None:
        """Start the thread; the first round begins at once."""
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """End the thread and wait for it."""
        self._stopping.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    def wake(self) -> None:
        """Have the next round begin at once."""
        self._wake.set()

    def due_after(self, due_s: float, now_s: float) -> float:
        """When the next round is due, after the one that was due at ``due_s`` ended at ``now_s`` (monotonic clock)."""
        return max(due_s + self._interval_s, now_s)

    @property
    def due_at_s(self) -> float:
        """When the next round is due (monotonic clock); passed while one runs."""
        return self._due_s

    def due_in_s(self, now_s: float) -> float:
        """How long it is until the next round is due, s; 0 while one runs."""
        return max(0.0, self._due_s - now_s)

    def _run(self) -> None:
        due_s = self._due_s = time.monotonic()
        while not self._stopping.is_set():
            self._wake.clear()
            self._guarded_step()
            now_s = time.monotonic()
            if now_s >= due_s:
                due_s = self._due_s = self.due_after(due_s, now_s)
            self._wake.wait(max(0.0, due_s - now_s))

    def _guarded_step(self) -> None:
        try:
            self.step()
        except Exception:  # noqa: BLE001 - a thread that dies would freeze the picture
            if not self._failing:  # once, not every round
                _log.exception("%s failed; it goes on", self._thread.name)
            self._failing = True
        else:
            self._failing = False
