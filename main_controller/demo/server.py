"""The demo's sockets and threads: one acceptor for all doors, a thread a connection, one for the time."""

import contextlib
import logging
import selectors
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from main_controller.demo.doors import Answer, Doors, Request
from main_controller.demo.recording import Recording, read_recording
from main_controller.demo.shared_state import SharedState
from main_controller.demo.simulation import Simulation
from main_controller.demo.source import Source

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
_DOORS = ("emulator", "budo", "hardware", "former", "driver")
_APIS_WEB = ("emulator", "budo")
_LARGEST_BODY = 65_536
_BIG_CLUSTER = 1000
_NO_LINGER = struct.pack("ii", 1, 0)


class Demo:
    """A cluster behind real sockets on loopback, from ``start`` to ``stop`` (or as a context manager).

    ``recording`` is a file to play instead of a simulation, by its own time or only ``stepped``. ``settings``
    are the product's settings that point at it.
    """

    def __init__(
        self,
        nodes: int = 8,
        seed: int = 1,
        speed: float = 60.0,
        gather: float = 5.0,
        recording: Path | None = None,
        *,
        stepped: bool = False,
    ) -> None:
        source: Source
        if recording is None:
            source = Simulation(nodes, seed, speed, gather)
        else:
            source = Recording(read_recording(recording), stepped=stepped)
        self.shared = SharedState(source)
        self._doors = Doors(self.shared)
        self._tick_s = min(gather, 0.25 if nodes <= _BIG_CLUSTER else 1.0)
        self._over = threading.Event()
        self._selector = selectors.DefaultSelector()
        self._listeners: dict[str, socket.socket] = {}
        self._wake, self._waker = socket.socketpair()
        self._lock = threading.Lock()
        self._connections: dict[socket.socket, tuple[str, threading.Thread]] = {}
        self._threads: list[threading.Thread] = []
        self.settings: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Open the doors and let time run; ``OSError`` when the system has no ports left."""
        for door in _DOORS:
            listener = _listen(everywhere=door == "driver")
            self._listeners[door] = listener
            self._selector.register(listener, selectors.EVENT_READ, door)
        self._selector.register(self._wake, selectors.EVENT_READ, None)
        self.settings = self._settings()
        for work in (self._accept, self._run_time):
            thread = threading.Thread(target=work, name=f"demo-{work.__name__.strip('_')}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Close every door and connection, and wait for the threads."""
        self._over.set()
        self.shared.faults.end()
        self._waker.send(b"!")
        for thread in self._threads:
            thread.join(5)
        for listener in self._listeners.values():
            listener.close()
        self._hang_up(_DOORS)
        with self._lock:
            left = [thread for _, thread in self._connections.values()]
        for thread in left:
            thread.join(5)
        self._selector.close()
        self._wake.close()
        self._waker.close()

    def answer(self, request: Request) -> Answer:
        """The answer of a door; after a shutdown of all, apis-web's two doors close."""
        return self._doors.answer(request)

    def close_apis_web(self) -> None:
        """Close the doors of apis-web once it has been shut down."""
        if self.shared.source.gone:
            self._waker.send(b"!")
            self._hang_up(_APIS_WEB)

    def forget(self, connection: socket.socket) -> None:
        """A connection has ended."""
        with self._lock:
            self._connections.pop(connection, None)

    def _settings(self) -> dict[str, Any]:
        port = {door: listener.getsockname()[1] for door, listener in self._listeners.items()}
        driver = f":{port['driver']}"
        return {
            "apis_host": HOST,
            "apis_emul_port": port["emulator"],
            "apis_budo_port": port["budo"],
            "emul_port": port["hardware"],
            "budo_port": port["former"],
            "ups_set_url": f"{driver}/1/ups1/operation/mode",
            "set_url": f"{driver}/remote/set?",
            "url": {
                "dcdc": f"{driver}/remote/get",
                "meter": f"{driver}/inquiry/09",
                "emu": f"{driver}/1/log/data",
            },
        }

    def _run_time(self) -> None:
        last = time.monotonic()
        while not self._over.wait(self._tick_s):
            now = time.monotonic()
            self.shared.pass_time(now - last)
            last = now

    def _accept(self) -> None:
        while not self._over.is_set():
            for key, _ in self._selector.select():
                if key.data is None:
                    self._wake.recv(64)
                    self._close_gone()
                elif key.fileobj in self._listeners.values() and isinstance(key.fileobj, socket.socket):
                    self._take(key.fileobj, key.data)

    def _close_gone(self) -> None:
        if self.shared.source.gone:
            for door in _APIS_WEB:
                listener = self._listeners[door]
                if listener.fileno() >= 0:
                    self._selector.unregister(listener)
                    listener.close()

    def _take(self, listener: socket.socket, door: str) -> None:
        try:
            connection, address = listener.accept()
        except OSError:
            return
        if not connection.getsockname()[0].startswith("127."):
            connection.close()
            return
        thread = threading.Thread(
            target=_serve, args=(self, door, connection, address), name=f"demo-{door}", daemon=True
        )
        with self._lock:
            self._connections[connection] = (door, thread)
        try:
            thread.start()
        except RuntimeError:
            log.warning("no more threads for connections")
            self.forget(connection)
            connection.close()

    def _hang_up(self, doors: tuple[str, ...]) -> None:
        with self._lock:
            those = [connection for connection, (door, _) in self._connections.items() if door in doors]
        for connection in those:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def _listen(*, everywhere: bool) -> socket.socket:
    """A listening socket on a free port; for the drivers at every loopback address, and at no other."""
    listener = socket.socket()
    if everywhere:
        with contextlib.suppress(OSError, AttributeError):
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
    listener.bind(("0.0.0.0" if everywhere else HOST, 0))
    listener.listen(1024)
    listener.setblocking(False)
    return listener


