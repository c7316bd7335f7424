"""Calls that several callers want at the same time are made once, and their result is shared."""

import threading
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from main_controller.threads.fan_out import fan_out

T = TypeVar("T")


class _Call(Generic[T]):
    __slots__ = ("done", "result")

    def __init__(self) -> None:
        self.done: threading.Event | None = None  # made for the first who waits: a thousand would take their time
        self.result: T | None = None


class SharedCalls(Generic[T]):
    """For every key at most one call at a time; who comes while it runs waits for its end, and makes none.

    That is right for a wait to a converter: a second one beside the first could do nothing more, and if ten people
    press Stop all while converters hang, ten times as many threads would stop nobody sooner.
    """

    def __init__(self, call: Callable[[str], T], otherwise: T) -> None:
        self._call = call
        self._otherwise = otherwise
        self._lock = threading.Lock()
        self._running: dict[str, _Call[T]] = {}

    def all(self, keys: Iterable[str]) -> dict[str, T]:
        """The result for every key, in parallel; ``otherwise`` where the one who called came to no result."""
        wanted = list(keys)
        with self._lock:
            others = {key: self._running[key] for key in wanted if key in self._running}
            ends = [_end_of(call) for call in others.values()]
            ours = {key: _Call[T]() for key in wanted if key not in others}
            self._running.update(ours)
        try:
            fan_out(ours, lambda key: self._make(key, ours[key]))
        finally:
            for key, call in ours.items():
                self._end(key, call)
        calls = ours | others
        for end in ends:
            end.wait()
        results = {key: calls[key].result for key in wanted}
        return {key: self._otherwise if result is None else result for key, result in results.items()}

    def _make(self, key: str, call: _Call[T]) -> None:
        try:
            call.result = self._call(key)
        finally:
            self._end(key, call)

    def _end(self, key: str, call: _Call[T]) -> None:
        with self._lock:
            if self._running.get(key) is call:
                del self._running[key]
            if call.done is not None:
                call.done.set()


def _end_of(call: _Call[T]) -> threading.Event:
    if call.done is None:
        call.done = threading.Event()
    return call.done
