"""Whether a request is well-formed HTTP, looked at before anything else: what is read in two ways must not command.

The server joins headers that come twice by a comma, and gives an absent Host as an empty one.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from main_controller.errors import BadRequestError

_LONGEST_HOST = 300
_USUAL = frozenset({"GET", "POST", "HEAD"})
_METHOD = re.compile(r"[A-Z]+")
# A name, an IPv4 address or an IPv6 address in brackets, and perhaps a port.
_HOST = re.compile(r"(\[[0-9A-Za-z:.%_-]+\]|[0-9A-Za-z._-]+)(:[0-9]{0,5})?")


def what_is_wrong(environ: Mapping[str, Any]) -> BadRequestError | None:
    """Why a request is answered 400, or None. Asked for every request, so what is usual is known at once."""
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    if method not in _USUAL and not _METHOD.fullmatch(method):
        return BadRequestError(
            f"the method {method[:20]!r} is not written in capitals", "method_malformed", method=method[:20]
        )
    host = environ.get("HTTP_HOST", "")
    if not host:
        if environ["SERVER_PROTOCOL"] == "HTTP/1.1":
            return BadRequestError("the request has no Host, or one that is no text", "host_malformed", host="")
    elif len(host) > _LONGEST_HOST or not _is_host(host):
        return BadRequestError(
            f"the request has two Hosts, or a malformed one: {host[:80]!r}", "host_malformed", host=host[:80]
        )
    if not path.isascii():
        try:
            path.encode("latin-1").decode("utf-8")
        except UnicodeError:  # Bottle would drop the odd bytes, and then another node might be meant
            return BadRequestError("the path is not UTF-8", "path_unreadable")
    return None


@lru_cache(256)
def _is_host(host: str) -> bool:
    return _HOST.fullmatch(host) is not None
