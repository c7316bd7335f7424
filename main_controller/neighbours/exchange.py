"""One HTTP exchange with a neighbour under one total deadline, every oddity mapped to the one error tree.

Neither requests' timeouts nor reading in chunks bounds an answer that trickles, so a timer shuts the socket down
when the time is up. Every exchange opens a connection of its own: nothing is ever sent twice because a kept
connection had died, and the timer cannot hit another exchange.
"""

import contextlib
import errno
import http.client
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import requests
import requests.adapters
import urllib3

from main_controller.errors import (
    NeighbourError,
    NeighbourFailedError,
    NeighbourLateError,
    NeighbourRefusedError,
)
from main_controller.neighbours.deadlines import Deadline, Watch

# What an answer may have at most, bytes: the data of all nodes; what else is read; what a command is answered.
MOST_OF_NODES, MOST_OF_READ, MOST_OF_COMMAND = 64 * 1024 * 1024, 4 * 1024 * 1024, 64 * 1024
# Beside the body, the head and the frames of chunks.
_HEAD_BYTES = 64 * 1024
_CHUNK_BYTES = 256 * 1024
# Parts of a path that requests would take for "here" and "one up", however they are written.
_FOLDED_AWAY = re.compile(r"/(%2E){1,2}(?![^/?#])")
_LENGTH = re.compile(r"[0-9]{1,18}")
_watch = Watch()


@contextlib.contextmanager
def _limited(timeout_s: float) -> Iterator[Deadline]:
    deadline = Deadline(timeout_s)
    _watch.add(deadline)
    try:
        yield deadline
    finally:
        _watch.remove(deadline)
        deadline.release()


def _addresses(host: str, port: int, deadline: Deadline) -> list[Any]:
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


class _TooLargeError(OSError):
    """More came than is taken."""


class _Bounded(socket.socket):
    """Takes in so many bytes: a head, or what frames the chunks of a body, can be endless too."""

    left = 0

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        taken = super().recv_into(*args, **kwargs)
        self.left -= taken
        if self.left < 0:
            raise _TooLargeError
        return taken


@dataclass(frozen=True, slots=True)
class _Limits:
    """What bounds one exchange: its time, and the bytes of its answer."""

    deadline: Deadline
    at_most: int


def _connect(host: str, port: int, limits: _Limits) -> socket.socket:
    deadline = limits.deadline
    problem: OSError = OSError(f"no address for {host}")
    for family, kind, protocol, _, address in _addresses(host, port, deadline):
        sock = _Bounded(family, kind, protocol)
        sock.left = 2 * limits.at_most + _HEAD_BYTES
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


# A connection is made deep inside requests and urllib3: each exchange hands its limits down through adapter and pool.


