"""The port: the parent opens it, and keeps it while workers come and go.

Nobody else can take it meanwhile, and connections that come while a worker is replaced wait instead of being refused.
What is set here holds for every connection (Linux hands it down).
"""

import socket

from main_controller.errors import SettingsError

BACKLOG = 4096
# A connection whose client takes nothing of what was sent for so long is closed by the kernel.
UNREAD_FOR_S = 15
# What the kernel keeps of an answer that is not read; else it lets that grow to some MB.
SEND_BUFFER_BYTES = 256 * 1024


def listening(host: str, port: int) -> socket.socket:
    """A listening socket on the address that ``host`` means; any free port for 0.

    Raises SettingsError with one line when the host does not resolve or the port is taken.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise SettingsError(f"b_host: {host!r} does not resolve to an address of this machine ({error})") from error
    sock = socket.socket(family, kind, protocol)
    try:
        # Else the ends of old connections would count as taken.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_FOR_S * 1000)
        sock.bind(address)
        sock.listen(BACKLOG)  # of two starts at the same time the second fails here
    except OSError as error:
        sock.close()
        raise SettingsError(
            f"b_port: cannot listen on {host} port {port}: {error.strerror} (does Main Controller run already?)"
        ) from error
    return sock
