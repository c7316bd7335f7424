"""Calls that several callers want at the same time are made once, and their result is shared.

SharedCalls: later callers join the running call. LaterCalls: they share the next one, which begins after they came.
"""

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


class _Later(Generic[T]):
    __slots__ = ("done", "made", "result")

    def __init__(self) -> None:
        self.done = threading.Event()
        self.made = False
        self.result: T | None = None


class LaterCalls(Generic[T]):
    """For every key one call at a time; who comes while it runs shares the next, so that nobody gets what was before.

    That is right for a read of what a device has now: a hundred who ask make two requests, and each gets an answer to a
    question that was sent after theirs.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[str, _Later[T]] = {}
        self._next: dict[str, _Later[T]] = {}

    def get(self, key: str, make: Callable[[], T]) -> T:
        """The result of a call for ``key`` that began after this one came; raises what ``make`` raises."""
        with self._lock:
            ahead = self._running.get(key)
            waiting = self._running if ahead is None else self._next
            ours = waiting.get(key)
            is_first = ours is None
            if ours is None:
                ours = waiting[key] = _Later[T]()
        if not is_first:
            ours.done.wait()
            # Who made it may have failed in a way that nobody expected.
            return make() if not ours.made else ours.result  # type: ignore[return-value]
        if ahead is not None:
            ahead.done.wait()
        try:
            ours.result = make()
            ours.made = True
            return ours.result
        finally:
            self._end(key, ours)

    def _end(self, key: str, call: _Later[T]) -> None:
        with self._lock:
            following = self._next.pop(key, None)
            if following is None:
                del self._running[key]
            else:
                self._running[key] = following
            call.done.set()
