"""The deadlines of all exchanges, watched by one thread, which lives while there are any."""

import contextlib
import heapq
import os
import socket
import threading
import time
from itertools import count


class Deadline:
    """Shuts down the socket of one exchange when its time is up.

    Neither requests' timeouts nor reading in chunks bounds an answer that trickles.
    """

    def __init__(self, seconds: float) -> None:
        self.ends_at = time.monotonic() + seconds
        self.expired = False
        self.connected = False
        self.over = False
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None

    def remaining(self) -> float:
        """Seconds that are left, at least a millisecond: no time-out at all would be 0."""
        return max(0.001, self.ends_at - time.monotonic())

    def watch(self, sock: socket.socket) -> None:
        """Shut ``sock`` down at the end."""
        # A duplicate, because wrapping in TLS detaches the original; shutting one down shuts the connection.
        with self._lock:
            self.connected = True
            self._socket = socket.socket(fileno=os.dup(sock.fileno()))
            if self.expired:
                self._shut_down()

    def expire(self) -> None:
        """The time is up."""
        with self._lock:
            self.expired = True
            self._shut_down()

    def _shut_down(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def release(self) -> None:
        """The exchange is over."""
        with self._lock:
            if self._socket is not None:
                self._socket.close()
                self._socket = None


class Watch:
    """Expires deadlines in time. One thread for all: a Stop all of many nodes must not need two for each."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._heap: list[tuple[float, int, Deadline]] = []
        self._numbers = count()
        self._running = False

    def add(self, deadline: Deadline) -> None:
        """Watch a deadline; RuntimeError where the system gives no thread for it."""
        with self._changed:
            if not self._running:
                threading.Thread(target=self._run, name="deadlines", daemon=True).start()
                self._running = True
            heapq.heappush(self._heap, (deadline.ends_at, next(self._numbers), deadline))
            self._changed.notify()

    def remove(self, deadline: Deadline) -> None:
        """Forget a deadline."""
        with self._changed:
            deadline.over = True
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while self._heap and self._heap[0][2].over:
                    heapq.heappop(self._heap)
                if not self._heap:
                    self._running = False
                    return
                wait_s = self._heap[0][0] - time.monotonic()
                if wait_s > 0:
                    self._changed.wait(wait_s)
                    continue
                _, _, late = heapq.heappop(self._heap)
            late.expire()
