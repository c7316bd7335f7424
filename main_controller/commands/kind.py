"""What a command is, and what follows from that for a row of the ledger."""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from main_controller import nodes
from main_controller.commands.asked import Asked, Order
from main_controller.commands.outcomes import MAY_HAVE_HAPPENED
from main_controller.commands.parameters import Basis, NodeId, Parameter, Was
from main_controller.commands.seen import Seen, View
from main_controller.errors import BadRequestError
from main_controller.setting_table import Settings
from main_controller.storage.ledger_row import Row

_IN_ROUTE = re.compile(r"<(\w+)>")


class Need(StrEnum):
    """What must be so before a command is sent; preconditions.py looks whether it is."""

    ONLY_WITH_APIS = "only_with_apis"
    KNOWN = "known"
    KNOWN_OR_CLEARED = "known_or_cleared"
    ONLY_MANUAL = "only_manual"
    ALL_MANUAL = "all_manual"
    INACTIVE_NOW = "inactive_now"


class By(StrEnum):
    """What a later row does that makes it pointless to go on watching an earlier one."""

    SAME = "same"  # the same command for the same target
    MODE = "mode"  # sets the mode of the same target; the cluster's by whatever command
    RUNNING_MODE = "running_mode"  # sets a global mode other than Force Stop
    CONVERTER = "converter"  # commands the converter of the same target; any converter where that is the cluster


def _no_mode(_: Row) -> str | None:
    return None


def _nothing(*_: Any) -> Any:
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Kind:
    """One command.

    ``route`` may have parts that vary, in ``<>``; each is the parameter of that name, all others are of the query.
    ``carry_out`` is called with the door and the checked order. Before that, ``needs`` must be so for every target,
    ``node_needs`` for a node, ``cluster_needs`` for the cluster.

    ``global_mode``: the global mode that a row sets. ``look``: whether a poll shows what a row asked for; None: nothing
    can be seen of it. ``superseded_by``: what makes it pointless to look on. ``only_stops``: whether it only stops,
    always or with these values of these parameters; such a command is never refused for what has changed.

    ``stops_all``: it is to bring every converter to rest. ``is_urgent``: it goes ahead of all that waits, whatever its
    query says. ``sets_mode``: it sets a mode, of the cluster or of a node. ``sets_converter``: it commands converters.
    ``changes_node``: it may change what the converter of its target does.
    """

    command: str
    route: str
    carry_out: Callable[[Any, Order], Any]
    parameters: tuple[Parameter, ...] = ()
    needs: tuple[Need, ...] = ()
    node_needs: tuple[Need, ...] = ()
    cluster_needs: tuple[Need, ...] = ()
    global_mode: Callable[[Row], str | None] = _no_mode
    look: Callable[[Row, View], Seen] | None = None
    superseded_by: frozenset[By] = frozenset()
    only_stops: bool | Mapping[str, tuple[str, ...]] = False
    stops_all: bool = False
    is_urgent: bool = False
    sets_mode: bool = False
    sets_converter: bool = False
    changes_node: bool = False

    @property
    def in_route(self) -> frozenset[str]:
        """The names of the parameters that are parts of the route."""
        return frozenset(_IN_ROUTE.findall(self.route))

    @property
    def in_query(self) -> frozenset[str]:
        """The names of the parameters of the query."""
        return frozenset(parameter.name for parameter in self.parameters) - self.in_route

    def order(self, asked: Asked, settings: Settings) -> Order:
        """What was asked, checked; raises BadRequestError for the first parameter that is not as it should be.

        An urgent command is hindered by no parameter: one that cannot be read counts as left out.
        """
        passed_over = (BadRequestError,) if self.is_urgent else ()
        for parameter in self.parameters:
            with suppress(*passed_over):
                parameter.require(asked.values)
        values: dict[str, Any] = {}
        for parameter in self.parameters:
            with suppress(*passed_over):
                values[parameter.name] = parameter.read(asked.values, settings)
        values = {name: value for name, value in values.items() if value is not None}
        units = [values[one.name] for one in self.parameters if isinstance(one, NodeId) and one.name in values]
        return Order(self.command, asked.origin, units[0] if units else nodes.CLUSTER, values)

    def needs_of(self, target: str) -> tuple[Need, ...]:
        """What must be so for a command for ``target`` to be sent."""
        return self.needs + (self.cluster_needs if target == nodes.CLUSTER else self.node_needs)

    def basis(self, target: str) -> Basis | None:
        """What a command for ``target`` is based on; None where it is based on nothing that could change."""
        return next((one.basis(target) for one in self.parameters if isinstance(one, Was)), None)

    def is_stop(self, values: Mapping[str, Any]) -> bool:
        """Whether the command only stops, with these values."""
        if isinstance(self.only_stops, bool):
            return self.only_stops
        return all(values.get(name) in stopping for name, stopping in self.only_stops.items())


_OF_ANOTHER_VERSION = Kind("", "", _nothing)


@dataclass(frozen=True, slots=True)
class Kinds:
    """The table of all commands, by their names."""

    table: Mapping[str, Kind]

    def of(self, command: str) -> Kind:
        """What a command is. One of another version changes nothing, and nothing can be seen of it."""
        return self.table.get(command, _OF_ANOTHER_VERSION)

    def is_observable(self, row: Row) -> bool:
        """Whether anything can be seen of a row in the collected data."""
        return self.of(row.command).look is not None

    def look_for(self, row: Row, view: View) -> Seen:
        """Whether the poll shows what a row asked for."""
        look = self.of(row.command).look
        return Seen(done=False, fresh=False) if look is None else look(row, view)

    def global_mode(self, row: Row) -> str | None:
        """The global mode that a row set; None if it set none."""
        return self.of(row.command).global_mode(row)

    def supersedes(self, later: Row, earlier: Row) -> bool:
        """Whether ``later`` makes it pointless to go on watching ``earlier``."""
        return later.outcome in MAY_HAVE_HAPPENED and any(
            _SUPERSEDING[by](self, later, earlier) for by in self.of(earlier.command).superseded_by
        )

    def under_way(self, rows: Iterable[Row], target: str) -> Row | None:
        """The first of ``rows`` that sets the mode of ``target``, or of the whole cluster."""
        for row in rows:
            if self.global_mode(row) is not None or (self.of(row.command).sets_mode and row.target == target):
                return row
        return None


def _same(_: Kinds, later: Row, earlier: Row) -> bool:
    return later.command == earlier.command and later.target == earlier.target


def _mode(kinds: Kinds, later: Row, earlier: Row) -> bool:
    if earlier.target == nodes.CLUSTER:
        return kinds.global_mode(later) is not None
    return kinds.of(later.command).sets_mode and later.target == earlier.target


def _running_mode(kinds: Kinds, later: Row, _: Row) -> bool:
    return kinds.global_mode(later) not in {None, nodes.FORCE_STOP}


def _converter(kinds: Kinds, later: Row, earlier: Row) -> bool:
    is_concerned = nodes.CLUSTER in {later.target, earlier.target} or later.target == earlier.target
    return kinds.of(later.command).sets_converter and is_concerned


_SUPERSEDING: Mapping[By, Callable[[Kinds, Row, Row], bool]] = {
    By.SAME: _same,
    By.MODE: _mode,
    By.RUNNING_MODE: _running_mode,
    By.CONVERTER: _converter,
}