def _serve(demo: Demo, door: str, connection: socket.socket, address: object) -> None:
    connection.setblocking(True)
    try:
        Handler(demo, door, connection, address)
    except (OSError, ValueError):
        log.debug("a connection at %s broke", door)
    finally:
        demo.forget(connection)
        connection.close()


class Handler(BaseHTTPRequestHandler):
    """One connection: HTTP/1.1 with keep-alive, each answer in one write."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = None

    def __init__(self, demo: Demo, door: str, connection: socket.socket, address: object) -> None:
        self._demo = demo
        self._door = door
        super().__init__(connection, address, demo)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer whatever is asked; the doors know their methods."""
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 <= length <= _LARGEST_BODY:
            raise ValueError("body too long")
        body = self.rfile.read(length)
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        ip = self.connection.getsockname()[0]
        request = Request(self._door, self.command, unquote(parts.path), query, body, ip)
        answer = self._demo.answer(request)
        if answer.fault in ("hang", "refuse"):
            self._break_off(answer)
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if answer.fault == "slow":
            self._trickle(answer)
        else:
            self.wfile.write(answer.body)
        self.wfile.flush()
        self._demo.close_apis_web()

    do_PUT = do_POST = do_DELETE = do_GET  # noqa: N815 - names http.server calls

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Say nothing: the demo is quiet."""

    def _break_off(self, answer: Answer) -> None:
        """Never answer; when the fault ends or the client has gone, end the connection."""
        faults = self._demo.shared.faults
        while answer.fault == "hang" and faults.pause(answer.door, answer.node, "hang", 0.5):
            if _has_left(self.connection):
                break
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)

    def _trickle(self, answer: Answer) -> None:
        faults = self._demo.shared.faults
        size = max(1, len(answer.body) // 20)
        for start in range(0, len(answer.body), size):
            self.wfile.write(answer.body[start : start + size])
            self.wfile.flush()
            faults.pause(answer.door, answer.node, "slow", faults.slow_s / 20)


def _has_left(connection: socket.socket) -> bool:
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
