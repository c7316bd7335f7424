"""Pure readers of one node's data as apis-web gives it; every missing or odd field is handled here, once.

Fields: specification, section 6.1.1, and contract, sections 2 and 3b.
"""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

Node = Mapping[str, Any]
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")
_STATUS = re.compile(r"(0x[0-9a-f]{1,8})|[0-9]{1,10}", re.ASCII)

WAIT, CV, CC_CHARGE, CC_DISCHARGE = "0x0000", "0x0014", "0x0041", "0x0002"
RUN, SOFT_STOP, FORCE_STOP, MANUAL = "autonomous", "heteronomous", "stop", "manual"
ACTIVE_MODES = frozenset({RUN, SOFT_STOP})  # in which apis-main controls the converters
CLUSTER = ""  # in place of a node's id: the whole cluster


def who(target: str) -> str:
    """A target in a log or an error: the id of the node, or "cluster"."""
    return "cluster" if target == CLUSTER else target


def section(node: Node, name: str) -> Mapping[str, Any]:
    """A section of the node's data, empty where it is missing or no object."""
    value = node.get(name)
    return value if isinstance(value, dict) else {}


def clock(node: Node) -> str | None:
    """The node's own time as it wrote it, only ever to be compared with its own last value."""
    return _text(node.get("time"))


def _text(value: object) -> str | None:
    """A text that says something, without the blanks around it; a number counts as its text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() or None


def name_and_ip(node: Node) -> tuple[str | None, str | None]:
    """The name of the node for people, and its address."""
    who = section(node, "oesunit")
    return _text(who.get("display")), _text(who.get("ip"))


def ip(node: Node) -> str | None:
    """The node's address."""
    return _text(section(node, "oesunit").get("ip"))


def global_mode(node: Node) -> str | None:
    """The global operation mode as this node reports it."""
    return _text(section(section(node, "apis"), "operation_mode").get("global"))


def local_mode(node: Node) -> str | None:
    """The local operation mode; None when none is set."""
    return _text(section(section(node, "apis"), "operation_mode").get("local"))


def effective_mode(node: Node) -> str | None:
    """The mode that is in effect: as reported, else derived from global and local (contract, section 2)."""
    reported = _text(section(section(node, "apis"), "operation_mode").get("effective"))
    if reported is not None:
        return reported
    common, local = global_mode(node), local_mode(node)
    return local if local is not None and common in ACTIVE_MODES else common


def converter_status(node: Node) -> str | None:
    """The status of the DC/DC converter, such as ``0x0014``; None where it is not known."""
    return status_text(section(section(node, "dcdc"), "status").get("status"))


def status_text(value: object) -> str | None:
    """A converter's status as ``0x0014``, however it came: in capitals, with blanks, as a number or its digits.

    None where it says nothing; a text that is no number stays as it is, in small letters.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return f"0x{int(value):04x}" if value >= 0 and value == int(value) else str(value)
    text = value.strip().lower() if isinstance(value, str) else ""
    found = _STATUS.fullmatch(text)
    if found is None:
        return text or None
    return f"0x{int(text, 16 if found[1] else 10):04x}"


def number(value: object) -> float | None:
    """A finite number from a number or a text, else None."""
    if isinstance(value, str):
        value = float(value) if _NUMBER.fullmatch(value.strip()) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def grid_current_a(node: Node) -> float | None:
    """The measured current between converter and bus, A, + charging."""
    return number(section(section(node, "dcdc"), "meter").get("ig"))


def agreed_global_mode(nodes: Iterable[Node]) -> str | None:
    """The global mode that all ``nodes`` report; None while they disagree, or none reports one."""
    modes = {mode for node in nodes if (mode := global_mode(node)) is not None}
    return modes.pop() if len(modes) == 1 else None
