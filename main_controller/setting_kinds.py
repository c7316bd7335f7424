"""How each kind of setting is read from text or Python; every reader raises ValueError for what is not allowed."""

import ipaddress
import json
import math
import urllib.parse
from collections.abc import Callable, Mapping
from typing import Any

Parse = Callable[[object], Any]


def text(value: object) -> str:
    """A text that is not blank, without the blanks around it."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError
    return value.strip()


def folder(value: object) -> str:
    """The path of a folder; may be empty."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError
    return value


def boolean(value: object) -> bool:
    """True or false, or a word for it."""
    if isinstance(value, bool):
        return value
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if not isinstance(value, str) or value.strip().lower() not in words:
        raise ValueError
    return words[value.strip().lower()]


def port(lowest: int) -> Parse:
    """A port number, at least ``lowest``."""

    def parse(value: object) -> int:
        if isinstance(value, str):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= 65535:
            raise ValueError
        return value

    return parse


def number(lowest: float, highest: float) -> Parse:
    """A finite number from ``lowest`` to ``highest``."""

    def parse(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError  # noqa: TRY004 - every parser says ValueError
        found = float(value)
        if not math.isfinite(found) or not lowest <= found <= highest:
            raise ValueError
        return found

    return parse


def whole(lowest: int, highest: int) -> Parse:
    """A whole number from ``lowest`` to ``highest``."""

    def parse(value: object) -> int:
        found = number(lowest, highest)(value)
        if found != int(found):
            raise ValueError
        return int(found)

    return parse


def host_names(value: object) -> frozenset[str]:
    """Host names separated by commas, in small letters."""
    if not isinstance(value, str):
        raise ValueError  # noqa: TRY004 - every parser says ValueError
    return frozenset(host(name).lower() for name in value.split(",") if name.strip())


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks(value: object) -> tuple[Network, ...]:
    """Networks of IP addresses separated by commas, such as ``10.0.0.0/8``; one address is a network too."""
    if not isinstance(value, str):
        raise ValueError  # noqa: TRY004 - every parser says ValueError
    return tuple(ipaddress.ip_network(part.strip()) for part in value.split(",") if part.strip())


def http_url(value: object) -> str:
    """An http or https URL without a slash at the end; may be empty."""
    if value == "":
        return ""
    words = text(value).rstrip("/")
    parts = urllib.parse.urlsplit(words)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError
    _ = parts.port  # raises ValueError where it is no port
    return words


def host(value: object) -> str:
    """A host name or an IP address."""
    words = text(value)
    if any(c in words for c in "/?#@*, \\") or (":" in words and not _is_ipv6(words)):
        raise ValueError
    return words


def _is_ipv6(words: str) -> bool:
    return words.count(":") >= 2 and all(c in "0123456789abcdefABCDEF:.%" for c in words.strip("[]"))


def tail(value: object) -> str:
    """What follows a node's address in a device URL: a port, a path, or both."""
    words = text(value)
    if words[0] not in ":/" or any(c.isspace() for c in words):
        raise ValueError
    return words


def url_table(value: object) -> dict[str, str]:
    """What follows a node's address, by kind of device."""
    if isinstance(value, str):
        value = json.loads(value)
    if not isinstance(value, Mapping) or set(value) != {"dcdc", "meter", "emu"}:
        raise ValueError
    return {str(kind): tail(after) for kind, after in value.items()}
