"""Stop all: never refused, never behind reads, and looked after until every converter waits.

Every fresh node in stop or manual: a wait to every known converter, Budo is not asked. Any fresh node in Run or Soft
Stop: Budo's ``/stop``, which ends the deals in order; if that is not accepted, the waits; a converter that is still
not waiting after 30 s gets its wait then. Where the modes are not known, or just being changed: both at once.
"""

import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from main_controller import nodes
from main_controller.data_collector import DataCollector, Poll
from main_controller.deals import Deals
from main_controller.errors import NeighbourError
from main_controller.fan_out import fan_out
from main_controller.ledger import Ledger
from main_controller.ledger_row import Row
from main_controller.neighbours.control import Budo, Converters
from main_controller.observer import MAY_HAVE_HAPPENED, global_value
from main_controller.operations import WAIT_VALUES, Result
from main_controller.outcomes import Report, gathered, outcome_of, told
from main_controller.recorder import SCHEDULE, Recorder

_log = logging.getLogger(__name__)

FOLLOW_UP_AFTER_S = 30.0
# By then a surprise wait would do more harm than good.
FOLLOW_UP_UNTIL_S = 300.0
FOLLOW_UP = "follow-up of stop all"
_RUNNING = frozenset({"autonomous", "heteronomous"})
_NAMES_A_NODE = frozenset({"set/dcdc", "setOperationMode", "shutDown"})

Way = Literal["waits", "budo", "both"]


@dataclass(frozen=True, slots=True)
class StopAllParts:
    """What Stop all works with."""

    collector: DataCollector
    deals: Deals
    budo: Budo
    converters: Converters
    ledger: Ledger
    recorder: Recorder
    apis: bool


class StopAll:
    """Carries out ``/stopAll`` and follows up what Budo's stop left running."""

    def __init__(self, parts: StopAllParts) -> None:
        self._parts = parts
        self._to_follow = {row.id: (row, _began_s(row)) for row in parts.ledger.later_than(0) if _is_by_budo(row)}

    def stop_all(self, origin: str) -> Result:
        """``/stopAll``."""
        way = self._way()
        row = self._begin(origin, {} if way == "waits" else {"budo": True})
        if way == "waits":
            return self._end(row, {}, self._wait_all())
        if way == "budo":
            budo = self._budo_stop()
            return self._end(row, {"budo": budo}, {} if budo.error is None else self._wait_all())
        asked: list[Report] = []
        asking = threading.Thread(target=lambda: asked.append(self._budo_stop()), name="budo-stop", daemon=True)
        try:
            asking.start()
        except RuntimeError:  # no thread to be had: one after the other
            asked.append(self._budo_stop())
        waits = self._wait_all()
        if not asked:
            asking.join()
        return self._end(row, {"budo": asked[0]}, waits)

    def _way(self) -> Way:
        """By the waits alone or by Budo alone only where the modes are known and nothing is about to change them."""
        if any(global_value(row) in _RUNNING for row in self._parts.ledger.open_rows()):
            return "both"
        if not self._parts.apis:
            try:
                return "budo" if self._parts.deals.active.get(may_wait=False).value else "both"
            except NeighbourError:
                return "both"
        try:
            fresh = self._parts.collector.picture().fresh(time.monotonic())
        except NeighbourError:
            return "both"
        modes = {nodes.effective_mode(node) for node in fresh.values()}
        if modes & _RUNNING:
            return "budo"
        return "waits" if modes and modes <= {"stop", "manual"} else "both"

    def _known(self) -> dict[str, str | None]:
        return {unit: history.ip for unit, history in self._parts.collector.freshness.histories.items()}

    def _begin(self, origin: str, values: dict[str, Any]) -> Row:
        row = self._parts.recorder.begin(origin, "stopAll", "", values)
        _log.warning("command %d from %s: stop all", row.id, origin)
        return row

    def _budo_stop(self) -> Report:
        try:
            return Report("accepted", self._parts.budo.set_mode("stop"), None)
        except NeighbourError as error:
            return Report(outcome_of(error), None, error)

    def _wait_all(self, only: Iterable[str] | None = None) -> dict[str, Report]:
        known = self._known()
        addresses = known if only is None else {unit: known[unit] for unit in only if unit in known}

        def one(unit: str) -> Report:
            try:
                return Report("accepted", self._parts.converters.set(unit, addresses[unit], WAIT_VALUES), None)
            except NeighbourError as error:
                return Report(outcome_of(error), None, error)

        reports = fan_out(addresses, one)
        self._parts.collector.hold({unit: r.answer for unit, r in reports.items() if r.error is None})
        return reports

    def _end(self, row: Row, budo: dict[str, Report], waits: dict[str, Report]) -> Result:
        reports = budo | {f"node {unit}": report for unit, report in waits.items()}
        outcome, status = gathered(reports.values())
        failures = [told(report.error) for report in reports.values() if report.error is not None]
        body: dict[str, Any] = {"nodes": {unit: report.outcome for unit, report in waits.items()}}
        body |= {name: report.outcome for name, report in budo.items()}
        if failures:
            more = f"; and {len(failures) - 5} more" if len(failures) > 5 else ""
            body["error"] = f"{len(failures)} of {len(reports)} not accepted: {'; '.join(failures[:5])}{more}"
        else:
            body["stopAll"] = "done."
        if budo and outcome in MAY_HAVE_HAPPENED:
            self._to_follow[row.id] = (row, time.monotonic())
        self._parts.recorder.finish(row, outcome, body)
        return Result(status, body, row.id, outcome)

    def after_poll(self, poll: Poll) -> None:
        """Begin the follow-up of every stop all by Budo that has left a converter running for 30 s."""
        for row, began_s in list(self._to_follow.values()):
            age_s = poll.now_s - began_s
            # A failed poll shows nothing: wait for a good one, for as long again.
            if age_s < FOLLOW_UP_AFTER_S or (poll.error is not None and age_s < 2 * FOLLOW_UP_AFTER_S):
                continue
            del self._to_follow[row.id]
            left = self.left_running(row, poll) if age_s < FOLLOW_UP_UNTIL_S else []
            if left:
                threading.Thread(target=self._follow_up, args=(row, left), name="stop-all", daemon=True).start()

    def left_running(self, row: Row, poll: Poll) -> list[str]:
        """The known nodes not seen to wait, but for those that a later command named, or all after a later mode."""
        rows = self._parts.ledger.later_than(row.id)
        later = [other for other in rows if other.outcome in MAY_HAVE_HAPPENED and other.origin != SCHEDULE]
        followed = any(other.origin == f"{FOLLOW_UP} {row.id}" for other in later)
        if followed or any(global_value(other) is not None and other.command != "stopAll" for other in later):
            return []
        named = {other.target for other in later if other.command in _NAMES_A_NODE}
        return [
            unit
            for unit in self._known()
            if unit not in named and nodes.converter_status(poll.nodes.get(unit, {})) != nodes.WAIT
        ]

    def _follow_up(self, row: Row, left: list[str]) -> None:
        again = self._begin(f"{FOLLOW_UP} {row.id}", {"nodes": left})
        self._end(again, {}, self._wait_all(left))


def _is_by_budo(row: Row) -> bool:
    return row.command == "stopAll" and bool(row.values.get("budo")) and row.outcome in MAY_HAVE_HAPPENED


def _began_s(row: Row) -> float:
    """When a row from before this start began, on this start's monotonic clock."""
    return time.monotonic() - max(0.0, (datetime.now(UTC) - row.at).total_seconds())
