"""How many requests may wait for a neighbour at a time: some threads always stay free for those that need not."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from main_controller.errors import BusyError

RESERVED_THREADS = 8


class WaitingRoom:
    """Seats for the requests that wait for a neighbour: all threads of the server but RESERVED_THREADS."""

    def __init__(self, threads: int) -> None:
        self._seats = threading.BoundedSemaphore(max(1, threads - RESERVED_THREADS))

    @contextmanager
    def seat(self) -> Iterator[None]:
        """Hold a seat; raises BusyError at once when all are taken."""
        with self.try_seat() as seated:
            if not seated:
                raise BusyError("too many requests wait for a neighbour; try again in a moment")
            yield

    @contextmanager
    def try_seat(self) -> Iterator[bool]:
        """Hold a seat if one is free; gives whether it was."""
        seated = self._seats.acquire(blocking=False)
        try:
            yield seated
        finally:
            if seated:
                self._seats.release()
