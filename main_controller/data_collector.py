"""The Data Collector: fetches the nodes' data, builds a snapshot, swaps it in (specification, section 4.2.2)."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from main_controller import nodes
from main_controller.daemon import Daemon
from main_controller.errors import (
    MainControllerError,
    NeighbourError,
    NeighbourFailedError,
    NeighbourLateError,
)
from main_controller.freshness import Freshness
from main_controller.held import HeldAnswer, overlaid, still_held
from main_controller.neighbours.apis_web import ApisWeb
from main_controller.nodes import Node
from main_controller.settings import Settings
from main_controller.snapshot import Snapshot, SnapshotHolder

_log = logging.getLogger(__name__)

MEMBERS_EVERY_S = 10.0
MEMBERS_TIMEOUT_S = 1.0


@dataclass(frozen=True, slots=True)
class Poll:
    """One ended poll as those see it who watch: the nodes as they came, or why they did not."""

    nodes: Mapping[str, Node]
    freshness: Freshness
    now_s: float
    error: NeighbourError | None


@dataclass(frozen=True, slots=True)
class _Condition:
    """How the last poll ended; ``since`` is when it began to be so."""

    error: NeighbourError | None
    since: datetime


class DataCollector(Daemon):
    """Polls every ``datacollectorinterval``; the timer, ``urgent=true`` and Flush Cache share this one path.

    A failed poll keeps the last picture, and so does one without nodes.
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
        self._polled: dict[str, Node] = {}
        self._held: dict[str, HeldAnswer] = {}
        self._picture_lock = threading.Lock()
        self.watchers: list[Callable[[Poll], None]] = []
        self.freshness = Freshness(max(settings.stale_after, 3 * settings.datacollectorinterval))

    def step(self) -> None:
        """One poll, and now and then a look at who should be there."""
        with self._rounds:
            self._begun += 1
        try:
            error = self._poll()
            self._note(error)
        finally:
            with self._rounds:
                self._ended = self._begun
                self._rounds.notify_all()
        poll = Poll(self._polled if error is None else {}, self.freshness, time.monotonic(), error)
        for watcher in self.watchers:
            watcher(poll)
        if error is None and self._apis_web.members_known and time.monotonic() >= self._members_due_s:
            self._ask_members()

    def _poll(self) -> NeighbourError | None:
        try:
            polled = self._apis_web.log()
            if not polled:
                return NeighbourFailedError(f"{self._apis_web.name} answered without any node", sent=True)
        except NeighbourError as error:
            return error
        now_s = time.monotonic()
        with self._picture_lock:
            self.freshness = self.freshness.after_poll(polled, now_s, datetime.now(UTC))
            self._polled = polled
            self._held = {
                unit: held
                for unit, held in self._held.items()
                if unit in polled and still_held(held, polled[unit], now_s)
            }
            self._show(now_s)
        return None

    def _show(self, received_at_s: float) -> None:
        shown = self._polled | {unit: overlaid(self._polled[unit], held) for unit, held in self._held.items()}
        self._holder.swap(Snapshot.of(shown, received_at_s))

    def hold(self, answers: Mapping[str, Mapping[str, Any]]) -> None:
        """Show converters' answers (parts of dcdc sections, by node id) at once, until newer data have come."""
        now_s = time.monotonic()
        with self._picture_lock:
            snapshot = self._holder.current
            if snapshot is None:
                return
            for unit, answer in answers.items():
                if unit in self._polled:
                    self._held[unit] = HeldAnswer(answer, now_s, nodes.clock(self._polled[unit]))
            self._show(snapshot.received_at_s)

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
            self.freshness = self.freshness.after_members(members, now_s)

    def _note(self, error: NeighbourError | None) -> None:
        before = self._condition
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
                raise NeighbourLateError(f"no poll ended within {self._patience_s:g} s", sent=True)
            return self.picture(must_be_new=True)

    def picture(self, *, must_be_new: bool = False) -> Snapshot:
        """The last good snapshot; raises why there is none yet (or, with ``must_be_new``, why not a new one)."""
        snapshot = self._holder.current
        error = self._condition.error if self._condition else None
        if snapshot is None or (must_be_new and error is not None):
            raise (
                _again(error)
                if error
                else NeighbourLateError(f"{self._apis_web.name} has not answered yet since the start", sent=True)
            )
        return snapshot

    def status(self, now_s: float) -> dict[str, Any]:
        """For ``/get/freshness``: whether the last poll was good, age of the picture (s), why not, since when."""
        snapshot, condition = self._holder.current, self._condition
        return {
            "ok": condition is not None and condition.error is None,
            "age_s": None if snapshot is None else round(now_s - snapshot.received_at_s, 1),
            "error": _waiting(condition),
            "since": None if condition is None else condition.since.isoformat("T", "seconds"),
        }


def _waiting(condition: _Condition | None) -> str | None:
    if condition is None:
        return "waiting for the first answer"
    return None if condition.error is None else str(condition.error)


def _again(error: NeighbourError) -> MainControllerError:
    """A fresh exception with the same words: one object raised in many threads would grow its traceback."""
    return type(error)(str(error), sent=error.sent)
