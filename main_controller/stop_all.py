"""Stop all: never refused, never behind reads, and looked after until every converter waits.

Every fresh node in stop or manual: a wait to every known converter, Budo is not asked. Any fresh node in Run or Soft
Stop: Budo's ``/stop``, which ends the deals in order; if that is not accepted, the waits; a converter that is still
not waiting after 30 s gets its wait then. No fresh node: both at once.
"""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from main_controller import nodes
from main_controller.data_collector import Poll
from main_controller.errors import NeighbourError
from main_controller.fan_out import fan_out
from main_controller.ledger import WATCHING, Row
from main_controller.observer import MAY_HAVE_HAPPENED, global_value
from main_controller.operations import WAIT_VALUES, Operations, Parts, Result
from main_controller.outcomes import Report, gathered, outcome_of, told

_log = logging.getLogger(__name__)

FOLLOW_UP_AFTER = timedelta(seconds=30)
# Older ones were looked after before a restart, or nobody did for so long that a surprise wait would be wrong.
FOLLOW_UP_UNTIL = timedelta(seconds=300)
FOLLOW_UP = "follow-up of stop all"


class StopAll:
    """Carries out ``/stopAll`` and follows up what Budo's stop left running."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations
        self._parts: Parts = operations.parts
        # Those before a restart are looked after too.
        self._to_follow = {row.id: row for row in self._parts.ledger.newest(100) if row.values.get("budo")}

    def stop_all(self, origin: str) -> Result:
        """``/stopAll``."""
        fresh = self._operations.fresh_nodes()
        ordered = bool(fresh) and all(nodes.effective_mode(node) in {"stop", "manual"} for node in fresh.values())
        by_budo = not ordered
        row = self._begin(origin, {"budo": True} if by_budo else {}, list(self._known()))
        if not by_budo:
            return self._end(row, {}, self._wait_all())
        if fresh:
            budo = self._budo_stop()
            return self._end(row, {"budo": budo}, {} if budo.error is None else self._wait_all())
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(self._budo_stop)
            waits = self._wait_all()
            return self._end(row, {"budo": asked.result()}, waits)

    def _known(self) -> dict[str, str | None]:
        return {unit: history.ip for unit, history in self._parts.collector.freshness.histories.items()}

    def _begin(self, origin: str, values: dict[str, Any], targets: list[str]) -> Row:
        row = self._parts.ledger.begin(origin, "stopAll", "", values)
        self._parts.observer.began(row.id, time.monotonic())
        _log.warning("command %d from %s: stop all, %d nodes", row.id, origin, len(targets))
        return row

    def _budo_stop(self) -> Report:
        try:
            return Report("accepted", self._parts.budo.set_mode("stop"), None)
        except NeighbourError as error:
            return Report(outcome_of(error), None, error)

    def _wait_all(self, only: list[str] | None = None) -> dict[str, Report]:
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
        failures = {name: told(report.error) for name, report in reports.items() if report.error is not None}
        body: dict[str, Any] = {"nodes": {unit: report.outcome for unit, report in waits.items()}}
        body |= {name: report.outcome for name, report in budo.items()}
        if failures:
            first = "; ".join(list(failures.values())[:5])
            body["error"] = f"{len(failures)} of {len(reports)} not accepted: {first}"
        else:
            body["stopAll"] = "done."
        watched = outcome in MAY_HAVE_HAPPENED
        if budo and watched:
            self._to_follow[row.id] = row
        self._parts.ledger.update(
            row, outcome=outcome, answer=body, watched=watched, observed=WATCHING if watched else None
        )
        _log.log(
            logging.WARNING if outcome == "accepted" else logging.ERROR,
            "command %d: stop all %s%s",
            row.id,
            outcome,
            f": {failures}" if failures else "",
        )
        return Result(status, body, row.id, outcome)

    def after_poll(self, poll: Poll) -> None:
        """Begin the follow-up of every stop all by Budo that has left a converter running for 30 s."""
        now = datetime.now(UTC)
        for row in list(self._to_follow.values()):
            age = now - row.at
            if age < FOLLOW_UP_AFTER:
                continue
            del self._to_follow[row.id]
            left = self.left_running(row, poll) if age < FOLLOW_UP_UNTIL else []
            if left:
                threading.Thread(target=self._follow_up, args=(row, left), name="stop-all", daemon=True).start()

    def left_running(self, row: Row, poll: Poll) -> list[str]:
        """The known nodes not seen to wait, but for those that a later command named, or all after a later mode."""
        later = [other for other in self._parts.ledger.later_than(row.id) if other.outcome in MAY_HAVE_HAPPENED]
        followed = any(other.origin == f"{FOLLOW_UP} {row.id}" for other in later)
        if followed or any(global_value(other) is not None and other.command != "stopAll" for other in later):
            return []
        named = {other.target for other in later if other.target}
        return [
            unit
            for unit in self._known()
            if unit not in named and nodes.converter_status(poll.nodes.get(unit, {})) != nodes.WAIT
        ]

    def _follow_up(self, row: Row, left: list[str]) -> None:
        again = self._begin(f"{FOLLOW_UP} {row.id}", {"nodes": left}, left)
        self._end(again, {}, self._wait_all(left))
