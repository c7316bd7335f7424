"""The one door for every change of the plant: validate, act, report, record.

Browser, scripts and Scheduler come through here alike (specification, section 5.1; contract, sections 3 and 4). What
is refused here (errors with a 4xx status) has sent nothing and leaves no row in the ledger.
"""

import logging
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from main_controller import nodes
from main_controller.data_collector import DataCollector
from main_controller.errors import BadRequestError, BusyError, ConflictError, NeighbourError
from main_controller.fan_out import fan_out
from main_controller.freshness import UNSEEN
from main_controller.gates import NONE, Gates, changed_since
from main_controller.ledger_row import Outcome, Row
from main_controller.neighbours.control import BUDO_MODES, Budo, Converters
from main_controller.observer import MAY_HAVE_HAPPENED
from main_controller.outcomes import Report, gathered, outcome_of, told
from main_controller.recorder import SCHEDULE, Recorder
from main_controller.schedules import (
    CLUSTER,
    OPERATIONS,
    PAST_TOLERANCE,
    Schedule,
    Schedules,
    StorageError,
    file_name,
    parse_time,
)
from main_controller.settings import Settings

_log = logging.getLogger(__name__)

_PLAIN_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
GLOBAL_VALUES = ("autonomous", "heteronomous", "stop", "manual")
LOCAL_VALUES = ("", "heteronomous", "stop")
CONVERTER_MODES = (nodes.WAIT, nodes.CV, nodes.CC_CHARGE, nodes.CC_DISCHARGE)
_STOPPING = frozenset({"stop", "heteronomous"})  # what only stops is never refused
WAIT_VALUES = {"mode": nodes.WAIT, "dvg": "350", "dig": "2"}


