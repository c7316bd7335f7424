"""A neighbour over real HTTP that can be made to do anything wrong."""

import json
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

Answer = Callable[[socket.socket], None]


def raw(*pieces: bytes, pause_s: float = 0.0, stop: threading.Event | None = None) -> Answer:
    """Sends exactly these bytes, with a pause after each piece, and closes."""

    def send(connection: socket.socket) -> None:
        for piece in pieces:
            connection.sendall(piece)
            if pause_s and (stop or threading.Event()).wait(pause_s):
                return

    return send


def body(content: bytes, status: str = "200 OK", kind: str = "application/json") -> Answer:
    """A whole answer with ``content``."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n"
    return raw(head.encode() + content)


class Neighbour:
    """All doors of apis-web on one port; ``answers`` by path, ``requests`` as they came."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.requests: list[str] = []
        self.released = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.requests.append(self.path)
                answer = outer.answers.get(self.path.split("?")[0], body(b"no such path", "404 Not Found"))
                self.close_connection = True
                try:
                    answer(self.connection)
                except OSError:
                    return

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        """The port of all doors."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Its URL without a slash."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def doors(self) -> dict[str, Any]:
        """The settings that point the product here."""
        return {"apis_host": "127.0.0.1", "apis_emul_port": self.port, "apis_budo_port": self.port}

    def says(self, path: str, value: Any) -> None:
        """Answer ``path`` with a JSON value from now on."""
        self.answers[path] = body(json.dumps(value).encode())

    def hangs(self, path: str) -> None:
        """Never answer ``path`` from now on, until the cluster is healthy again."""
        released = self.released

        def hang(_: socket.socket) -> None:
            released.wait(30)

        self.answers[path] = hang

    def trickles(self, path: str, *, headers: bool) -> None:
        """Answer ``path`` byte by byte, a tenth of a second each: the headers, or only the body."""
        head = b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 300
        pieces = [bytes([byte]) for byte in head]
        if not headers:
            pieces = [b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", *[b" "] * 300]
        self.answers[path] = raw(*pieces, pause_s=0.1, stop=self.released)

    def cluster(self, nodes: dict[str, Any], deals: list[Any] | None = None) -> None:
        """Answer as a healthy apis-web with these nodes; what hung is let go."""
        self.released.set()
        self.released = threading.Event()
        self.says("/get/log", nodes)
        self.says("/unitIds", sorted(nodes))
        self.says("/deals", deals or [])
        self.says("/getStatus", {"active": True})


def node(name: str, time: str = "2020/01/01-00:00:00", mode: str = "autonomous") -> dict[str, Any]:
    """A small healthy node."""
    return {
        "apis": {"operation_mode": {"global": mode, "local": None, "effective": mode}},
        "oesunit": {"id": name, "display": f"House {name}", "ip": "192.0.2.11", "communityId": "test"},
        "battery": {"rsoc": 50.0},
        "dcdc": {"status": {"status": "0x0000"}, "meter": {"wg": 0, "vg": 0.5}, "param": {"dig": 2}},
        "time": time,
    }
