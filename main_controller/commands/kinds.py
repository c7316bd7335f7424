"""The table of all commands: what each is called, takes, sends, shows, and by what it is overtaken.

Routes, parameter checks, the observer, Stop all's follow-up and the Scheduler follow from it. A new command is an entry
here and a method in operations.py.
"""

from dataclasses import dataclass

from main_controller import nodes
from main_controller.commands.asked import Asked
from main_controller.commands.command_values import STOPPING_VALUES
from main_controller.commands.kind import Kind, Kinds
from main_controller.commands.operations import Operations, Result
from main_controller.commands.seen import all_stopped, converter_as_set, gone, mode_as_set
from main_controller.commands.stop_all import StopAll
from main_controller.errors import BadRequestError
from main_controller.neighbours.control import BUDO_MODES
from main_controller.storage.ledger_row import Row


@dataclass(frozen=True, slots=True)
class Doors:
    """What carries commands out."""

    operations: Operations
    stop_all: StopAll


# --- which global mode a row sets ---------------------------------------------------------------------------------


def _budo_mode(row: Row) -> str | None:
    return BUDO_MODES.get(str(row.values.get("mode")))


def _operation_mode(row: Row) -> str | None:
    return None if row.target else str(row.values.get("value"))


def _stop_mode(row: Row) -> str | None:
    return nodes.FORCE_STOP if row.values.get("budo") else None


def _mode_of(row: Row) -> str | None:
    return Kinds(KINDS).global_mode(row)


# --- by what a command is overtaken -----------------------------------------------------------------------------


def _mode_overtaken(later: Row, earlier: Row) -> bool:
    if earlier.target:
        return later.command == earlier.command and later.target == earlier.target
    return _mode_of(later) is not None


def _converter_overtaken(later: Row, earlier: Row) -> bool:
    return later.command == "stopAll" or (later.command == earlier.command and later.target == earlier.target)


def _stop_all_overtaken(later: Row, _: Row) -> bool:
    sets_mode = _mode_of(later) not in {None, nodes.FORCE_STOP}
    return later.command in {"stopAll", "set/dcdc"} or sets_mode


# --- how a command is carried out -------------------------------------------------------------------------------


def _set_budo_mode(doors: Doors, asked: Asked) -> Result:
    return doors.operations.set_budo_mode(asked.origin, asked.values["mode"])


def _set_operation_mode(doors: Doors, asked: Asked) -> Result:
    unit, force, value = asked.unit(), asked.force(), asked.values["value"]
    if unit is None:
        if force:
            raise BadRequestError("force: only with unitId", "force_without_unit")
        return doors.operations.set_global_mode(asked.origin, value, was=asked.was)
    return doors.operations.set_local_mode(asked.origin, unit, value, force=force, was=asked.was)


def _set_converter(doors: Doors, asked: Asked) -> Result:
    values = {name: asked.values[name] for name in ("mode", "dvg", "dig", "drg") if name in asked.values}
    unit = asked.values["node_id"]
    return doors.operations.set_converter(asked.origin, unit, values, force=asked.force(), was=asked.was)


def _set_schedule(doors: Doors, asked: Asked) -> Result:
    operation, unit = asked.values["operation"], asked.values.get("unitId", nodes.CLUSTER)
    return doors.operations.set_schedule(asked.origin, operation, unit, asked.values.get("value"), was=asked.was)


def _stop_all(doors: Doors, asked: Asked) -> Result:
    return doors.stop_all.stop_all(asked.origin, asked.was)


def _shut_down(doors: Doors, asked: Asked) -> Result:
    return doors.operations.shut_down(asked.origin, asked.unit(), force=asked.force(), was=asked.was)


def _flush_cache(doors: Doors, asked: Asked) -> Result:
    return doors.operations.flush_cache(asked.origin)


def _set_ups(doors: Doors, asked: Asked) -> Result:
    return doors.operations.set_ups(asked.origin, asked.values["mode"])


KINDS: dict[str, Kind] = {
    kind.command: kind
    for kind in (
        Kind(
            "set/budo",
            "/set/budo/<mode>",
            _set_budo_mode,
            global_mode=_budo_mode,
            look=lambda row, view: mode_as_set(row, view, _budo_mode(row)),
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
            global_mode=_operation_mode,
            look=lambda row, view: mode_as_set(row, view, _operation_mode(row)),
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
            _stop_all,
            ("was",),
            global_mode=_stop_mode,
            look=all_stopped,
            overtaken=_stop_all_overtaken,
            only_stops=lambda _: True,
            is_urgent=True,
        ),
        Kind(
            "shutDown",
            "/shutDown",
            _shut_down,
            ("unitId", "force", "was"),
            look=gone,
            changes_node=True,
        ),
        Kind("flushCache", "/flushCache", _flush_cache),
        Kind(
            "upsMode",
            "/upsMode/<mode>",
            _set_ups,
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