@dataclass(frozen=True, slots=True)
class Parts:
    """What the operations work with."""

    settings: Settings
    collector: DataCollector
    budo: Budo
    converters: Converters
    schedules: Schedules
    gates: Gates
    recorder: Recorder
    ups_lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to a command: HTTP status, body, and the id of its row."""

    status: int
    body: dict[str, Any]
    command_id: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Operations:
    """Every command that changes the plant. ``origin`` says who asked: an address and what it is, or SCHEDULE."""

    parts: Parts

    # --- modes ------------------------------------------------------------------------------------------

    def set_budo_mode(self, origin: str, word: str) -> Result:
        """``/set/budo/<mode>``: the global mode by the page's words."""
        if word not in BUDO_MODES:
            raise BadRequestError(f"mode: {word[:80]!r} is not allowed; allowed: {', '.join(BUDO_MODES)}")
        result = self._run(origin, "set/budo", CLUSTER, {"mode": word}, lambda: self.parts.budo.set_mode(word))
        return self._without_schedule_in_force(origin, CLUSTER, result)

    def set_global_mode(self, origin: str, value: str, *, was: str | None = None) -> Result:
        """``/setOperationMode`` without unitId. ``was``: the mode that the asker saw."""
        self.parts.gates.only_with_apis("setOperationMode")
        if value not in GLOBAL_VALUES:  # apis-web would take nonsense as Force Stop
            raise BadRequestError(f"value: {value[:80]!r} is no global mode; allowed: {', '.join(GLOBAL_VALUES)}")
        act = _succeeding(lambda: self.parts.budo.set_operation_mode(value, None))
        based = _Based("the global mode", was, self.parts.gates.global_mode, stops=value in _STOPPING)
        result = self._run(origin, "setOperationMode", CLUSTER, {"value": value}, act, based=based)
        return self._without_schedule_in_force(origin, CLUSTER, result)

    def set_local_mode(
        self, origin: str, unit: str, value: str, *, force: bool = False, was: str | None = None
    ) -> Result:
        """``/setOperationMode`` with unitId; an empty value clears the local mode. ``was``: the one that was seen."""
        self.parts.gates.only_with_apis("setOperationMode")
        if value not in LOCAL_VALUES:
            raise BadRequestError(f"value: {value[:80]!r} is no local mode; allowed: empty (clear), heteronomous, stop")
        act = _succeeding(lambda: self.parts.budo.set_operation_mode(value, unit))
        gate = partial(self.parts.gates.known, unit, force=force)
        now = partial(self.parts.gates.local_mode, unit)
        based = _Based(f"the local mode of {unit[:200]}", was, now, stops=value in _STOPPING)
        result = self._run(origin, "setOperationMode", unit, {"value": value}, act, gate, based)
        return self._without_schedule_in_force(origin, unit, result)

    def _without_schedule_in_force(self, origin: str, unit: str, result: Result) -> Result:
        """An operator's mode ends the schedule in force for the same target; one still to come stays."""
        if origin == SCHEDULE or result.outcome not in MAY_HAVE_HAPPENED:
            return result
        try:
            schedule = self.parts.schedules.read().find(unit)
            if schedule is None or schedule.at > datetime.now(UTC) or not self.parts.schedules.end(schedule):
                return result
            said = f"the Soft Stop schedule in force since {schedule.at.isoformat()} was deleted"
        except (StorageError, BadRequestError) as error:
            said = f"a Soft Stop schedule in force could not be deleted: {error}"
        _log.info("%s: %s", unit or "cluster", said)
        return Result(result.status, result.body | {"schedule": said}, result.command_id, result.outcome)

    # --- converters, UPS ------------------------------------------------------------------------------------

    def set_converter(
        self, origin: str, unit: str, values: Mapping[str, str], *, force: bool = False, was: str | None = None
    ) -> Result:
        """``/set/dcdc/<id>``: ``values`` are mode, dvg, dig and perhaps drg as texts. ``was``: the status seen."""
        checked = self._converter_values(values)
        if not force:
            self.parts.gates.inactive_now()
        now = partial(self.parts.gates.converter, unit)
        based = _Based(f"the converter of {unit[:200]}", was, now, stops=checked["mode"] == nodes.WAIT)
        gate = based.after(partial(self.parts.gates.only_manual, unit, force=force))
        with self.parts.recorder.carried_out(origin, "set/dcdc", unit, dict(checked), gate) as row:
            ip = self.parts.collector.freshness.histories.get(unit, UNSEEN).ip
            answer, error = _tried(lambda: self.parts.converters.set(unit, ip, checked))
            if error is None:
                self.parts.collector.hold({unit: answer})
            return based.told(self._end(row, answer, error))

    def _converter_values(self, values: Mapping[str, str]) -> dict[str, str]:
        mode = values.get("mode", "")
        if mode not in CONVERTER_MODES:
            raise BadRequestError(f"mode: {mode[:80]!r} is not allowed; allowed: {', '.join(CONVERTER_MODES)}")
        given = (WAIT_VALUES if mode == nodes.WAIT else {}) | dict(values)
        limits = {"dvg": self.parts.settings.dvg_max, "dig": self.parts.settings.dig_max, "drg": 100.0}
        checked = {"mode": mode}
        for name, highest in limits.items():
            if name not in given:
                if name == "drg":
                    continue
                raise BadRequestError(f"{name}: missing; a number from 0 to {highest:g} is needed")
            number = float(given[name]) if _PLAIN_NUMBER.fullmatch(given[name]) else None
            if number is None or number > highest:
                raise BadRequestError(f"{name}: {given[name][:80]!r} is not allowed; a number from 0 to {highest:g}")
            checked[name] = f"{number:.10g}"
        return checked

    def set_ups(self, origin: str, mode: str) -> Result:
        """``/upsMode/<n>``: to every node's UPS in parallel; one that fails does not stop the rest."""
        if mode not in {str(number) for number in range(8)}:
            raise BadRequestError(f"upsMode: {mode[:80]!r} is not allowed; a number from 0 to 7")
        snapshot = self.parts.collector.picture()
        addresses = {unit: history.ip for unit, history in snapshot.freshness.histories.items()}

        def one(unit: str) -> Report:
            answer, error = _tried(lambda: self.parts.converters.set_ups(unit, addresses[unit], int(mode)))
            return Report(outcome_of(error), answer, error)

        if not self.parts.ups_lock.acquire(blocking=False):
            raise BusyError("another UPS mode is just being set; try again in a moment")
        try:
            with self.parts.recorder.carried_out(origin, "upsMode", CLUSTER, {"mode": int(mode)}) as row:
                return self._ups_result(row, fan_out(addresses, one))
        finally:
            self.parts.ups_lock.release()

    def _ups_result(self, row: Row, reports: dict[str, Report]) -> Result:
        body = {unit: r.answer if r.error is None else {"error": told(r.error)} for unit, r in reports.items()}
        outcome, status = gathered(reports.values())
        self.parts.recorder.finish(row, outcome, {unit: report.outcome for unit, report in reports.items()})
        return Result(status, body, row.id, outcome)

    # --- shutting down, flushing ----------------------------------------------------------------------------

    def shut_down(self, origin: str, unit: str | None, *, force: bool = False, was: str | None = None) -> Result:
        """``/shutDown``: the programs of one node, or of all and apis-web with them. ``was``: the mode seen."""
        self.parts.gates.only_with_apis("shutDown")

        def gate() -> None:
            if unit is not None:
                self.parts.gates.only_manual(unit, force=force)
            elif not force:
                self.parts.gates.all_manual()

        def act() -> dict[str, Any]:
            self.parts.budo.shut_down(unit)
            note = "every program on the cluster's bus stops, apis-web too: no data will come from it"
            return {"succeeded": True} | ({} if unit is not None else {"note": note})

        gates = self.parts.gates
        now = gates.global_mode if unit is None else partial(gates.effective_mode, unit)
        based = _Based("the global mode" if unit is None else f"the mode of {unit[:200]}", was, now)
        return self._run(origin, "shutDown", unit or CLUSTER, {"force": True} if force else {}, act, gate, based)

    def flush_cache(self, origin: str) -> Result:
        """``/flushCache``: one fresh poll."""

        def act() -> dict[str, Any]:
            return {"flushed": True, "nodes": len(self.parts.collector.refresh().nodes)}

        return self._run(origin, "flushCache", CLUSTER, {}, act)

    # --- schedules ------------------------------------------------------------------------------------------

    def set_schedule(
        self, origin: str, operation: str, unit: str, value: str | None, *, was: str | None = None
    ) -> Result:
        """``/setSchedule``: store a schedule, or clear it where there is no value. ``was``: the time that was seen."""
        self.parts.gates.only_with_apis("setSchedule")
        if operation not in OPERATIONS:
            raise BadRequestError(f"operation: {operation[:80]!r} is not allowed; allowed: {', '.join(OPERATIONS)}")
        name = file_name(unit, operation)
        if unit and unit not in self.parts.collector.freshness.histories:
            there = self.parts.schedules.read().find(unit, operation) is not None
            if value or not there:  # one that lies there can be cleared, whoever knows the node
                self.parts.gates.known(unit, force=True)
        schedule = None if not value else Schedule(unit, operation, _time_to_come(value))
        told_value = None if schedule is None else schedule.at.isoformat()
        values = {"operation": operation, "value": told_value}

        def now() -> str:
            there = self.parts.schedules.at(unit, operation)
            return NONE if there is None else there.isoformat()

        based = _Based(f"the schedule of {unit[:200] or 'the cluster'}", _same_time(was), now)
        based.check()
        with self.parts.recorder.carried_out(origin, "setSchedule", unit, values) as row:
            try:
                if schedule is None:
                    self.parts.schedules.delete(unit, operation, based.check)
                else:
                    self.parts.schedules.write(schedule, based.check)
            except StorageError as error:
                _log.error("schedule %r: %s", name, error)
                self.parts.recorder.finish(row, "failed", str(error))
                return Result(error.status, {"error": str(error)}, row.id, "failed")
            except ConflictError as error:  # somebody else was a moment sooner
                self.parts.recorder.finish(row, "refused", str(error))
                return Result(error.status, {"error": str(error)}, row.id, "refused")
            return self._end(row, {"succeeded": True}, None)

    # --- what all share -------------------------------------------------------------------------------------

    def _run(
        self,
        origin: str,
        command: str,
        target: str,
        values: dict[str, Any],
        act: Callable[[], dict[str, Any]],
        gate: Callable[[], None] | None = None,
        based: "_Based | None" = None,
    ) -> Result:
        if based is None:
            based = _Based("", None, str)
        with self.parts.recorder.carried_out(origin, command, target, values, based.after(gate)) as row:
            return based.told(self._end(row, *_tried(act)))

    def _end(self, row: Row, answer: Any, error: NeighbourError | None) -> Result:
        outcome = outcome_of(error)
        if error is None:
            self.parts.recorder.finish(row, outcome, answer)
            return Result(200, answer, row.id, outcome)
        self.parts.recorder.finish(row, outcome, told(error))
        return Result(error.status, {"error": told(error)}, row.id, outcome)


