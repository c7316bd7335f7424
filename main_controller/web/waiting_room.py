"""How many requests may wait at a time, and for what: what waits for one thing never keeps out what waits for another.

The server's threads are shared out, and some belong to nobody, so that what need not wait is always answered.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from main_controller.errors import BusyError

RESERVED_THREADS = 8
# For so many threads; with fewer, the same shares of them.
OF_THREADS = 64
READ_SEATS, SHORT_SEATS, DISK_SEATS, COMMAND_SEATS, STOP_ALL_SEATS = 16, 6, 4, 20, 10
COMMANDS_OF_ONE_ADDRESS = 14


class WaitingRoom:
    """Seats for reads of a neighbour, for those that wait a moment only, of the disk, for commands, for Stop all."""

    def __init__(self, threads: int) -> None:
        def share(of_all: int) -> int:
            return max(1, threads * of_all // OF_THREADS)

        self._reads = threading.BoundedSemaphore(share(READ_SEATS))
        self._short = threading.BoundedSemaphore(share(SHORT_SEATS))
        self._disk = threading.BoundedSemaphore(share(DISK_SEATS))
        self._commands = threading.BoundedSemaphore(share(COMMAND_SEATS))
        self._commands_of_one = share(COMMANDS_OF_ONE_ADDRESS)
        self._commands_of: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._stop_alls = threading.BoundedSemaphore(share(STOP_ALL_SEATS))

    @contextmanager
    def seat(self) -> Iterator[None]:
        """Hold a seat of those who read what a neighbour has; raises BusyError at once when all are taken."""
        with _held(self._reads) as seated:
            _needed(seated, "too many requests wait for a neighbour; try again in a moment")
            yield

    @contextmanager
    def try_seat(self) -> Iterator[bool]:
        """Hold a seat of those who wait a moment, and else take what is known, if one is free; gives whether it was."""
        with _held(self._short) as seated:
            yield seated

    @contextmanager
    def disk(self) -> Iterator[None]:
        """Hold a seat of those who read the disk, which can hang too; raises BusyError when all are taken."""
        with self.try_disk() as seated:
            _needed(seated, "too many requests wait for the disk; try again in a moment")
            yield

    @contextmanager
    def try_disk(self) -> Iterator[bool]:
        """Hold a seat of those who read the disk if one is free; gives whether it was."""
        with _held(self._disk) as seated:
            yield seated

    @contextmanager
    def command(self, address: str) -> Iterator[None]:
        """Hold a seat of the commands; raises BusyError when all are, or many by ``address``."""
        with self._of(address) as welcome, _held(self._commands) as seated:
            _needed(welcome and seated, "too many commands wait for their answers; try again in a moment")
            yield

    @contextmanager
    def _of(self, address: str) -> Iterator[bool]:
        with self._lock:
            welcome = self._commands_of[address] < self._commands_of_one
            self._commands_of[address] += 1
        try:
            yield welcome
        finally:
            with self._lock:
                self._commands_of[address] -= 1
                if not self._commands_of[address]:
                    del self._commands_of[address]

    @contextmanager
    def stop_all(self) -> Iterator[bool]:
        """Hold a seat of Stop all if one is free; gives whether it was: Stop all goes on without, but does not wait."""
        with _held(self._stop_alls) as seated:
            yield seated


@contextmanager
def _held(seats: threading.BoundedSemaphore) -> Iterator[bool]:
    seated = seats.acquire(blocking=False)
    try:
        yield seated
    finally:
        if seated:
            seats.release()


def _needed(seated: bool, otherwise: str) -> None:
    if not seated:
        raise BusyError(otherwise)
