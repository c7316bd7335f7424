"""The same call for many nodes at a time."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

MOST_AT_A_TIME = 512


def fan_out(units: Iterable[str], call: Callable[[str], T]) -> dict[str, T]:
    """``call(unit)`` for every unit in parallel, so that one that hangs holds up none of the others."""
    targets = list(units)
    if not targets:
        return {}
    with ThreadPoolExecutor(min(len(targets), MOST_AT_A_TIME), thread_name_prefix="fan-out") as pool:
        return dict(zip(targets, pool.map(call, targets), strict=True))
