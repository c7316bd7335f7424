"""One HTTP exchange with a neighbour under one total deadline, every oddity mapped to the one error tree.

Neither requests' timeouts nor reading in chunks bounds an answer that trickles, so a timer shuts the socket down
when the time is up. Every exchange opens a connection of its own: nothing is ever sent twice because a kept
connection had died, and the timer cannot hit another exchange.
"""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import requests
import requests.adapters
import urllib3

from main_controller.errors import (
    NeighbourError,
    NeighbourFailedError,
    NeighbourLateError,
    NeighbourRefusedError,
)

MAX_BODY_BYTES = 64 * 1024 * 1024
_CHUNK_BYTES = 256 * 1024
_active = threading.local()


class _Deadline:
    """Shuts down the sockets of one exchange when ``seconds`` have passed."""

    def __init__(self, seconds: float) -> None:
        self.ends_at = time.monotonic() + seconds
        self.expired = False
        self.connected = False
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True

    def started(self) -> Self:
        """The deadline with its timer running; RuntimeError where the system gives no thread for it."""
        self._timer.start()
        return self

    def __enter__(self) -> Self:
        _active.deadline = self
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        _active.deadline = None
        with self._lock:
            if self._socket is not None:
                self._socket.close()
                self._socket = None

    def remaining(self) -> float:
        return max(0.001, self.ends_at - time.monotonic())

    def watch(self, sock: socket.socket) -> None:
        # A duplicate, because wrapping in TLS detaches the original; shutting one down shuts the connection.
        with self._lock:
            self.connected = True
            self._socket = socket.socket(fileno=os.dup(sock.fileno()))
            if self.expired:
                self._shut_down()

    def _expire(self) -> None:
        with self._lock:
            self.expired = True
            self._shut_down()

    def _shut_down(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def _addresses(host: str, port: int, deadline: _Deadline) -> list[Any]:
    """The addresses of ``host``, looked up in a thread because a name server that is away cannot be timed out."""
    found: list[Any] = []

    def look_up() -> None:
        try:
            found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.append(error)

    try:  # an address needs no look-up
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except OSError:
        thread = threading.Thread(target=look_up, name="name-look-up", daemon=True)
        thread.start()
        thread.join(deadline.remaining())
    if not found:
        raise TimeoutError(f"looking up the name {host} took too long")
    if isinstance(found[0], Exception):
        raise OSError(f"no such host: {host} ({found[0]})") from found[0]
    return list(found[0])


def _connect(host: str, port: int) -> socket.socket:
    deadline: _Deadline = _active.deadline
    problem: OSError = OSError(f"no address for {host}")
    for family, kind, protocol, _, address in _addresses(host, port, deadline):
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(deadline.remaining())
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.connect(address)
        except OSError as error:
            sock.close()
            problem = error
        else:
            deadline.watch(sock)
            return sock
    raise problem


class _Connection(urllib3.connection.HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self.host, self.port or 80)


class _SecureConnection(urllib3.connection.HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self.host, self.port or 443)


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(requests.adapters.HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


@contextlib.contextmanager
def _session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False  # no proxy and no password file from the environment
        session.mount("http://", _Adapter(max_retries=0))
        session.mount("https://", _Adapter(max_retries=0))
        session.headers.update({"Connection": "close", "Accept-Encoding": "identity"})
        yield session


def exchange(method: str, url: str, *, timeout_s: float, who: str, json: object = None) -> bytes:
    """The body of the answer to one request, at most 64 MiB, within ``timeout_s`` from name look-up to last byte.

    ``who`` names the neighbour in the error. Raises NeighbourLateError when the time is up and
    NeighbourFailedError for everything else, among it any status but 2xx; ``sent`` tells whether the request may
    have arrived.
    """
    where = f"{who} ({url})"
    try:
        limit = _Deadline(timeout_s).started()
    except RuntimeError as error:
        raise NeighbourFailedError(f"{where} could not be asked: {error}", sent=False) from error
    with limit as deadline, _session() as session:
        try:
            return _exchange(session, method, url, json, deadline, where)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise _mapped(error, deadline, where, timeout_s) from error
        except RuntimeError as error:  # no thread to be had for the name look-up
            raise NeighbourFailedError(f"{where} could not be asked: {error}", sent=deadline.connected) from error


def _exchange(session: requests.Session, method: str, url: str, json: object, deadline: _Deadline, where: str) -> bytes:
    with session.request(
        method, url, json=json, stream=True, allow_redirects=False, timeout=deadline.remaining()
    ) as response:
        chunks: list[bytes] = []
        size = 0
        for chunk in response.iter_content(_CHUNK_BYTES):
            chunks.append(chunk)
            size += len(chunk)
            if size > MAX_BODY_BYTES:
                raise NeighbourFailedError(f"{where} answered more than {MAX_BODY_BYTES} bytes", sent=True)
        body = b"".join(chunks)
        if deadline.expired:  # a body without a length looks complete when the timer cuts it off
            raise TimeoutError
        if not response.ok or response.is_redirect or response.status_code >= 300:
            said = " ".join(body[:200].decode("utf-8", "replace").split())
            refused = 400 <= response.status_code < 500
            kind = NeighbourRefusedError if refused else NeighbourFailedError
            raise kind(f"{where} answered status {response.status_code}: {said}", sent=True)
        return body


def _mapped(error: Exception, deadline: _Deadline, where: str, timeout_s: float) -> NeighbourError:
    sent = deadline.connected
    root = _root(error)
    if deadline.expired or isinstance(error, requests.Timeout) or isinstance(root, TimeoutError):
        return NeighbourLateError(f"{where} did not answer within {timeout_s:g} s", sent=sent)
    if not sent:
        return NeighbourFailedError(f"{where} could not be reached: {_words(root)}", sent=False)
    return NeighbourFailedError(f"{where} broke off its answer: {_words(root)}", sent=True)


def _root(error: BaseException) -> BaseException:
    """The innermost cause: requests wraps it three deep in text that no operator can read."""
    seen = error
    while True:
        inner = seen.__cause__ or seen.__context__ or getattr(seen, "reason", None)
        if not inner and seen.args and isinstance(seen.args[0], BaseException):
            inner = seen.args[0]
        if not isinstance(inner, BaseException) or inner is seen:
            return seen
        seen = inner


def _words(error: BaseException) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(text).split())[:200]
