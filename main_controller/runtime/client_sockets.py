"""The sockets of clients in this process: who has them, what they do, and closing them. Linux only.

The server that accepted them gives no access, so they are found by the numbers of open files. All is asked without
letting go of the interpreter, since that is what is fought for when there are too many: a thousand small questions to
the system would otherwise take seconds.
"""

import ctypes
import ipaddress
import socket
import struct
import sys
from dataclasses import dataclass, replace
from typing import Literal

Doing = Literal["unread", "idle", "busy"]

_SO_COOKIE = 57
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: what was not read is thrown away with the connection
# Of struct tcp_info: the state, ms since data were last sent and last received, bytes that could not be sent yet, and
# how many pieces of data came and went.
_TCP_INFO = struct.Struct("=B43xI4xI88xI4xII")
_ESTABLISHED, _CLOSED_BY_CLIENT = 1, 8
# The system gives the lowest free number: behind so many that are none there are hardly any more.
_NONE_IN_A_ROW = 256
_V4_MAPPED = bytes(10) + b"\xff\xff"

_system = ctypes.PyDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class ClientSocket:
    """One connection of a client: its file, the system's name for it, whose it is, what it does, and for how long."""

    file: int
    cookie: int
    group: str
    doing: Doing = "idle"
    for_ms: int = 0


def group_of(address: bytes) -> str:
    """Who counts as one client: an IPv4 address (4 bytes, or mapped into IPv6), or the 64 bits of an IPv6 network."""
    if len(address) == 16 and not address.startswith(_V4_MAPPED):
        return str(ipaddress.IPv6Network((address[:8] + bytes(8), 64)))
    return str(ipaddress.IPv4Address(address[-4:]))


class ClientSockets:
    """The connections of this process to its own port ``port``; none where the system is not Linux."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._groups: dict[int, str | None] = {}  # by cookie; None for a socket that is no client's

    def all(self) -> list[ClientSocket]:
        """All of them, without what they do."""
        found: list[ClientSocket] = []
        groups: dict[int, str | None] = {}
        file = none = 0
        while none < _NONE_IN_A_ROW and _system is not None:
            cookie = _cookie(file)
            none = none + 1 if cookie is None else 0
            if cookie is not None:
                group = self._groups[cookie] if cookie in self._groups else self._group(file)
                groups[cookie] = group
                if group is not None:
                    found.append(ClientSocket(file, cookie, group))
            file += 1
        self._groups = groups
        return found

    def _group(self, file: int) -> str | None:
        own, client = _address(file, "getsockname"), _address(file, "getpeername")
        return None if own is None or client is None or own[1] != self._port else group_of(client[0])


def looked_at(client: ClientSocket) -> ClientSocket | None:
    """The same with what it does, and for how many ms; None when it is over, which the server has not seen yet."""
    about = _option(client.file, socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size) or b""
    state, sent_ms, received_ms, unsent, came, went = _TCP_INFO.unpack(about.ljust(_TCP_INFO.size, b"\0"))
    if state not in {_ESTABLISHED, _CLOSED_BY_CLIENT}:
        return None
    if unsent:
        return replace(client, doing="unread", for_ms=sent_ms)
    # Whose request came after our last answer still waits for one. The system counts in steps of some ms.
    busy = received_ms < sent_ms or (came > 0 and went == 0)
    return replace(client, doing="busy" if busy else "idle", for_ms=sent_ms if busy else received_ms)


def close(client: ClientSocket) -> None:
    """Break the connection off; the server then sees that it is gone."""
    if _system is None:
        return
    # A handle of our own: the server may close the file, and its number be given to another, at any moment.
    own = _system.dup(client.file)
    if own < 0:
        return
    if _cookie(own) == client.cookie:
        _system.setsockopt(own, socket.SOL_SOCKET, socket.SO_LINGER, _RESET, len(_RESET))
        _system.shutdown(own, socket.SHUT_RDWR)
    _system.close(own)


def _cookie(file: int) -> int | None:
    """The name that the system gives a socket, and to no other; None for a file that is no socket."""
    found = _option(file, socket.SOL_SOCKET, _SO_COOKIE, 8)
    return None if found is None else int.from_bytes(found, sys.byteorder)


def _option(file: int, level: int, name: int, size: int) -> bytes | None:
    if _system is None:
        return None
    value, length = ctypes.create_string_buffer(size), ctypes.c_uint(size)
    failed = _system.getsockopt(file, level, name, value, ctypes.byref(length))
    return None if failed else value.raw[: length.value]


def _address(file: int, which: Literal["getsockname", "getpeername"]) -> tuple[bytes, int] | None:
    """Address and port of one end of an IP connection; None for any other socket."""
    found, length = ctypes.create_string_buffer(28), ctypes.c_uint(28)
    if _system is None or getattr(_system, which)(file, found, ctypes.byref(length)):
        return None
    family = int.from_bytes(found.raw[:2], sys.byteorder)
    port = int.from_bytes(found.raw[2:4], "big")
    if family == socket.AF_INET:
        return found.raw[4:8], port
    return (found.raw[8:24], port) if family == socket.AF_INET6 else None
