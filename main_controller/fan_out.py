"""The same call for many nodes at a time."""

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

MOST_AT_A_TIME = 512


def fan_out(units: Iterable[str], call: Callable[[str], T]) -> dict[str, T]:
    """``call(unit)`` for every unit in parallel, so that one that hangs holds up none of the others.

    Where the system gives no more threads, those that there are do the work, at the least the caller's.
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
    with contextlib.suppress(RuntimeError):
        for _ in range(min(len(targets), MOST_AT_A_TIME) - 1):
            thread = threading.Thread(target=work, name="fan-out", daemon=True)
            thread.start()
            threads.append(thread)
    work()
    for thread in threads:
        thread.join()
    return {unit: results[unit] for unit in targets}
