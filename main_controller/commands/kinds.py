"""The table of all commands: what each is called, takes, sends, shows, and by what it is overtaken.

Routes, parameter checks, the observer, Stop all's follow-up and the Scheduler follow from it. A new command is an entry
here and a method in operations.py.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from main_controller import nodes
from main_controller.commands.asked import Asked
from main_controller.commands.command_values import STOPPING_VALUES
from main_controller.commands.outcomes import MAY_HAVE_HAPPENED
from main_controller.commands.seen import (
    Seen,
    View,
    all_stopped,
    converter_as_set,
    global_mode_of,
    gone,
    mode_as_set,
)
from main_controller.neighbours.control import BUDO_MODES
from main_controller.storage.ledger_row import Row

if TYPE_CHECKING:
    from main_controller.commands.operations import Operations, Result
    from main_controller.commands.stop_all import StopAll


@dataclass(frozen=True, slots=True)
class Doors:
    """What carries commands out."""

    operations: "Operations"
    stop_all: "StopAll"


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
    """

    command: str
    route: str
    carry_out: Callable[[Doors, Asked], "Result"]
    parameters: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    global_mode: Callable[[Row], str | None] = _no_mode
    look: Callable[[Row, View], Seen] | None = None
    overtaken: Callable[[Row, Row], bool] = _never
    only_stops: Callable[[Mapping[str, Any]], bool] = _never
    sets_mode: bool = False
    changes_node: bool = False

    @property
    def is_urgent(self) -> bool:
        """Whether it goes ahead of all that waits, whatever its query says: it only stops, with any values."""
        return self.only_stops({})


# --- by what a command is overtaken -----------------------------------------------------------------------------


def _mode_overtaken(later: Row, earlier: Row) -> bool:
    if earlier.target:
        return later.command == earlier.command and later.target == earlier.target
    return global_value(later) is not None


def _converter_overtaken(later: Row, earlier: Row) -> bool:
    return _is_urgent(later) or (later.command == earlier.command and later.target == earlier.target)


def _stop_all_overtaken(later: Row, _: Row) -> bool:
    sets_mode = global_value(later) not in {None, nodes.FORCE_STOP}
    return later.command in {"stopAll", "set/dcdc"} or sets_mode


# --- how a command is carried out -------------------------------------------------------------------------------


def _set_operation_mode(doors: Doors, asked: Asked) -> "Result":
    unit, force = asked.unit(), asked.force()
    value = asked.required("value")
    if unit is None:
        asked.refuse_force_without_unit(force=force)
        return doors.operations.set_global_mode(asked.origin, value, was=asked.was)
    return doors.operations.set_local_mode(asked.origin, unit, value, force=force, was=asked.was)


def _set_converter(doors: Doors, asked: Asked) -> "Result":
    values = {name: asked.values[name] for name in ("mode", "dvg", "dig", "drg") if name in asked.values}
    unit = asked.values["node_id"]
    return doors.operations.set_converter(asked.origin, unit, values, force=asked.force(), was=asked.was)


def _set_schedule(doors: Doors, asked: Asked) -> "Result":
    operation, unit = asked.values["operation"], asked.values.get("unitId", nodes.CLUSTER)
    return doors.operations.set_schedule(asked.origin, operation, unit, asked.values.get("value"), was=asked.was)


KINDS: dict[str, Kind] = {
    kind.command: kind
    for kind in (
        Kind(
            "set/budo",
            "/set/budo/<mode>",
            lambda doors, asked: doors.operations.set_budo_mode(asked.origin, asked.values["mode"]),
            global_mode=global_mode_of,
            look=mode_as_set,
            overtaken=_mode_overtaken,
            only_stops=lambda values: BUDO_MODES.get(str(values.get("mode"))) in STOPPING_VALUES,
            sets_mode=True,
        ),
        Kind(
            "setOperationMode",
            "/setOperationMode",
            _set_operation_mode,
            ("value", "unitId", "force", "was"),
            ("value",),
            global_mode=global_mode_of,
            look=mode_as_set,
            overtaken=_mode_overtaken,
            only_stops=lambda values: values.get("value") in STOPPING_VALUES,
            sets_mode=True,
            changes_node=True,
        ),
        Kind(
            "set/dcdc",
            "/set/dcdc/<node_id>",
            _set_converter,
            ("mode", "dvg", "dig", "drg", "force", "was"),
            look=converter_as_set,
            overtaken=_converter_overtaken,
            only_stops=lambda values: values.get("mode") == nodes.WAIT,
            changes_node=True,
        ),
        Kind(
            "stopAll",
            "/stopAll",
            lambda doors, asked: doors.stop_all.stop_all(asked.origin, asked.was),
            ("was",),
            global_mode=global_mode_of,
            look=all_stopped,
            overtaken=_stop_all_overtaken,
            only_stops=lambda _: True,
        ),
        Kind(
            "shutDown",
            "/shutDown",
            lambda doors, asked: doors.operations.shut_down(
                asked.origin, asked.unit(), force=asked.force(), was=asked.was
            ),
            ("unitId", "force", "was"),
            look=gone,
            changes_node=True,
        ),
        Kind("flushCache", "/flushCache", lambda doors, asked: doors.operations.flush_cache(asked.origin)),
        Kind(
            "upsMode",
            "/upsMode/<mode>",
            lambda doors, asked: doors.operations.set_ups(asked.origin, asked.values["mode"]),
        ),
        Kind(
            "setSchedule",
            "/setSchedule",
            _set_schedule,
            ("operation", "unitId", "value", "was"),
            ("operation",),
        ),
    )
}


# --- what follows from the table for a row; one of another version's command is of no kind ---------------------------


def _is_urgent(row: Row) -> bool:
    kind = KINDS.get(row.command)
    return kind is not None and kind.is_urgent


def observable(command: str) -> bool:
    """Whether anything can be seen of a command in the collected data."""
    kind = KINDS.get(command)
    return kind is not None and kind.look is not None


def look_for(row: Row, view: View) -> Seen:
    """Whether the poll shows what an observable row asked for."""
    look = KINDS[row.command].look
    return Seen(done=False, fresh=False) if look is None else look(row, view)


def global_value(row: Row) -> str | None:
    """The global mode that a row set; None if it set none."""
    kind = KINDS.get(row.command)
    return None if kind is None else kind.global_mode(row)


def names_a_node(row: Row) -> bool:
    """Whether a row may have changed what its target's converter does."""
    kind = KINDS.get(row.command)
    return kind is not None and kind.changes_node


def supersedes(later: Row, earlier: Row) -> bool:
    """Whether ``later`` makes it pointless to go on watching ``earlier``."""
    kind = KINDS.get(earlier.command)
    return later.outcome in MAY_HAVE_HAPPENED and kind is not None and kind.overtaken(later, earlier)


def under_way(rows: Iterable[Row], unit: str) -> Row | None:
    """The first of ``rows`` that sets the mode of ``unit`` (the cluster's where it is empty), or of the cluster."""
    for row in rows:
        kind = KINDS.get(row.command)
        if kind is not None and (kind.global_mode(row) is not None or (kind.sets_mode and row.target == unit)):
            return row
    return None
