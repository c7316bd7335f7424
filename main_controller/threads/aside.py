"""Calls that nobody waits for."""

import logging
import threading
from collections.abc import Callable

_log = logging.getLogger(__name__)

Call = Callable[[], object]


class Aside:
    """Makes calls in threads of its own: the first at once, then one every ``every_s`` at most, ``most`` at a time.

    Of those that come in between, the last is made, for all of them: right for calls of which one more, begun later,
    does what all of them should.
    """

    def __init__(self, name: str, every_s: float, most: int) -> None:
        self._name = name
        self._every_s = every_s
        self._free = threading.BoundedSemaphore(most)
        self._lock = threading.Lock()
        self._starts = False
        self._last: Call | None = None

    def __call__(self, call: Call) -> None:
        """Make the call; its result is lost, and what it raises is logged."""
        with self._lock:
            self._last = call
            if self._starts:
                return
            self._starts = True
        try:
            threading.Thread(target=self._start, name=self._name, daemon=True).start()
        except RuntimeError:  # the system gives no more threads: then the caller's
            with self._lock:
                self._starts, self._last = False, None
            self._make(call)

    def _start(self) -> None:
        pause = threading.Event()
        while True:
            with self._lock:
                call, self._last = self._last, None
                if call is None:
                    self._starts = False
                    return
            self._free.acquire()
            try:
                threading.Thread(target=self._make_and_leave, args=(call,), name=self._name, daemon=True).start()
            except RuntimeError:
                self._make_and_leave(call)
            pause.wait(self._every_s)

    def _make_and_leave(self, call: Call) -> None:
        try:
            self._make(call)
        finally:
            self._free.release()

    def _make(self, call: Call) -> None:
        try:
            call()
        except Exception:  # noqa: BLE001 - nobody else would say so
            _log.exception("%s failed", self._name)