@dataclass(slots=True)
class _Based:
    """What a command was based on: what the asker saw of ``what`` (None: not said), and what it is ``now()``.

    A command that only stops is never refused for that; its answer says what had changed.
    """

    what: str
    was: str | None
    now: Callable[[], str]
    stops: bool = False
    changed: str | None = None

    def after(self, gate: Callable[[], None] | None) -> Callable[[], None]:
        """The whole gate; raises ConflictError where something has changed."""

        def whole() -> None:
            if gate is not None:
                gate()
            self.check()

        return whole

    def check(self) -> None:
        """Raises ConflictError where something has changed."""
        if self.was is None:
            return
        self.changed = changed_since(self.what, self.was, self.now())
        if self.changed is not None and not self.stops:
            raise ConflictError(f"{self.changed}; nothing was sent")

    def told(self, result: Result) -> Result:
        """The answer, with what had changed."""
        if self.changed is None:
            return result
        return Result(result.status, result.body | {"changed": self.changed}, result.command_id, result.outcome)


def _same_time(was: str | None) -> str | None:
    """The time of a schedule as it is compared; raises BadRequestError for what is neither one nor NONE."""
    if was is None or was == NONE:
        return was
    try:
        return parse_time(was).isoformat()
    except ValueError as error:
        raise BadRequestError(f"was: {error}, or {NONE}") from error


def _succeeding(act: Callable[[], None]) -> Callable[[], dict[str, Any]]:
    def acting() -> dict[str, Any]:
        act()
        return {"succeeded": True}

    return acting


def _tried(act: Callable[[], Any]) -> tuple[Any, NeighbourError | None]:
    try:
        return act(), None
    except NeighbourError as error:
        return None, error


def _time_to_come(value: str) -> datetime:
    try:
        at = parse_time(value)
    except ValueError as error:
        raise BadRequestError(f"value: {error}") from error
    if at < datetime.now(UTC) - PAST_TOLERANCE:
        raise BadRequestError(f"value: {value[:80]!r} is in the past")
    return at
