"""The Data Collector: fetches the nodes' data, builds a snapshot, swaps it in (specification, section 4.2.2)."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from main_controller import nodes
from main_controller.errors import NeighbourError, NeighbourFailedError, NeighbourLateError
from main_controller.neighbours.apis_web import ApisWeb
from main_controller.nodes import Node
from main_controller.picture.converter_answers import AT_MOST_S, ConverterAnswer, overlaid, still_shown
from main_controller.picture.freshness import Freshness
from main_controller.picture.rhythm import PollPlan
from main_controller.picture.snapshot import Snapshot, SnapshotHolder, that_can_be_sent
from main_controller.setting_table import Settings
from main_controller.threads.daemon import Daemon

_log = logging.getLogger(__name__)

MEMBERS_EVERY_S = 10.0
MEMBERS_TIMEOUT_S = 1.0


@dataclass(frozen=True, slots=True)
class Poll:
    """One ended poll as those see it who watch: the nodes as they came, or why they did not."""

    nodes: Mapping[str, Node]
    freshness: Freshness
    began_s: float
    now_s: float
    error: NeighbourError | None


@dataclass(frozen=True, slots=True)
class _Condition:
    """How the last poll ended; ``since`` is when it began to be so."""

    error: NeighbourError | None
    since: datetime


class DataCollector(Daemon):
    """Polls every ``datacollectorinterval``; the timer, ``urgent=true`` and Flush Cache share this one path.

    A failed poll keeps the last picture, and so does one without nodes. ``watchers`` are told of every poll.
    """

    def __init__(self, settings: Settings, apis_web: ApisWeb, holder: SnapshotHolder) -> None:
        super().__init__("data-collector", settings.datacollectorinterval)
        self._apis_web = apis_web
        self._holder = holder
        self._patience_s = 2 * settings.poll_timeout + 1
        self._condition: _Condition | None = None
        self._rounds = threading.Condition()
        self._begun = 0
        self._ended = 0
        self._members_due_s = 0.0
        self._polled: Mapping[str, Node] = {}
        self._answers: dict[str, ConverterAnswer] = {}
        self._picture_lock = threading.Lock()
        interval_s = settings.datacollectorinterval
        self._nothing_known = Freshness(max(settings.stale_after, 3 * interval_s), interval_s=interval_s)
        self._plan = PollPlan(interval_s)
        self.watchers: list[Callable[[Poll], None]] = []

    @property
    def freshness(self) -> Freshness:
        """What is known of the nodes' freshness."""
        snapshot = self._holder.current
        return self._nothing_known if snapshot is None else snapshot.freshness

    def step(self) -> None:
        """One poll, and now and then a look at who should be there."""
        began_s = time.monotonic()
        with self._rounds:
            self._begun += 1
        # What stands if the poll ends in an exception that nobody expected: a failure, not the last success.
        error: NeighbourError | None = NeighbourFailedError(
            "the poll failed; the log says more", what="poll_failed", sent=True
        )
        try:
            error = self._poll(began_s)
        finally:
            self._note(error)
            with self._rounds:
                self._ended = self._begun
                self._rounds.notify_all()
        poll = Poll({} if error else self._polled, self.freshness, began_s, time.monotonic(), error)
        for watcher in self.watchers:
            watcher(poll)
        if error is None and self._apis_web.members_known and time.monotonic() >= self._members_due_s:
            self._ask_members()

    def due_after(self, due_s: float, now_s: float) -> float:
        """In step with apis-web's gathering while polls are good; else at the interval."""
        snapshot, condition = self._holder.current, self._condition
        if snapshot is None or condition is None or condition.error is not None:
            return super().due_after(due_s, now_s)
        polled_at_s = snapshot.received_at_s
        return max(now_s, self._plan.next_s(snapshot.freshness.changed_at(polled_at_s), polled_at_s))

    def _poll(self, asked_at_s: float) -> NeighbourError | None:
        try:
            polled = self._apis_web.log()
            if not polled:
                who = self._apis_web.name
                return NeighbourFailedError(f"{who} answered without any node", what="no_nodes", sent=True, who=who)
        except NeighbourError as error:
            return error
        with self._picture_lock:
            try:
                self._take(polled, asked_at_s)
            except TypeError:  # some node is nested too deeply to be written again
                self._take(that_can_be_sent(polled), asked_at_s)
        return None

    def _take(self, polled: Mapping[str, Node], asked_at_s: float) -> None:
        now_s = time.monotonic()
        answers = {
            unit: answer
            for unit, answer in self._answers.items()
            if unit in polled and still_shown(answer, polled[unit], now_s)
        }
        freshness = self.freshness.after_poll(polled, now_s, datetime.now(UTC), asked_at_s)
        self._show(polled, answers, freshness, now_s)

    def _show(
        self,
        polled: Mapping[str, Node],
        answers: dict[str, ConverterAnswer],
        freshness: Freshness,
        received_at_s: float,
    ) -> None:
        shown = {**polled, **{unit: overlaid(polled[unit], answer) for unit, answer in answers.items()}}
        self._holder.swap(Snapshot.of(shown, freshness, received_at_s))
        self._polled, self._answers = polled, answers

    def show_answers(self, answers: Mapping[str, Mapping[str, Any]]) -> None:
        """Show converters' answers (parts of dcdc sections, by node id) at once, until newer data have come."""
        now_s = time.monotonic()
        with self._picture_lock:
            snapshot = self._holder.current
            if snapshot is not None:
                freshness = snapshot.freshness.answered(answers, now_s)
                new = {
                    unit: ConverterAnswer(answer, now_s, nodes.clock(self._polled[unit]))
                    for unit, answer in answers.items()
                    if unit in self._polled
                }
                self._show(self._polled, self._answers | new, freshness, snapshot.received_at_s)

    def _drop_expired(self) -> None:
        # Polls do this too, but they may fail, or come less often.
        now_s = time.monotonic()
        if all(now_s - answer.since_s < AT_MOST_S for answer in self._answers.values()):
            return
        with self._picture_lock:
            snapshot = self._holder.current
            kept = {unit: answer for unit, answer in self._answers.items() if now_s - answer.since_s < AT_MOST_S}
            if snapshot is not None:
                self._show(self._polled, kept, snapshot.freshness, snapshot.received_at_s)

    def _ask_members(self) -> None:
        now_s = time.monotonic()
        try:
            members = self._apis_web.unit_ids(MEMBERS_TIMEOUT_S)
        except NeighbourError as error:
            _log.debug("the members of the cluster are not known: %s", error)
            self._members_due_s = now_s + 3 * MEMBERS_EVERY_S  # a door that hangs must not slow every poll
            return
        self._members_due_s = now_s + MEMBERS_EVERY_S
        if members:  # an empty answer is apis-web's way to say that it failed
            with self._picture_lock:
                snapshot = self._holder.current
                if snapshot is not None:
                    self._holder.swap(snapshot.with_freshness(snapshot.freshness.after_members(members, now_s)))

    def _note(self, error: NeighbourError | None) -> None:
        before = self._condition
        if error is not None:  # kept for long, so without its traceback, which holds the whole answer
            error = error.anew()
        if before is None or (before.error is None) != (error is None):
            self._condition = _Condition(error, datetime.now(UTC))
            if error is not None:
                _log.error("no data: %s; the last picture is kept", error)
            elif before is not None:
                _log.info("%s answers again", self._apis_web.name)
            else:
                _log.debug("first data from %s", self._apis_web.name)
        else:
            self._condition = _Condition(error, before.since)

    def refresh(self) -> Snapshot:
        """The snapshot of a poll that began after this call, shared by all who ask meanwhile.

        Raises the poll's NeighbourError, or NeighbourLateError when none ended in time.
        """
        with self._rounds:
            wanted = self._begun + 1
            self.wake()
            if not self._rounds.wait_for(lambda: self._ended >= wanted, self._patience_s):
                text = f"no poll ended within {self._patience_s:g} s"
                raise NeighbourLateError(text, what="no_poll", sent=True, seconds=self._patience_s)
            return self.picture(must_be_new=True)

    def picture(self, *, must_be_new: bool = False) -> Snapshot:
        """The last good snapshot; raises why there is none yet (or, with ``must_be_new``, why not a new one)."""
        if self._answers:
            self._drop_expired()
        snapshot = self._holder.current
        error = self._condition.error if self._condition else None
        if snapshot is None or (must_be_new and error is not None):
            if error is None:
                who = self._apis_web.name
                raise NeighbourLateError(
                    f"{who} has not answered yet since the start", what="not_yet", sent=True, who=who
                )
            # A fresh exception with the same words: one object raised in many threads would grow its traceback.
            raise error.anew()
        return snapshot

    def fresh(self) -> dict[str, Node]:
        """The nodes whose data are live now; none while there is no picture."""
        snapshot = self._holder.current
        return {} if snapshot is None else self.picture().fresh(time.monotonic())

    def status(self, now_s: float) -> dict[str, Any]:
        """For ``/get/freshness``: whether the last poll was good, age of the data (s), next poll, why not."""
        snapshot, condition = self._holder.current, self._condition
        error = self._trouble(condition)
        return {
            "ok": error is None,
            "age_s": None if snapshot is None else round(snapshot.age_s(now_s), 1),
            "log_tags": None if snapshot is None else snapshot.representation.tags,
            "next_s": round(self.due_in_s(now_s), 2),
            "error": None if error is None else str(error),
            "since": None if condition is None else condition.since.isoformat("T", "seconds"),
        }

    def moments(self, snapshot: Snapshot | None) -> dict[str, Any]:
        """The same for ``/get/picture``, of ``snapshot``, as moments of the monotonic clock (s): they do not tick."""
        error = self._trouble(self._condition)
        return {
            "ok": error is None,
            "true_since_s": None if snapshot is None else round(snapshot.true_since_s, 2),
            "next_at_s": round(self.due_at_s, 2),
            "error": None if error is None else error.as_answer(),
        }

    def _trouble(self, condition: _Condition | None) -> NeighbourError | None:
        if condition is None:
            return NeighbourLateError("waiting for the first answer", what="waiting", sent=True)
        return condition.error
