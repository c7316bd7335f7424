"""The Scheduler: carries out due schedules (specification, section 4.2.3; contract, section 5)."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from main_controller import nodes
from main_controller.daemon import Daemon
from main_controller.observer import MAY_HAVE_HAPPENED
from main_controller.operations import SCHEDULE, Operations
from main_controller.schedules import Schedule, StorageError, due

_log = logging.getLogger(__name__)

AGAIN_AFTER_S = 30.0
TO_COME, IN_FORCE = "to come", "in force"
FORGET_EVERY_S = 3600.0


@dataclass(slots=True)
class _Target:
    """What the Scheduler remembers of one schedule: when it was last sent, and whether sending goes wrong."""

    sent_at_s: float | None = None
    failing: bool = False
    state: str = IN_FORCE


class Scheduler(Daemon):
    """Looks every ``schedulerInterval`` at what is due; a due Soft Stop stays in force until an operator ends it."""

    def __init__(self, interval_s: float, operations: Operations) -> None:
        super().__init__("scheduler", interval_s)
        self._operations = operations
        self._schedules = operations.parts.schedules
        self._ledger = operations.parts.ledger
        self._targets: dict[Schedule, _Target] = {}
        self._unreadable = False
        self._forget_at_s = 0.0

    def start(self) -> None:
        """Sweep what a cut-off write left, and start."""
        self._schedules.sweep()
        super().start()

    def step(self) -> None:
        """One look at the schedules, at this moment."""
        self.step_at(datetime.now(UTC), time.monotonic())

    def step_at(self, now: datetime, now_s: float) -> None:
        """One look at the schedules, at ``now`` by the date and ``now_s`` by the monotonic clock."""
        if now_s >= self._forget_at_s:
            self._forget_at_s = now_s + FORGET_EVERY_S
            self._ledger.forget_old(now)
        if not self._operations.parts.settings.apis:
            return  # schedules are apis-web's
        try:
            schedules = self._schedules.read().schedules
        except StorageError as error:
            if not self._unreadable:
                _log.error("%s", error)
            self._unreadable = True
            return
        self._unreadable = False
        pending = due(schedules, now)
        self._targets = {
            schedule: self._targets.get(schedule) or self._remembered(schedule, now, now_s) for schedule in pending
        }
        for schedule in pending:
            self._look(schedule, self._targets[schedule], now_s)

    def _remembered(self, schedule: Schedule, now: datetime, now_s: float) -> _Target:
        """What the ledger knows of it, so that a restart sends nothing again too soon."""
        if not self._operations.parts.settings.apis:
            return _Target()
        for row in self._ledger.newest(100):
            if row.origin == SCHEDULE and row.target == schedule.unit and row.outcome in MAY_HAVE_HAPPENED:
                age_s = (now - row.at).total_seconds()
                return (
                    _Target(now_s - age_s) if row.observed != "observed" and 0 <= age_s < AGAIN_AFTER_S else _Target()
                )
        return _Target()

    def _look(self, schedule: Schedule, target: _Target, now_s: float) -> None:
        running = self._in_run(schedule.unit)
        if running is None:
            why = "no node is fresh" if not schedule.unit else f"{schedule.unit} is not fresh"
            self._tell(schedule, target, f"pending: {why}")
            return
        self._tell(schedule, target, IN_FORCE)
        if not running:
            target.sent_at_s = None  # observed: from now on it is sent as soon as the target is seen back in Run
            return
        if target.sent_at_s is None or now_s - target.sent_at_s >= AGAIN_AFTER_S:
            self._send(schedule, target, now_s)

    def _tell(self, schedule: Schedule, target: _Target, state: str) -> None:
        if target.state != state:
            _log.log(
                logging.INFO if state == IN_FORCE else logging.WARNING,
                "schedule of %s, due %s: %s",
                schedule.unit or "the cluster",
                schedule.at.isoformat(),
                state,
            )
        target.state = state

    def _in_run(self, unit: str) -> bool | None:
        """Whether the target is in Run: the cluster if any fresh node says so. None: no fresh data tell."""
        fresh = self._operations.fresh_nodes()
        if not unit:
            return any(nodes.global_mode(node) == "autonomous" for node in fresh.values()) if fresh else None
        return nodes.local_mode(fresh[unit]) is None if unit in fresh else None

    def _send(self, schedule: Schedule, target: _Target, now_s: float) -> None:
        if self._schedules.read().find(schedule.unit) != schedule:
            return  # cleared or changed since this look began
        if schedule.unit:
            result = self._operations.set_local_mode(SCHEDULE, schedule.unit, "heteronomous")
        else:
            result = self._operations.set_global_mode(SCHEDULE, "heteronomous")
        who = schedule.unit or "the cluster"
        if result.outcome in MAY_HAVE_HAPPENED:
            target.sent_at_s = now_s
            if target.failing:
                _log.info("the scheduled Soft Stop of %s was accepted at last", who)
            target.failing = False
        else:
            self._went_wrong(schedule, target, str(result.body.get("error")))

    def _went_wrong(self, schedule: Schedule, target: _Target, why: str) -> None:
        if not target.failing:
            who = schedule.unit or "the cluster"
            _log.error("the scheduled Soft Stop of %s was not accepted and is tried again: %s", who, why)
        target.failing = True

    def states(self, schedules: tuple[Schedule, ...], now: datetime) -> Mapping[str, Mapping[str, Any]]:
        """For ``/schedules/state``: of every schedule its time and whether it is to come, in force or pending."""
        targets = self._targets
        told: dict[str, dict[str, Any]] = {}
        for schedule in schedules:
            known = targets.get(schedule)
            state = TO_COME if schedule.at > now else (known.state if known else IN_FORCE)
            told.setdefault(schedule.unit, {})[schedule.operation] = {"at": schedule.at.isoformat(), "state": state}
        return told