class _Connection(urllib3.connection.HTTPConnection):
    def __init__(self, limits: _Limits, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limits = limits

    def _new_conn(self) -> socket.socket:
        return _connect(self.host, self.port or 80, self._limits)


class _SecureConnection(urllib3.connection.HTTPSConnection):
    def __init__(self, limits: _Limits, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limits = limits

    def _new_conn(self) -> socket.socket:
        return _connect(self.host, self.port or 443, self._limits)


class _Pool(urllib3.HTTPConnectionPool):
    def __init__(self, limits: _Limits, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ConnectionCls = partial(_Connection, limits)  # type: ignore[assignment]


class _SecurePool(urllib3.HTTPSConnectionPool):
    def __init__(self, limits: _Limits, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ConnectionCls = partial(_SecureConnection, limits)  # type: ignore[assignment]


class _Adapter(requests.adapters.HTTPAdapter):
    def __init__(self, limits: _Limits) -> None:
        self._limits = limits
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": partial(_Pool, self._limits),
            "https": partial(_SecurePool, self._limits),
        }


@contextlib.contextmanager
def _session(limits: _Limits) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False  # no proxy and no password file from the environment
        session.mount("http://", _Adapter(limits))
        session.mount("https://", _Adapter(limits))
        session.headers.update({"Connection": "close", "Accept-Encoding": "identity"})
        yield session


def exchange(
    method: str, url: str, *, timeout_s: float, who: str, json: object = None, at_most: int = MOST_OF_COMMAND
) -> bytes:
    """The body of the answer to one request, at most ``at_most`` bytes, within ``timeout_s`` from name to last byte.

    ``who`` names the neighbour in the error. Raises NeighbourLateError when the time is up and
    NeighbourFailedError for everything else, among it any status but 2xx; ``sent`` tells whether the request may
    have arrived.
    """
    where = f"{who} ({url})"
    connected = False
    try:
        with _limited(timeout_s) as deadline, _session(_Limits(deadline, at_most)) as session:
            try:
                request = session.prepare_request(requests.Request(method, url, json=json))
                if _FOLDED_AWAY.search(url):
                    request.url = url
                with session.send(
                    request, stream=True, allow_redirects=False, timeout=deadline.remaining()
                ) as response:
                    return _good(response, _body(response, at_most, deadline), who, url)
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                raise _mapped(error, deadline, (who, url), timeout_s, at_most) from error
            finally:
                connected = deadline.connected
    except RuntimeError as error:  # no thread to be had, for the deadline or the name
        raise NeighbourFailedError(
            f"{where} could not be asked: {error}", what="not_asked", sent=connected, who=who, said=str(error)
        ) from error


def _body(response: requests.Response, at_most: int, deadline: Deadline) -> bytes:
    length = response.headers.get("Content-Length")
    if length is not None:
        if not _LENGTH.fullmatch(length.strip()):  # else read until the connection ends, however long that is
            raise ValueError(f"its Content-Length is {length[:80]!r}")
        if int(length) > at_most:
            raise _TooLargeError
    body = bytearray()
    for chunk in response.iter_content(min(_CHUNK_BYTES, at_most + 1)):
        body += chunk
        if len(body) > at_most:
            raise _TooLargeError
    if deadline.expired:  # a body without a length looks complete when the timer cuts it off
        raise TimeoutError
    return bytes(body)


def _good(response: requests.Response, body: bytes, who: str, url: str) -> bytes:
    if response.ok and not response.is_redirect and response.status_code < 300:
        return body
    said = " ".join(body[:200].decode("utf-8", "replace").split())
    kind = NeighbourRefusedError if 400 <= response.status_code < 500 else NeighbourFailedError
    status = response.status_code
    raise kind(
        f"{who} ({url}) answered status {status}: {said}", what="status", sent=True, who=who, status=status, said=said
    )


def _mapped(
    error: Exception, deadline: Deadline, asked: tuple[str, str], timeout_s: float, at_most: int
) -> NeighbourError:
    sent, (who, url) = deadline.connected, asked
    where, root = f"{who} ({url})", _root(error)
    if isinstance(root, _TooLargeError):
        return NeighbourFailedError(f"{where} answered more than {at_most} bytes", what="too_large", sent=True, who=who)
    if deadline.expired or isinstance(error, requests.Timeout) or isinstance(root, TimeoutError):
        text = f"{where} did not answer within {timeout_s:g} s"
        return NeighbourLateError(text, what="late", sent=sent, who=who, seconds=timeout_s)
    said = {"who": who, "said": _words(root), "cause": _cause(root)}
    if not sent:
        return NeighbourFailedError(
            f"{where} could not be reached: {said['said']}", sent=False, what="unreachable", **said
        )
    return NeighbourFailedError(f"{where} broke off its answer: {said['said']}", sent=True, what="broke_off", **said)


def _cause(error: BaseException) -> str:
    """The system's name of an error, such as ECONNREFUSED; for an answer that ended too soon, ``closed``."""
    number = getattr(error, "errno", None)
    if isinstance(number, int):
        return errno.errorcode.get(number, str(number))
    return "closed" if isinstance(error, http.client.HTTPException) else "other"


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
