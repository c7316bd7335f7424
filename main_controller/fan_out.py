"""The same call for many nodes at a time."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

MOST_AT_A_TIME = 512
# For all calls together: thousands of threads would only fight for the interpreter.
_threads = threading.BoundedSemaphore(2 * MOST_AT_A_TIME)
# Threads are added as long as calls wait: so the first calls leave at once, and nodes that answer need but a few.
_STEP = 8
_STEP_S = 0.002


def fan_out(units: Iterable[str], call: Callable[[str], T]) -> dict[str, T]:
    """``call(unit)`` for every unit in parallel, so that one that hangs holds up none of the others.

    A unit whose call raised is left out. Where the system gives no more threads, those that there are do the work, at
    the least the caller's.
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
            results[unit] = call(unit)

    threads: list[threading.Thread] = []
    most = min(len(targets), MOST_AT_A_TIME) - 1  # and the caller's own
    while todo and len(threads) < most:
        started = _start(min(_STEP, most - len(threads)), work)
        threads += started
        if len(started) < _STEP:  # enough, or no more to be had
            break
        time.sleep(_STEP_S)
    work()
    for thread in threads:
        thread.join()
    return {unit: results[unit] for unit in targets if unit in results}


def _start(count: int, work: Callable[[], None]) -> list[threading.Thread]:
    """``count`` threads that work, or as many as there are to be had."""
    threads: list[threading.Thread] = []

    def work_and_leave() -> None:
        try:
            work()
        finally:
            _threads.release()

    while len(threads) < count and _threads.acquire(blocking=False):
        thread = threading.Thread(target=work_and_leave, name="fan-out", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            _threads.release()
            break
        threads.append(thread)
    return threads
