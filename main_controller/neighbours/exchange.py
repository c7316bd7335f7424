"""One HTTP exchange with a neighbour under one total deadline, every oddity mapped to the one error tree.

Neither requests' timeouts nor reading in chunks bounds an answer that trickles, so a timer shuts the socket down
when the time is up. Every exchange opens a connection of its own: nothing is ever sent twice because a kept
connection had died, and the timer cannot hit another exchange.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator
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

MAX_BODY_BYTES = 64 * 1024 * 1024
_CHUNK_BYTES = 256 * 1024
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


def _connect(host: str, port: int, deadline: Deadline) -> socket.socket:
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


# A connection is made deep inside requests and urllib3: each exchange hands its deadline down through adapter and pool.


class _Connection(urllib3.connection.HTTPConnection):
    def __init__(self, deadline: Deadline, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline = deadline

    def _new_conn(self) -> socket.socket:
        return _connect(self.host, self.port or 80, self._deadline)


class _SecureConnection(urllib3.connection.HTTPSConnection):
    def __init__(self, deadline: Deadline, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline = deadline

    def _new_conn(self) -> socket.socket:
        return _connect(self.host, self.port or 443, self._deadline)


class _Pool(urllib3.HTTPConnectionPool):
    def __init__(self, deadline: Deadline, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ConnectionCls = partial(_Connection, deadline)  # type: ignore[assignment]


class _SecurePool(urllib3.HTTPSConnectionPool):
    def __init__(self, deadline: Deadline, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ConnectionCls = partial(_SecureConnection, deadline)  # type: ignore[assignment]


class _Adapter(requests.adapters.HTTPAdapter):
    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": partial(_Pool, self._deadline),
            "https": partial(_SecurePool, self._deadline),
        }


@contextlib.contextmanager
def _session(deadline: Deadline) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False  # no proxy and no password file from the environment
        session.mount("http://", _Adapter(deadline))
        session.mount("https://", _Adapter(deadline))
        session.headers.update({"Connection": "close", "Accept-Encoding": "identity"})
        yield session


def exchange(method: str, url: str, *, timeout_s: float, who: str, json: object = None) -> bytes:
    """The body of the answer to one request, at most 64 MiB, within ``timeout_s`` from name look-up to last byte.

    ``who`` names the neighbour in the error. Raises NeighbourLateError when the time is up and
    NeighbourFailedError for everything else, among it any status but 2xx; ``sent`` tells whether the request may
    have arrived.
    """
    where = f"{who} ({url})"
    connected = False
    try:
        with _limited(timeout_s) as deadline, _session(deadline) as session:
            try:
                return _exchange(session, method, url, json, deadline, where)
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                raise _mapped(error, deadline, where, timeout_s) from error
            finally:
                connected = deadline.connected
    except RuntimeError as error:  # no thread to be had, for the deadline or the name
        raise NeighbourFailedError(f"{where} could not be asked: {error}", sent=connected) from error


def _exchange(session: requests.Session, method: str, url: str, json: object, deadline: Deadline, where: str) -> bytes:
    with session.request(
        method, url, json=json, stream=True, allow_redirects=False, timeout=deadline.remaining()
    ) as response:
        body = bytearray()
        for chunk in response.iter_content(_CHUNK_BYTES):
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                raise NeighbourFailedError(f"{where} answered more than {MAX_BODY_BYTES} bytes", sent=True)
        if deadline.expired:  # a body without a length looks complete when the timer cuts it off
            raise TimeoutError
        if not response.ok or response.is_redirect or response.status_code >= 300:
            said = " ".join(body[:200].decode("utf-8", "replace").split())
            refused = 400 <= response.status_code < 500
            kind = NeighbourRefusedError if refused else NeighbourFailedError
            raise kind(f"{where} answered status {response.status_code}: {said}", sent=True)
        return bytes(body)


def _mapped(error: Exception, deadline: Deadline, where: str, timeout_s: float) -> NeighbourError:
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
