"""The table of commands as data, for the page and the README."""

from collections.abc import Mapping
from typing import Any

from main_controller import nodes
from main_controller.commands.kind import Kind
from main_controller.commands.parameters import NodeId
from main_controller.setting_table import Settings

_ANY_NODE = "any"  # stands for the id of a node


def described(kinds: Mapping[str, Kind], settings: Settings) -> dict[str, dict[str, Any]]:
    """By command name what it is, ready for JSON; limits are those of ``settings``.

    ``only_stops`` is true, false, or by parameter the values with which the command only stops. ``needs`` has, for each
    target that the command takes ("node", "cluster"), the names of its preconditions.
    """
    return {command: _described(kind, settings) for command, kind in kinds.items()}


def _described(kind: Kind, settings: Settings) -> dict[str, Any]:
    stops = kind.only_stops
    return {
        "route": kind.route,
        "parameters": {
            one.name: {
                "in": "route" if one.name in kind.in_route else "query",
                "required": one.required,
                **one.described(settings),
            }
            for one in kind.parameters
        },
        "only_stops": stops if isinstance(stops, bool) else {name: list(values) for name, values in stops.items()},
        "observable": kind.look is not None,
        "urgent": kind.is_urgent,
        "sets_mode": kind.sets_mode,
        "sets_converter": kind.sets_converter,
        "needs": {name: list(map(str, kind.needs_of(target))) for name, target in _targets(kind).items()},
    }


def _targets(kind: Kind) -> dict[str, str]:
    """What a command can be for, by "node" and "cluster"."""
    ids = [one for one in kind.parameters if isinstance(one, NodeId)]
    found = {"node": _ANY_NODE} if ids else {}
    return found if any(one.required for one in ids) else found | {"cluster": nodes.CLUSTER}
