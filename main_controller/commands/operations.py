"""The one door for every change of the plant: validate, act, report, record.

Browser, scripts and Scheduler come through here alike (specification, section 5.1; contract, sections 3 and 4). What
is refused here (errors with a 4xx status) has sent nothing and leaves no row in the ledger.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from main_controller import nodes
from main_controller.commands.asked import not_allowed
from main_controller.commands.based_on import NONE, BasedOn, Shown
from main_controller.commands.command_values import (
    GLOBAL_VALUES,
    LOCAL_VALUES,
    converter_values,
    time_shown,
    time_to_come,
)
from main_controller.commands.kind import Kinds
from main_controller.commands.outcomes import MAY_HAVE_HAPPENED, Report, gathered, outcome_of, told
from main_controller.commands.preconditions import Preconditions
from main_controller.commands.recorder import SCHEDULE, Recorder
from main_controller.errors import BadRequestError, BusyError, ConflictError, NeighbourError, StorageError
from main_controller.neighbours.control import BUDO_MODES, Budo, Converters
from main_controller.picture.data_collector import DataCollector
from main_controller.picture.freshness import UNSEEN
from main_controller.setting_table import Settings
from main_controller.storage.ledger_row import Outcome, Row
from main_controller.storage.schedule_files import OPERATIONS, Schedule, Schedules, file_name
from main_controller.threads.fan_out import fan_out

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the operations work with."""

    settings: Settings
    collector: DataCollector
    budo: Budo
    converters: Converters
    schedules: Schedules
    preconditions: Preconditions
    shown: Shown
    recorder: Recorder
    kinds: Kinds
    ups_lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to a command: HTTP status, body, and the id of its row."""

    status: int
    body: dict[str, Any]
    command_id: int
    outcome: Outcome

    def noting(self, based: BasedOn) -> "Result":
        """The same, with what had changed since the asker saw it."""
        return self if based.changed is None else replace(self, body=self.body | {"changed": based.changed})


@dataclass(frozen=True, slots=True)
class Operations:
    """Every command that changes the plant. ``origin`` says who asked: an address and what it is, or SCHEDULE."""

    parts: Parts

    # --- modes ------------------------------------------------------------------------------------------

    def set_budo_mode(self, origin: str, word: str) -> Result:
        """``/set/budo/<mode>``: the global mode by the page's words."""
        if word not in BUDO_MODES:
            raise not_allowed("mode", word, f"allowed: {', '.join(BUDO_MODES)}")
        result = self._run(origin, "set/budo", nodes.CLUSTER, {"mode": word}, lambda: self.parts.budo.set_mode(word))
        return self._without_schedule_in_force(origin, nodes.CLUSTER, result)

    def set_global_mode(self, origin: str, value: str, *, was: str | None = None) -> Result:
        """``/setOperationMode`` without unitId. ``was``: the mode that the asker saw."""
        self.parts.preconditions.only_with_apis("setOperationMode")
        if value not in GLOBAL_VALUES:  # apis-web would take nonsense as Force Stop
            raise not_allowed("value", value, f"a global mode: {', '.join(GLOBAL_VALUES)}")
        act = _succeeding(lambda: self.parts.budo.set_operation_mode(value, None))
        based = BasedOn("the global mode", was, self.parts.shown.global_mode)
        result = self._run(origin, "setOperationMode", nodes.CLUSTER, {"value": value}, act, based=based)
        return self._without_schedule_in_force(origin, nodes.CLUSTER, result)

    def set_local_mode(
        self, origin: str, unit: str, value: str, *, force: bool = False, was: str | None = None
    ) -> Result:
        """``/setOperationMode`` with unitId; an empty value clears the local mode. ``was``: the one that was seen."""
        self.parts.preconditions.only_with_apis("setOperationMode")
        if value not in LOCAL_VALUES:
            raise not_allowed("value", value, "a local mode: empty (clear), heteronomous, stop")
        act = _succeeding(lambda: self.parts.budo.set_operation_mode(value, unit))
        precondition = partial(self.parts.preconditions.known, unit, force=force)
        now = partial(self.parts.shown.local_mode, unit)
        based = BasedOn(f"the local mode of {unit[:200]}", was, now)
        result = self._run(origin, "setOperationMode", unit, {"value": value}, act, precondition, based)
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
        return replace(result, body=result.body | {"schedule": said})

    # --- converters, UPS ------------------------------------------------------------------------------------

    def set_converter(
        self, origin: str, unit: str, values: Mapping[str, str], *, force: bool = False, was: str | None = None
    ) -> Result:
        """``/set/dcdc/<id>``: ``values`` are mode, dvg, dig and perhaps drg as texts. ``was``: the status seen."""
        checked = converter_values(values, self.parts.settings)
        if not force:
            self.parts.preconditions.inactive_now()
        now = partial(self.parts.shown.converter, unit)
        based = BasedOn(f"the converter of {unit[:200]}", was, now)
        precondition = partial(self.parts.preconditions.only_manual, unit, force=force)

        def act() -> dict[str, Any]:
            ip = self.parts.collector.freshness.histories.get(unit, UNSEEN).ip
            answer = self.parts.converters.set(unit, ip, checked)
            self.parts.collector.show_answers({unit: answer})
            return answer

        return self._run(origin, "set/dcdc", unit, dict(checked), act, precondition, based)

    def set_ups(self, origin: str, mode: str) -> Result:
        """``/upsMode/<n>``: to every node's UPS in parallel; one that fails does not stop the rest."""
        if mode not in {str(number) for number in range(8)}:
            raise not_allowed("upsMode", mode, "a number from 0 to 7")
        snapshot = self.parts.collector.picture()
        addresses = {unit: history.ip for unit, history in snapshot.freshness.histories.items()}

        def one(unit: str) -> Report:
            answer, error = _tried(lambda: self.parts.converters.set_ups(unit, addresses[unit], int(mode)))
            return Report(outcome_of(error), answer, error)

        if not self.parts.ups_lock.acquire(blocking=False):
            raise BusyError("another UPS mode is just being set; try again in a moment")
        try:
            with self.parts.recorder.carried_out(origin, "upsMode", nodes.CLUSTER, {"mode": int(mode)}) as row:
                return self._ups_result(row, fan_out(addresses, one))
        finally:
            self.parts.ups_lock.release()

    def _ups_result(self, row: Row, reports: dict[str, Report]) -> Result:
        body = {unit: r.answer if r.error is None else r.error.as_answer(told(r.error)) for unit, r in reports.items()}
        outcome, status = gathered(reports.values())
        self.parts.recorder.finish(row, outcome, {unit: report.outcome for unit, report in reports.items()})
        return Result(status, body, row.id, outcome)

    # --- shutting down, flushing ----------------------------------------------------------------------------

    def shut_down(self, origin: str, unit: str | None, *, force: bool = False, was: str | None = None) -> Result:
        """``/shutDown``: the programs of one node, or of all and apis-web with them. ``was``: the mode seen."""
        self.parts.preconditions.only_with_apis("shutDown")

        def precondition() -> None:
            if unit is not None:
                self.parts.preconditions.only_manual(unit, force=force)
            elif not force:
                self.parts.preconditions.all_manual()

        def act() -> dict[str, Any]:
            self.parts.budo.shut_down(unit)
            note = "every program on the cluster's bus stops, apis-web too: no data will come from it"
            return {"succeeded": True} | ({} if unit is not None else {"note": note})

        shown = self.parts.shown
        now = shown.global_mode if unit is None else partial(shown.effective_mode, unit)
        based = BasedOn("the global mode" if unit is None else f"the mode of {unit[:200]}", was, now)
        return self._run(
            origin, "shutDown", unit or nodes.CLUSTER, {"force": True} if force else {}, act, precondition, based
        )

    def flush_cache(self, origin: str) -> Result:
        """``/flushCache``: one fresh poll."""

        def act() -> dict[str, Any]:
            return {"flushed": True, "nodes": len(self.parts.collector.refresh().nodes)}

        return self._run(origin, "flushCache", nodes.CLUSTER, {}, act)

    # --- schedules ------------------------------------------------------------------------------------------

    def set_schedule(
        self, origin: str, operation: str, unit: str, value: str | None, *, was: str | None = None
    ) -> Result:
        """``/setSchedule``: store a schedule, or clear it where there is no value. ``was``: the time that was seen."""
        self.parts.preconditions.only_with_apis("setSchedule")
        if operation not in OPERATIONS:
            raise not_allowed("operation", operation, f"allowed: {', '.join(OPERATIONS)}")
        name = file_name(unit, operation)
        if unit and unit not in self.parts.collector.freshness.histories:
            there = self.parts.schedules.read().find(unit, operation) is not None
            if value or not there:  # one that lies there can be cleared, whoever knows the node
                self.parts.preconditions.known(unit, force=True)
        schedule = None if not value else Schedule(unit, operation, time_to_come(value))
        told_value = None if schedule is None else schedule.at.isoformat()
        values = {"operation": operation, "value": told_value}

        def now() -> str:
            there = self.parts.schedules.at(unit, operation)
            return NONE if there is None else there.isoformat()

        based = BasedOn(f"the schedule of {unit[:200] or 'the cluster'}", time_shown(was, NONE), now)
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
                return Result(error.status, error.as_answer(), row.id, "failed")
            except ConflictError as error:  # somebody else was a moment sooner
                self.parts.recorder.finish(row, "refused", str(error))
                return Result(error.status, error.as_answer(), row.id, "refused")
            return self._end(row, {"succeeded": True}, None)

    # --- what all share -------------------------------------------------------------------------------------

    def _run(
        self,
        origin: str,
        command: str,
        target: str,
        values: dict[str, Any],
        act: Callable[[], dict[str, Any]],
        precondition: Callable[[], None] | None = None,
        based: BasedOn | None = None,
    ) -> Result:
        based = based or BasedOn()
        based.only_stops = self.parts.kinds.only_stops(command, values)

        def all_preconditions() -> None:
            if precondition is not None:
                precondition()
            based.check()

        with self.parts.recorder.carried_out(origin, command, target, values, all_preconditions) as row:
            result = self._end(row, *_tried(act))
        return result.noting(based)

    def _end(self, row: Row, answer: Any, error: NeighbourError | None) -> Result:
        outcome = outcome_of(error)
        if error is None:
            self.parts.recorder.finish(row, outcome, answer)
            return Result(200, answer, row.id, outcome)
        self.parts.recorder.finish(row, outcome, told(error))
        return Result(error.status, error.as_answer(told(error)), row.id, outcome)


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
