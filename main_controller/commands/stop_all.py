"""Stop all: never refused, never behind reads, and looked after until every converter waits.

Every fresh node in stop or manual: a wait to every known converter, Budo is not asked. Any fresh node in Run or Soft
Stop: Budo's ``/stop``, which ends the deals in order; if that is not accepted, the waits; a converter that is still
not waiting after 30 s gets its wait then. Where the modes are not known, or just being changed: both at once.
"""

import logging
import threading
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Literal

from main_controller import nodes
from main_controller.commands.asked import Order
from main_controller.commands.based_on import Shown
from main_controller.commands.kind import Kinds
from main_controller.commands.outcomes import MAY_HAVE_HAPPENED, Note, Report, Result, gathered, outcome_of, worded
from main_controller.commands.recorder import SCHEDULE, Recorder
from main_controller.errors import NeighbourError, NeighbourFailedError
from main_controller.neighbours.control import Budo, Converters
from main_controller.picture.data_collector import DataCollector, Poll
from main_controller.picture.deals import Deals
from main_controller.picture.freshness import UNSEEN
from main_controller.storage.ledger import Ledger
from main_controller.storage.ledger_row import Row
from main_controller.threads.shared_calls import SharedCalls

_log = logging.getLogger(__name__)

FOLLOW_UP_AFTER_S = 30.0
# By then a surprise wait would do more harm than good.
FOLLOW_UP_UNTIL_S = 300.0
FOLLOW_UP = "follow-up of stop all"
NOTED = 20  # more targets are counted, not named
WAIT_VALUES = {"mode": nodes.WAIT, "dvg": "350", "dig": "2"}

_BUDO = nodes.CLUSTER  # in place of a node's id: what stops the whole cluster

Way = Literal["waits", "budo", "both"]

# What the ledger keeps of the way.
_WAYS: dict[Way, dict[str, Any]] = {"waits": {}, "budo": {"budo": True}, "both": {"budo": True, "waits": True}}


@dataclass(frozen=True, slots=True)
class StopAllParts:
    """What Stop all works with."""

    collector: DataCollector
    deals: Deals
    budo: Budo
    converters: Converters
    shown: Shown
    ledger: Ledger
    recorder: Recorder
    kinds: Kinds
    apis: bool


