"""The Scheduler: carries out due schedules (specification, section 4.2.3; contract, section 5)."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from main_controller import nodes
from main_controller.commands.kind import Kinds
from main_controller.commands.outcomes import MAY_HAVE_HAPPENED, Result
from main_controller.commands.recorder import SCHEDULE
from main_controller.commands.schedule_states import (
    IN_FORCE,
    NOT_SENT_YET,
    TO_COME,
    ScheduleState,
    date_jumped,
    mode_under_way,
    not_accepted,
    without_data,
)
from main_controller.errors import MainControllerError, StorageError
from main_controller.picture.data_collector import DataCollector
from main_controller.runtime.date_watch import DateWatch
from main_controller.storage.ledger import Ledger
from main_controller.storage.ledger_row import Row, RowState
from main_controller.storage.schedule_files import Schedule, Schedules, due
from main_controller.threads.daemon import Daemon

_log = logging.getLogger(__name__)

AGAIN_AFTER_S = 30.0
FORGET_EVERY_S = 3600.0
LONGEST_STEP_S = 2.0
WARNING_S = 60.0
_SENT_AND_DONE_WITH = frozenset({RowState.OBSERVED, RowState.SUPERSEDED})


@dataclass(slots=True)
class _Memory:
    """What the Scheduler remembers of one schedule: when it was last sent, and whether sending goes wrong."""

    sent_at_s: float | None = None
    command_id: int | None = None
    failing: bool = False
    looked_at_s: float = 0.0
    state: ScheduleState = NOT_SENT_YET


def _turn(item: tuple[Schedule, _Memory]) -> tuple[bool, float]:
    schedule, memory = item
    return schedule.unit != nodes.CLUSTER, memory.looked_at_s


def _who(schedule: Schedule) -> str:
    return "the cluster" if schedule.unit == nodes.CLUSTER else schedule.unit


@dataclass(frozen=True, slots=True)
class SchedulerParts:
    """What the Scheduler works with; ``apis``: whether there is an apis-web, whose schedules they are.

    ``soft_stop`` sends the Soft Stop of a node or of the cluster.
    """

    soft_stop: Callable[[str], Result]
    schedules: Schedules
    collector: DataCollector
    ledger: Ledger
    dates: DateWatch
    kinds: Kinds
    apis: bool


class Scheduler(Daemon):
    """Looks every ``schedulerInterval`` at what is due; a due Soft Stop stays in force until an operator ends it."""

    def __init__(self, interval_s: float, parts: SchedulerParts) -> None:
        super().__init__("scheduler", interval_s)
        self._parts = parts
        self._memories: dict[Schedule, _Memory] = {}
        self._unreadable = False
        self._forget_at_s = 0.0
        self._newest = parts.ledger.newest_at()
        self._jump_to_announce: tuple[datetime, timedelta] | None = None
        self._delayed_until_s = 0.0
        self._delayed: frozenset[Schedule] = frozenset()
        self._jump = timedelta(0)
        self._now_s = 0.0

    def start(self) -> None:
        """Sweep what a cut-off write left, and start."""
        self._parts.schedules.sweep()
        super().start()

    def step(self) -> None:
        """One look at the schedules, at this moment."""
        self.step_at(datetime.now(UTC), time.monotonic())

    def step_at(self, now: datetime, now_s: float) -> None:
        """One look at the schedules, at ``now`` by the date and ``now_s`` by the monotonic clock."""
        self._now_s = now_s
        jump = self._parts.dates.look(now, now_s)
        if jump is not None:
            _log.error("the date of this machine has jumped by %s and is %s now", jump, now.isoformat("T", "seconds"))
            self._jump_to_announce = (now - jump, jump)
        if now_s >= self._forget_at_s:
            self._forget_at_s = now_s + FORGET_EVERY_S
            self._parts.ledger.forget_old(self._parts.dates.unmoved(now, self._newest))
        if not self._parts.apis:
            return  # schedules are apis-web's
        try:
            schedules = self._parts.schedules.read().schedules
        except StorageError as error:
            if not self._unreadable:
                _log.error("%s", error)
            self._unreadable = True
            return
        self._unreadable = False
        if self._jump_to_announce is not None:
            self._delay(due(schedules, now), *self._jump_to_announce, now_s)
            self._jump_to_announce = None
        pending = [one for one in due(schedules, now) if now_s >= self._delayed_until_s or one not in self._delayed]
        before = self._memories
        memories = {schedule: before.get(schedule) or self._remembered(schedule, now, now_s) for schedule in pending}
        self._memories = memories
        began_s = time.monotonic()
        # The cluster's first, then whoever was not looked at for longest: a Budo that hangs must not hold up the rest.
        for schedule, memory in sorted(memories.items(), key=_turn):
            if time.monotonic() - began_s > LONGEST_STEP_S:
                return  # the others in the next step, from data as they are then
            memory.looked_at_s = now_s
            try:
                self._look(schedule, memory, now_s)
            except MainControllerError as error:  # the others fire regardless
                self._went_wrong(schedule, memory, error.as_answer())

    def _delay(self, now_due: list[Schedule], before: datetime, jump: timedelta, now_s: float) -> None:
        """What has become due by a jump of the date alone is announced for a while before it takes effect."""
        earlier = self._delayed.intersection(now_due) if now_s < self._delayed_until_s else frozenset()
        self._delayed = earlier | {schedule for schedule in now_due if schedule.at > before}
        self._delayed_until_s, self._jump = now_s + WARNING_S, jump
        for schedule in self._delayed:
            words = "the Soft Stop of %s would be due by that; it takes effect in %g s unless cleared"
            _log.error(words, _who(schedule), WARNING_S)

    def _remembered(self, schedule: Schedule, now: datetime, now_s: float) -> _Memory:
        """What the ledger knows of it, so that a restart sends nothing again too soon."""
        for row in reversed(self._parts.ledger.later_than(0)):
            if row.origin == SCHEDULE and row.target == schedule.unit and row.outcome in MAY_HAVE_HAPPENED:
                age_s = (now - row.at).total_seconds()
                return _Memory(now_s - age_s, row.id) if 0 <= age_s < AGAIN_AFTER_S else _Memory()
        return _Memory()

    def _look(self, schedule: Schedule, memory: _Memory, now_s: float) -> None:
        running = self._in_run(schedule.unit)
        if running is None:
            self._put(schedule, memory, without_data(schedule.unit))
            return
        other = self._parts.kinds.under_way(self._by_others(), schedule.unit) if running else None
        if other is not None:  # the data are older than what was just commanded
            self._put(schedule, memory, mode_under_way(other.id))
            return
        if not running or self._is_done_with(memory):
            memory.sent_at_s = None  # from now on it is sent as soon as the target is seen back in Run
        if running and (memory.sent_at_s is None or now_s - memory.sent_at_s >= AGAIN_AFTER_S):
            self._send(schedule, memory, now_s)
        if not running or memory.sent_at_s is not None:
            self._put(schedule, memory, IN_FORCE)

    def _by_others(self) -> list[Row]:
        return [row for row in self._parts.ledger.open_rows() if row.origin != SCHEDULE]

    def _is_done_with(self, memory: _Memory) -> bool:
        # The data may have shown it between two looks of ours, or another command may have superseded it.
        row = None if memory.command_id is None else self._parts.ledger.get(memory.command_id)
        return row is not None and row.state in _SENT_AND_DONE_WITH

    def _put(self, schedule: Schedule, memory: _Memory, state: ScheduleState) -> None:
        is_as_expected = memory.state == NOT_SENT_YET and state == IN_FORCE
        if memory.state != state and not is_as_expected:
            _log.log(
                logging.INFO if state == IN_FORCE else logging.WARNING,
                "schedule of %s, due %s: %s",
                _who(schedule),
                schedule.at.isoformat(),
                state.words,
            )
        memory.state = state

    def _in_run(self, unit: str) -> bool | None:
        """Whether the target is in Run: the cluster if any fresh node says so. None: no fresh data tell."""
        fresh = self._parts.collector.fresh()
        if unit == nodes.CLUSTER:
            return any(nodes.global_mode(node) == nodes.RUN for node in fresh.values()) if fresh else None
        return nodes.local_mode(fresh[unit]) is None if unit in fresh else None

    def _send(self, schedule: Schedule, memory: _Memory, now_s: float) -> None:
        if self._parts.schedules.read().find(schedule.unit) != schedule:
            return  # cleared or changed since this look began
        result = self._parts.soft_stop(schedule.unit)
        if result.outcome in MAY_HAVE_HAPPENED:
            memory.sent_at_s, memory.command_id = now_s, result.command_id
            if memory.failing:
                _log.info("the scheduled Soft Stop of %s was accepted at last", _who(schedule))
                memory.state = IN_FORCE
            memory.failing = False
        else:
            self._went_wrong(schedule, memory, result.body)

    def _went_wrong(self, schedule: Schedule, memory: _Memory, error: Mapping[str, Any]) -> None:
        """``error`` as in an answer."""
        if not memory.failing:
            words = "the scheduled Soft Stop of %s was not accepted and is tried again: %s"
            _log.error(words, _who(schedule), error.get("error"))
        memory.failing = True
        memory.state = not_accepted(error)

    def states(self, schedules: tuple[Schedule, ...], now: datetime) -> Mapping[str, Mapping[str, Any]]:
        """For ``/schedules/state``: of every schedule its time and whether it is to come, in force or pending."""
        memories = self._memories
        found: dict[str, dict[str, Any]] = {}
        for schedule in schedules:
            known = memories.get(schedule)
            state = TO_COME if schedule.at > now else (known.state if known else NOT_SENT_YET)
            left_s = self._delayed_until_s - self._now_s
            if schedule in self._delayed and left_s > 0 and state != TO_COME:
                state = date_jumped(self._jump, left_s)
            found.setdefault(schedule.unit, {})[schedule.operation] = {
                "at": schedule.at.isoformat(),
                **state.as_answer(),
            }
        return found
