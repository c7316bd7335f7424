"""The same call for many nodes at a time."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import TypeVar

_log = logging.getLogger(__name__)

T = TypeVar("T")

MOST_AT_A_TIME = 512


class _Allowed:
    """How many threads there may be for one fan-out, and for all: thousands would only fight for the interpreter."""

    def __init__(self, in_all: int) -> None:
        self.of_one = max(1, in_all // 2)
        self.threads = threading.BoundedSemaphore(in_all)


_allowed = _Allowed(2 * MOST_AT_A_TIME)
# Of many, the first calls leave before hundreds of threads fight for the interpreter.
_MANY, _FIRST, _HEAD_START_S = 100, 4, 0.002


def allow(in_all: int) -> None:
    """Have no more than ``in_all`` calls at a time, of all fan-outs; called at the start, where files are few."""
    global _allowed
    _allowed = _Allowed(min(in_all, 2 * MOST_AT_A_TIME))


def fan_out(units: Iterable[str], call: Callable[[str], T]) -> dict[str, T]:
    """``call(unit)`` for every unit in parallel, so that one that hangs holds up none of the others.

    A unit whose call raised is logged and left out. Where the system gives no more threads, those that there are do
    the work, at the least the caller's.
    """
    targets = list(units)
    todo = deque(targets)
    results: dict[str, T] = {}

    def work() -> None:
        while True:
            try:
                unit = todo.popleft()
            except IndexError:
                return
            try:
                results[unit] = call(unit)
            except Exception:  # noqa: BLE001 - one unit must not cost the others
                _log.exception("the call for %s failed", unit)

    threads = _started(len(targets), work)
    work()
    for thread in threads:
        thread.join()
    return {unit: results[unit] for unit in targets if unit in results}


def _started(many: int, work: Callable[[], None]) -> list[threading.Thread]:
    """Threads that work beside the caller, at most one for each but one of ``many``."""

    allowed = _allowed

    def work_and_leave() -> None:
        try:
            work()
        finally:
            allowed.threads.release()

    threads: list[threading.Thread] = []
    for _ in range(min(many, allowed.of_one) - 1):
        if not allowed.threads.acquire(blocking=False):
            break
        thread = threading.Thread(target=work_and_leave, name="fan-out", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            allowed.threads.release()
            break
        threads.append(thread)
        if len(threads) == _FIRST and many > _MANY:
            time.sleep(_HEAD_START_S)
    return threads