class StopAll:
    """Carries out ``/stopAll`` and follows up what Budo's stop left running."""

    def __init__(self, parts: StopAllParts) -> None:
        self._parts = parts
        broken_off = NeighbourFailedError("the call was broken off", what="broken_off", sent=True)
        self._calls = SharedCalls(self._call, Report("unknown", None, broken_off))
        self._to_follow = {row.id: (row, _began_s(row)) for row in parts.ledger.later_than(0) if self._is_by_budo(row)}

    def stop_all(self, order: Order) -> Result:
        """``/stopAll``; the answer says if what the asker saw has changed."""
        kind = self._parts.kinds.of(order.command)
        based = self._parts.shown.based_on(order, kind.basis(order.target), only_stops=kind.is_stop(order.values))
        based.check()
        result = self._stop(order)
        return result if based.changed is None else result.noting("changed", *based.changed)

    def _stop(self, order: Order) -> Result:
        way = self._way()
        # Nobody else stops the converter of a node whose program is gone.
        left = self._parts.collector.freshness.left_running(time.monotonic())
        with self._row(order.origin, order.command, dict(_WAYS[way])) as row:
            if way == "waits":
                return self._end(row, {}, self._wait_all(), left)
            if way == "budo":
                return self._end(row, *self._by_budo(left), left)
            reports = self._calls.all([_BUDO, *self._known()])
            return self._end(row, {"budo": reports.pop(_BUDO)}, self._shown(reports), left)

    def _by_budo(self, left: list[str]) -> tuple[dict[str, Report], dict[str, Report]]:
        """Budo's stop, and waits for ``left``; where Budo does not accept, for all others as soon as that is known."""
        waits: dict[str, Report] = {}
        aside = threading.Thread(target=lambda: waits.update(self._wait_all(left)), name="stop-lost", daemon=True)
        if left:
            aside.start()
        budo = self._calls.all([_BUDO])
        others: dict[str, Report] = {}
        if budo[_BUDO].error is not None:
            others = self._wait_all(unit for unit in self._known() if unit not in left)
        if left:
            aside.join()
        return {"budo": budo[_BUDO]}, waits | others

    def _way(self) -> Way:
        """By the waits alone or by Budo alone only where the modes are known and nothing is about to change them."""
        if any(self._parts.kinds.global_mode(row) in nodes.ACTIVE_MODES for row in self._parts.ledger.open_rows()):
            return "both"
        if not self._parts.apis:
            try:
                return "budo" if self._parts.deals.active.get(may_wait=False).value else "both"
            except NeighbourError:
                return "both"
        modes = {nodes.effective_mode(node) for node in self._parts.collector.fresh().values()}
        if modes & nodes.ACTIVE_MODES:
            return "budo"
        return "waits" if modes and modes <= {nodes.FORCE_STOP, nodes.MANUAL} else "both"

    def _known(self) -> list[str]:
        return list(self._parts.collector.freshness.histories)

    def _row(self, origin: str, command: str, values: dict[str, Any]) -> AbstractContextManager[Row]:
        _log.warning("stop all from %s", origin)
        return self._parts.recorder.carried_out(origin, command, nodes.CLUSTER, values)

    def _wait_all(self, only: Iterable[str] | None = None) -> dict[str, Report]:
        return self._shown(self._calls.all(self._known() if only is None else only))

    def _shown(self, reports: dict[str, Report]) -> dict[str, Report]:
        self._parts.collector.show_answers(
            {unit: r.answer for unit, r in reports.items() if r.error is None and r.answer}
        )
        return reports

    def _call(self, unit: str) -> Report:
        """Budo's stop, or one converter's wait."""
        try:
            if unit == _BUDO:
                return Report("accepted", self._parts.budo.set_mode("stop"), None)
            ip = self._parts.collector.freshness.histories.get(unit, UNSEEN).ip
            return Report("accepted", self._parts.converters.set(unit, ip, WAIT_VALUES), None)
        except NeighbourError as error:
            return Report(outcome_of(error), None, error)

    def _end(self, row: Row, budo: dict[str, Report], waits: dict[str, Report], left: Iterable[str] = ()) -> Result:
        reports = budo | {f"node {unit}": report for unit, report in waits.items()}
        outcome, status, error = gathered(reports.values())
        notes = _failures([*((nodes.CLUSTER, report) for report in budo.values()), *waits.items()])
        body: dict[str, Any] = {"nodes": {unit: report.outcome for unit, report in waits.items()}}
        body |= {name: report.outcome for name, report in budo.items()}
        if lost := {unit: _answered(unit, waits[unit]) for unit in left if unit in waits}:
            body["lost"] = {unit: sentence for unit, (sentence, _) in lost.items()}
            notes += [note for _, note in lost.values()][:NOTED]
        body |= {"stopAll": "done."} if error is None else error.as_answer()
        if notes:
            body["notes"] = [note.as_answer() for note in notes]
        if budo and outcome in MAY_HAVE_HAPPENED:
            self._to_follow[row.id] = (row, time.monotonic())
        self._parts.recorder.finish(row, outcome, body, error)
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
        if followed or any(
            self._parts.kinds.global_mode(other) is not None and not self._parts.kinds.of(other.command).stops_all
            for other in later
        ):
            return []
        named = {other.target for other in later if self._parts.kinds.of(other.command).changes_node}
        return [
            unit
            for unit in self._known()
            if unit not in named and nodes.converter_status(poll.nodes.get(unit, {})) != nodes.WAIT
        ]

    def _follow_up(self, row: Row, left: list[str]) -> None:
        with self._row(f"{FOLLOW_UP} {row.id}", row.command, {"nodes": left}) as again:
            self._end(again, {}, self._wait_all(left))

    def _is_by_budo(self, row: Row) -> bool:
        is_of_this_kind = self._parts.kinds.of(row.command).stops_all and bool(row.values.get("budo"))
        return is_of_this_kind and row.outcome in MAY_HAVE_HAPPENED


def _failures(reports: Iterable[tuple[str, Report]]) -> list[Note]:
    """What went wrong at the first few targets; ``node`` is empty for what stops the whole cluster."""
    notes = (
        Note(report.error.code, report.error.params | {"node": target})
        for target, report in reports
        if report.error is not None
    )
    return list(islice(notes, NOTED))


def _answered(unit: str, report: Report) -> tuple[str, Note]:
    """What a lost node's converter itself said to its wait."""
    if report.error is not None:
        sentence = f"its converter did not answer, it may still run ({worded(report.error)})"
        return sentence, Note("lost_converter_silent", {"node": unit})
    status = nodes.converter_status({"dcdc": report.answer})
    if status == nodes.WAIT:
        return "its converter itself answered: it waits", Note("lost_converter_waits", {"node": unit})
    return f"its converter answered: {status}", Note("lost_converter_answered", {"node": unit, "status": status})


def _began_s(row: Row) -> float:
    """When a row from before this start began, on this start's monotonic clock."""
    return time.monotonic() - max(0.0, (datetime.now(UTC) - row.at).total_seconds())
