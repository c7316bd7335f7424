"""Who may command, under which host, with which parameters; nothing goes outward for what is refused here."""

import contextlib
import ipaddress
import re
import socket
import time
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import netifaces

from main_controller.errors import BadRequestError, ForbiddenError, NotOurHostError

# jQuery adds "_" to a request that must not be cached.
ALWAYS_ALLOWED = frozenset({"callback", "_"})
_OWN_NAMES_FOR_S = 10.0
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")

Environ = Mapping[str, Any]


def command_parameters(environ: Environ, allowed: Iterable[str]) -> dict[str, str]:
    """The query's parameters, each known, given once, and UTF-8; raises BadRequestError that names the odd one.

    A misspelt ``unitid=`` must not turn a node's command into the cluster's, and what stands in a body neither.
    """
    if environ.get("HTTP_TRANSFER_ENCODING") or environ.get("CONTENT_LENGTH", "0") not in {"", "0"}:
        raise BadRequestError("a command takes its parameters in the query; the request has a body", "request_has_body")
    known = frozenset(allowed) | ALWAYS_ALLOWED
    found: dict[str, str] = {}
    try:
        pairs = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise BadRequestError(
            f"a parameter is not UTF-8, or there are too many ({error})", "parameters_unreadable"
        ) from error
    for name, value in pairs:
        if name not in known:
            raise BadRequestError(
                f"unknown parameter {name[:80]!r}; allowed: {', '.join(sorted(known))}",
                "unknown_parameter",
                name=name[:80],
            )
        if name in found:
            raise BadRequestError(f"parameter {name!r} is given twice", "parameter_twice", name=name)
        found[name] = value
    return found


def command_key(environ: Environ) -> str | None:
    """The asker's own id for a command, of the header ``X-Command-Key``; an odd one is none, and hinders no command."""
    key = str(environ.get("HTTP_X_COMMAND_KEY", ""))
    return key if _KEY.fullmatch(key) else None


def from_browser(environ: Environ) -> bool:
    """Whether the request bears a browser's marks."""
    return (
        any(name in environ for name in ("HTTP_ORIGIN", "HTTP_REFERER", "HTTP_X_REQUESTED_WITH"))
        or any(name.startswith("HTTP_SEC_FETCH_") for name in environ)
        or str(environ.get("HTTP_USER_AGENT", "")).lower().startswith("mozilla/")
        or "image/" in str(environ.get("HTTP_ACCEPT", "")).lower()
    )


def only_our_page(environ: Environ) -> None:
    """Raises ForbiddenError for a browser's request without the header that only our own page can send.

    No other site's form, script or ``<img>`` can add a header without our leave, and we give none.
    """
    if from_browser(environ) and not environ.get("HTTP_X_REQUESTED_WITH"):
        raise ForbiddenError(
            "a browser's command needs the header X-Requested-With, which our own page sends", "not_our_page"
        )


class Hosts:
    """The names under which a command may be addressed to this machine."""

    def __init__(self, allowed: Iterable[str]) -> None:
        self._allowed = frozenset(name.strip("[]").rstrip(".").lower() for name in allowed)
        self._own: frozenset[str] = frozenset()
        self._until_s = 0.0

    def check(self, environ: Environ) -> None:
        """Raises NotOurHostError for a Host that is not ours: another site's name that was made to point here."""
        given = str(environ.get("HTTP_HOST", ""))
        name = _host_name(given)
        if given and not self._ours(name):
            raise NotOurHostError(
                f"host {given[:80]!r} is not this machine; the setting allowed_hosts can add it", host=given[:80]
            )

    def _ours(self, name: str) -> bool:
        if name in self._allowed or name == "localhost":
            return True
        try:
            address = ipaddress.ip_address(name.split("%")[0])
        except ValueError:
            return name in self._own_names()
        address = getattr(address, "ipv4_mapped", None) or address
        return address.is_loopback or str(address) in self._own_names()

    def _own_names(self) -> frozenset[str]:
        now_s = time.monotonic()
        if now_s >= self._until_s:  # addresses come and go
            with contextlib.suppress(OSError, ValueError, KeyError):  # an interface vanished: the last names stand
                self._own = _own_names()
            self._until_s = now_s + _OWN_NAMES_FOR_S
        return self._own


def _host_name(host: str) -> str:
    name = host.strip().lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.partition(":")[0].rstrip(".")


def _own_names() -> frozenset[str]:
    name = socket.gethostname().lower()
    names = {name, name.partition(".")[0], f"{name.partition('.')[0]}.local"}
    for interface in netifaces.interfaces():
        for family in (netifaces.AF_INET, netifaces.AF_INET6):
            for entry in netifaces.ifaddresses(interface).get(family, []):
                names.add(str(ipaddress.ip_address(str(entry["addr"]).split("%")[0])))
    return frozenset(names)
