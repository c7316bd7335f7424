"""The process model: granian with one worker around the WSGI app; nothing of the product's logic.

The parent only watches; all threads and the app live in the worker, which is replaced when it dies and dies with
its parent. See docs/decisions for the why of each choice.
"""

import multiprocessing
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from main_controller.runtime.granian_inside import NO_HANDLERS, GranianInside
from main_controller.runtime.listener import BACKLOG

THREADS = 64
_DEATHS_IN_10_S = 5
# Of an address that is at its limit some may come before others are closed.
_ROOM_TO_CLOSE = 1.5


class Server(GranianInside):
    """granian's server with our choices; ``load_app`` is called in the worker and gives the WSGI app."""

    def __init__(self, listener: socket.socket, connections: int) -> None:
        multiprocessing.set_start_method("spawn", force=True)
        super().__init__(
            listener,
            target="main_controller",
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=THREADS,
            backlog=BACKLOG,
            # More than ConnectionWatch leaves open: the server waits with the next when it has so many.
            backpressure=int(_ROOM_TO_CLOSE * connections),
            http=HTTPModes.http1,
            websockets=False,
            http1_settings=HTTP1Settings(header_read_timeout=5000, max_buffer_size=64 * 1024),
            respawn_failed_workers=True,
            respawn_interval=0,
            workers_kill_timeout=1,
            log_dictconfig=NO_HANDLERS,
        )
        self._deaths: deque[float] = deque(maxlen=_DEATHS_IN_10_S)

    def goes_on(self) -> bool:
        """Until five deaths within 10 s: granian gives up at two within 5.5 s, a control room goes on longer."""
        now_s = time.monotonic()
        self._deaths.append(now_s)
        return len(self._deaths) < _DEATHS_IN_10_S or now_s - self._deaths[0] > 10

    def run(self, load_app: Callable[[], Any], ready: Callable[[], None]) -> None:
        """Serve until SIGINT, SIGTERM or SIGHUP; ``ready`` is called once, when the worker answers."""
        threading.Thread(target=self._announce, args=(ready,), name="announce", daemon=True).start()
        self.serve_app(load_app)

    def _announce(self, ready: Callable[[], None]) -> None:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.bind_addr, self.bind_addr)
        while not self.ends:
            try:
                with socket.create_connection((host, self.bind_port), timeout=10) as asking:
                    asking.sendall(b"HEAD / HTTP/1.0\r\n\r\n")
                    answered = asking.recv(1)
            except OSError:
                answered = b""
            if answered:
                ready()
                return
            time.sleep(0.02)
