"""Pure readers of one node's data as apis-web gives it; every missing or odd field is handled here, once.

Fields: specification, section 6.1.1, and contract, sections 2 and 3b.
"""

from collections.abc import Iterable, Mapping
from typing import Any

Node = Mapping[str, Any]


def section(node: Node, name: str) -> Mapping[str, Any]:
    """A section of the node's data, empty where it is missing or no object."""
    value = node.get(name)
    return value if isinstance(value, Mapping) else {}


def clock(node: Node) -> str | None:
    """The node's own time as it wrote it, only ever to be compared with its own last value."""
    value = node.get("time")
    return None if value is None else str(value)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def display(node: Node) -> str | None:
    """The name of the node for people."""
    return _text(section(node, "oesunit").get("display"))


def ip(node: Node) -> str | None:
    """The node's address."""
    return _text(section(node, "oesunit").get("ip"))


def global_mode(node: Node) -> str | None:
    """The global operation mode as this node reports it."""
    return _text(section(section(node, "apis"), "operation_mode").get("global"))


def agreed_global_mode(nodes: Iterable[Node]) -> str | None:
    """The global mode that all ``nodes`` report; None while they disagree, or none reports one."""
    modes = {mode for node in nodes if (mode := global_mode(node)) is not None}
    return modes.pop() if len(modes) == 1 else None
