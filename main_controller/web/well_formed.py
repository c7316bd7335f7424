"""Whether a request is well-formed HTTP, looked at before anything else: what is read in two ways must not command.

The server joins headers that come twice by a comma, and gives an absent Host as an empty one.
"""

import re
from collections.abc import Mapping
from typing import Any

from main_controller.errors import BadRequestError

_METHOD = re.compile(r"[A-Z]+")
# A name, an IPv4 address or an IPv6 address in brackets, and perhaps a port.
_HOST = re.compile(r"(\[[0-9A-Za-z:.%_-]+\]|[0-9A-Za-z._-]+)(:[0-9]{0,5})?")


def what_is_wrong(environ: Mapping[str, Any]) -> BadRequestError | None:
    """Why a request is answered 400, or None."""
    method, host = str(environ["REQUEST_METHOD"]), str(environ.get("HTTP_HOST", ""))
    if not _METHOD.fullmatch(method):
        return BadRequestError(
            f"the method {method[:20]!r} is not written in capitals", "method_malformed", method=method[:20]
        )
    if not host and environ.get("SERVER_PROTOCOL") == "HTTP/1.1":
        return BadRequestError("the request has no Host, or one that is no text", "host_malformed", host="")
    if host and not _HOST.fullmatch(host):
        return BadRequestError(
            f"the request has two Hosts, or a malformed one: {host[:80]!r}", "host_malformed", host=host[:80]
        )
    try:
        environ["PATH_INFO"].encode("latin-1").decode("utf-8")
    except UnicodeError:  # Bottle would drop the odd bytes, and then another node might be meant
        return BadRequestError("the path is not UTF-8", "path_unreadable")
    return None
