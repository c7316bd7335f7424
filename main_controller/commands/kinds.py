"""The table of all commands: what each is called, takes, needs, sends, shows, and by what it is superseded.

Routes, parameter checks, preconditions, the ledger, the observer, Stop all's follow-up, the Scheduler and the README's
tables follow from it. A new command is an entry here and a method in operations.py.
"""

from main_controller import nodes
from main_controller.commands.asked import Asked
from main_controller.commands.door import Door
from main_controller.commands.kind import By, Kind, Need
from main_controller.commands.outcomes import Result
from main_controller.commands.parameters import (
    UNIT,
    Basis,
    Boolean,
    NodeId,
    Number,
    OneOf,
    TimeToCome,
    Was,
    Whole,
)
from main_controller.commands.recorder import SCHEDULE
from main_controller.commands.seen import all_stopped, converter_as_set, gone, mode_as_set
from main_controller.commands.stop_all import WAIT_VALUES
from main_controller.neighbours.control import BUDO_MODES
from main_controller.storage.ledger_row import Row
from main_controller.storage.schedule_files import OPERATIONS

GLOBAL_VALUES = (nodes.RUN, nodes.SOFT_STOP, nodes.FORCE_STOP, nodes.MANUAL)
LOCAL_VALUES = ("", nodes.SOFT_STOP, nodes.FORCE_STOP)
STOPPING_VALUES = (nodes.SOFT_STOP, nodes.FORCE_STOP)
CONVERTER_MODES = (nodes.WAIT, nodes.CV, nodes.CC_CHARGE, nodes.CC_DISCHARGE)


# --- which global mode a row sets ---------------------------------------------------------------------------------


def _budo_mode(row: Row) -> str | None:
    return BUDO_MODES.get(str(row.values.get("mode")))


def _operation_mode(row: Row) -> str | None:
    return str(row.values.get("value")) if row.target == nodes.CLUSTER else None


def _stop_mode(row: Row) -> str | None:
    return nodes.FORCE_STOP if row.values.get("budo") else None


SET_BUDO = Kind(
    "set/budo",
    "/set/budo/<mode>",
    lambda door, order: door.operations.set_budo_mode(order),
    (OneOf("mode", required=True, values=tuple(BUDO_MODES)),),
    global_mode=_budo_mode,
    look=lambda row, view: mode_as_set(row, view, _budo_mode(row)),
    superseded_by=frozenset({By.MODE}),
    only_stops={"mode": tuple(word for word, mode in BUDO_MODES.items() if mode in STOPPING_VALUES)},
    sets_mode=True,
)
SET_OPERATION_MODE = Kind(
    "setOperationMode",
    "/setOperationMode",
    lambda door, order: door.operations.set_operation_mode(order),
    (
        NodeId(UNIT),
        Boolean("force", of_node=True),
        OneOf(
            "value",
            required=True,
            values=GLOBAL_VALUES,  # apis-web would take nonsense as Force Stop
            words="a global mode",
            of_node=LOCAL_VALUES,
            node_words="a local mode",
        ),
        Was(of_cluster=Basis.GLOBAL_MODE, of_node=Basis.LOCAL_MODE),
    ),
    needs=(Need.ONLY_WITH_APIS,),
    node_needs=(Need.KNOWN,),
    global_mode=_operation_mode,
    look=lambda row, view: mode_as_set(row, view, _operation_mode(row)),
    superseded_by=frozenset({By.MODE}),
    only_stops={"value": STOPPING_VALUES},
    sets_mode=True,
    changes_node=True,
)
SET_CONVERTER = Kind(
    "set/dcdc",
    "/set/dcdc/<node_id>",
    lambda door, order: door.operations.set_converter(order),
    (
        NodeId("node_id", required=True),
        Boolean("force"),
        OneOf("mode", required=True, values=CONVERTER_MODES, left_out=""),  # which is refused like any other text
        Number("dvg", required=True, highest="dvg_max", unit="V", left_out={nodes.WAIT: WAIT_VALUES["dvg"]}),
        Number("dig", required=True, highest="dig_max", unit="A", left_out={nodes.WAIT: WAIT_VALUES["dig"]}),
        Number("drg", highest=100.0, unit="%"),
        Was(of_node=Basis.CONVERTER),
    ),
    needs=(Need.INACTIVE_NOW, Need.ONLY_MANUAL),
    look=converter_as_set,
    superseded_by=frozenset({By.CONVERTER}),
    only_stops={"mode": (nodes.WAIT,)},
    sets_converter=True,
    changes_node=True,
)
STOP_ALL = Kind(
    "stopAll",
    "/stopAll",
    lambda door, order: door.stop_all.stop_all(order),
    (Was(of_cluster=Basis.GLOBAL_MODE),),
    global_mode=_stop_mode,
    look=all_stopped,
    superseded_by=frozenset({By.CONVERTER, By.RUNNING_MODE}),
    only_stops=True,
    stops_all=True,
    is_urgent=True,
    sets_converter=True,
)
SHUT_DOWN = Kind(
    "shutDown",
    "/shutDown",
    lambda door, order: door.operations.shut_down(order),
    (NodeId(UNIT), Boolean("force"), Was(of_cluster=Basis.GLOBAL_MODE, of_node=Basis.EFFECTIVE_MODE)),
    needs=(Need.ONLY_WITH_APIS,),
    node_needs=(Need.ONLY_MANUAL,),
    cluster_needs=(Need.ALL_MANUAL,),
    look=gone,
    changes_node=True,
)
FLUSH_CACHE = Kind("flushCache", "/flushCache", lambda door, order: door.operations.flush_cache(order))
SET_UPS = Kind(
    "upsMode",
    "/upsMode/<upsMode>",
    lambda door, order: door.operations.set_ups(order),
    (Whole("upsMode", required=True, lowest=0, highest=7),),
)
SET_SCHEDULE = Kind(
    "setSchedule",
    "/setSchedule",
    lambda door, order: door.operations.set_schedule(order),
    (
        OneOf("operation", required=True, values=tuple(sorted(OPERATIONS))),
        NodeId(UNIT, may_be_empty=True, names_file=True),
        TimeToCome("value"),
        Was(of_cluster=Basis.SCHEDULE, of_node=Basis.SCHEDULE),
    ),
    needs=(Need.ONLY_WITH_APIS, Need.KNOWN_OR_CLEARED),
)

KINDS: dict[str, Kind] = {
    kind.command: kind
    for kind in (
        SET_BUDO,
        SET_OPERATION_MODE,
        SET_CONVERTER,
        STOP_ALL,
        SHUT_DOWN,
        FLUSH_CACHE,
        SET_UPS,
        SET_SCHEDULE,
    )
}


def soft_stop(door: Door, target: str) -> Result:
    """What the Scheduler asks for when a Soft Stop of ``target`` is due; raises what ``carry_out`` raises."""
    unit = {} if target == nodes.CLUSTER else {UNIT: target}
    return door.carry_out(SET_OPERATION_MODE, Asked(SCHEDULE, {"value": nodes.SOFT_STOP} | unit))
