"""What a command is, and what follows from that for a row of the ledger."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from main_controller.commands.asked import Asked
from main_controller.commands.outcomes import MAY_HAVE_HAPPENED
from main_controller.commands.seen import Seen, View
from main_controller.storage.ledger_row import Row


def _never(*_: Any) -> bool:
    return False


def _no_mode(_: Row) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Kind:
    """One command.

    ``route`` may end with the name of a part that varies, in ``<>``, which is then a parameter too; ``parameters`` are
    those of the query, ``required`` those without which nothing is sent. ``carry_out`` is called with what was asked.
    ``global_mode``: the global mode that a row sets; ``look``: whether a poll shows what a row asked for (None: nothing
    can be seen of it); ``overtaken``: whether a later row, which may have happened, makes it pointless to look on.
    ``only_stops``: whether these values only stop; such a command is never refused for what has changed.
    ``is_urgent``: whether it goes ahead of all that waits, whatever its query says. ``sets_mode``: whether it sets a
    mode, of the cluster or of a node. ``changes_node``: whether it may change what the converter of its target does.
    """

    command: str
    route: str
    carry_out: Callable[[Any, Asked], Any]
    parameters: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    global_mode: Callable[[Row], str | None] = _no_mode
    look: Callable[[Row, View], Seen] | None = None
    overtaken: Callable[[Row, Row], bool] = _never
    only_stops: Callable[[Mapping[str, Any]], bool] = _never
    sets_mode: bool = False
    changes_node: bool = False
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Kinds:
    """The table of all commands, by their names. A row of another version's command is of no kind."""

    table: Mapping[str, Kind]

    def observable(self, command: str) -> bool:
        """Whether anything can be seen of a command in the collected data."""
        kind = self.table.get(command)
        return kind is not None and kind.look is not None

    def look_for(self, row: Row, view: View) -> Seen:
        """Whether the poll shows what a row asked for."""
        kind = self.table.get(row.command)
        return Seen(done=False, fresh=False) if kind is None or kind.look is None else kind.look(row, view)

    def global_mode(self, row: Row) -> str | None:
        """The global mode that a row set; None if it set none."""
        kind = self.table.get(row.command)
        return None if kind is None else kind.global_mode(row)

    def sets_mode(self, row: Row) -> bool:
        """Whether a row sets a mode, of the cluster or of a node."""
        kind = self.table.get(row.command)
        return kind is not None and kind.sets_mode

    def changes_node(self, row: Row) -> bool:
        """Whether a row may have changed what its target's converter does."""
        kind = self.table.get(row.command)
        return kind is not None and kind.changes_node

    def only_stops(self, command: str, values: Mapping[str, Any]) -> bool:
        """Whether a command with these values only stops."""
        kind = self.table.get(command)
        return kind is not None and kind.only_stops(values)

    def supersedes(self, later: Row, earlier: Row) -> bool:
        """Whether ``later`` makes it pointless to go on watching ``earlier``."""
        kind = self.table.get(earlier.command)
        return later.outcome in MAY_HAVE_HAPPENED and kind is not None and kind.overtaken(later, earlier)

    def under_way(self, rows: Iterable[Row], unit: str) -> Row | None:
        """The first of ``rows`` that sets the mode of ``unit`` (the cluster's where it is empty), or of the cluster."""
        for row in rows:
            if self.global_mode(row) is not None or (self.sets_mode(row) and row.target == unit):
                return row
        return None
