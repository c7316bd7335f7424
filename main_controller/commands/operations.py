"""How each command changes the plant: act once, report, record.

Each method gets an order that came through ``Door``. An error with a 4xx status that it raises has sent nothing and
leaves no row in the ledger. (specification, section 5.1; contract, sections 3 and 4)
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from main_controller import nodes
from main_controller.commands.asked import Order
from main_controller.commands.based_on import BasedOn, Shown
from main_controller.commands.kind import Kinds
from main_controller.commands.outcomes import MAY_HAVE_HAPPENED, Note, Report, Result, gathered, outcome_of, worded
from main_controller.commands.preconditions import Preconditions
from main_controller.commands.recorder import SCHEDULE, Recorder
from main_controller.errors import BadRequestError, BusyError, ConflictError, NeighbourError, StorageError
from main_controller.neighbours.control import Budo, Converters
from main_controller.picture.data_collector import DataCollector
from main_controller.picture.freshness import UNSEEN
from main_controller.storage.ledger_row import Row
from main_controller.storage.schedule_files import Schedule, Schedules
from main_controller.threads.fan_out import fan_out

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the operations work with."""

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
class Operations:
    """Every command that changes the plant, but Stop all."""

    parts: Parts

    def run(self, order: Order, values: dict[str, Any], act: Callable[[], dict[str, Any]]) -> Result:
        """Carry out one command: let in and recorded with ``values``, sent by ``act``, which gives its answer.

        Raises ConflictError or NotFoundError where it may not be sent.
        """
        based = self._based_on(order, values)

        def precondition() -> None:
            self.parts.preconditions.at_once(order)
            based.check()

        with self.parts.recorder.carried_out(order.origin, order.command, order.target, values, precondition) as row:
            result = self._end(row, *_tried(act))
        return result if based.changed is None else result.noting("changed", *based.changed)

    def _based_on(self, order: Order, values: dict[str, Any]) -> BasedOn:
        kind = self.parts.kinds.of(order.command)
        return self.parts.shown.based_on(order, kind.basis(order.target), only_stops=kind.is_stop(values))

    def _end(self, row: Row, answer: Any, error: NeighbourError | None) -> Result:
        outcome = outcome_of(error)
        if error is None:
            self.parts.recorder.finish(row, outcome, answer)
            return Result(200, answer, row.id, outcome)
        self.parts.recorder.finish(row, outcome, worded(error), error)
        return Result(error.status, error.as_answer(worded(error)), row.id, outcome)

    # --- modes ------------------------------------------------------------------------------------------

    def set_budo_mode(self, order: Order) -> Result:
        """``/set/budo/<mode>``: the global mode by the page's words."""
        word = order.values["mode"]
        result = self.run(order, {"mode": word}, lambda: self.parts.budo.set_mode(word))
        return self._without_schedule_in_force(order, result)

    def set_operation_mode(self, order: Order) -> Result:
        """``/setOperationMode``: the global mode, or of a node the local one, which an empty value clears."""
        value = order.values["value"]

        def act() -> dict[str, Any]:
            self.parts.budo.set_operation_mode(value, order.unit)
            return {"succeeded": True}

        return self._without_schedule_in_force(order, self.run(order, {"value": value}, act))

    def _without_schedule_in_force(self, order: Order, result: Result) -> Result:
        """An operator's mode ends the schedule in force for the same target; one still to come stays."""
        if order.origin == SCHEDULE or result.outcome not in MAY_HAVE_HAPPENED:
            return result
        try:
            schedule = self.parts.schedules.read().find(order.target)
            if schedule is None or schedule.at > datetime.now(UTC) or not self.parts.schedules.end(schedule):
                return result
            since = schedule.at.isoformat()
            sentence = f"the Soft Stop schedule in force since {since} was deleted"
            note = Note("schedule_deleted", {"node": order.target, "since": since})
        except (StorageError, BadRequestError) as error:
            sentence = f"a Soft Stop schedule in force could not be deleted: {error}"
            note = Note("schedule_not_deleted", {"node": order.target, "error": error.as_answer()})
        _log.info("%s: %s", nodes.who(order.target), sentence)
        return result.noting("schedule", sentence, note)

    # --- converters, UPS ------------------------------------------------------------------------------------

    def set_converter(self, order: Order) -> Result:
        """``/set/dcdc/<id>``: mode, dvg (V), dig (A) and perhaps drg (%)."""
        unit = order.target
        values = {name: order.values[name] for name in ("mode", "dvg", "dig", "drg") if name in order.values}

        def act() -> dict[str, Any]:
            ip = self.parts.collector.freshness.histories.get(unit, UNSEEN).ip
            answer = self.parts.converters.set(unit, ip, values)
            self.parts.collector.show_answers({unit: answer})
            return answer

        return self.run(order, values, act)

    def set_ups(self, order: Order) -> Result:
        """``/upsMode/<n>``: to every node's UPS in parallel; one that fails does not stop the rest."""
        mode = order.values["upsMode"]
        snapshot = self.parts.collector.picture()
        addresses = {unit: history.ip for unit, history in snapshot.freshness.histories.items()}

        def one(unit: str) -> Report:
            answer, error = _tried(lambda: self.parts.converters.set_ups(unit, addresses[unit], mode))
            return Report(outcome_of(error), answer, error)

        if not self.parts.ups_lock.acquire(blocking=False):
            raise BusyError("another UPS mode is just being set; try again in a moment")
        try:
            with self.parts.recorder.carried_out(order.origin, order.command, order.target, {"mode": mode}) as row:
                return self._ups_result(row, fan_out(addresses, one))
        finally:
            self.parts.ups_lock.release()

    def _ups_result(self, row: Row, reports: dict[str, Report]) -> Result:
        body = {
            unit: one.answer if one.error is None else one.error.as_answer(worded(one.error))
            for unit, one in reports.items()
        }
        outcome, status, error = gathered(reports.values())
        self.parts.recorder.finish(row, outcome, {unit: one.outcome for unit, one in reports.items()}, error)
        return Result(status, body, row.id, outcome)

    # --- shutting down, flushing ----------------------------------------------------------------------------

    def shut_down(self, order: Order) -> Result:
        """``/shutDown``: the programs of one node, or of all and apis-web with them."""

        def act() -> dict[str, Any]:
            self.parts.budo.shut_down(order.unit)
            if order.unit is not None:
                return {"succeeded": True}
            sentence = "every program on the cluster's bus stops, apis-web too: no data will come from it"
            return {"succeeded": True, "note": sentence, "notes": [Note("all_programs_stop", {}).as_answer()]}

        return self.run(order, {"force": True} if order.force else {}, act)

    def flush_cache(self, order: Order) -> Result:
        """``/flushCache``: one fresh poll."""
        return self.run(order, {}, lambda: {"flushed": True, "nodes": len(self.parts.collector.refresh().nodes)})

    # --- schedules ------------------------------------------------------------------------------------------

    def set_schedule(self, order: Order) -> Result:
        """``/setSchedule``: store a schedule, or clear it where there is no value."""
        operation, at = order.values["operation"], order.values.get("value")
        values = {"operation": operation, "value": None if at is None else at.isoformat()}
        based = self._based_on(order, values)
        based.check()
        with self.parts.recorder.carried_out(order.origin, order.command, order.target, values) as row:
            try:
                if at is None:
                    self.parts.schedules.delete(order.target, operation, based.check)
                else:
                    self.parts.schedules.write(Schedule(order.target, operation, at), based.check)
            except (StorageError, ConflictError) as error:  # of the latter: somebody else was a moment sooner
                is_refused = isinstance(error, ConflictError)
                if not is_refused:
                    _log.error("schedule of %s: %s", nodes.who(order.target), error)
                self.parts.recorder.finish(row, "refused" if is_refused else "failed", str(error), error)
                return Result(error.status, error.as_answer(), row.id, "refused" if is_refused else "failed")
            return self._end(row, {"succeeded": True}, None)


def _tried(act: Callable[[], Any]) -> tuple[Any, NeighbourError | None]:
    try:
        return act(), None
    except NeighbourError as error:
        return None, error
