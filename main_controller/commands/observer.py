"""What the collected data show of the commands that are watched; it says so, and row_life.py writes it.

A command is observed when data that were gathered after it show it. It was not taken when NOT_TAKEN_AFTER_S of fresh
data show something else. It is superseded by a later command that makes it pointless to look on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from main_controller.commands.kind import Kinds
from main_controller.commands.seen import View, Watch
from main_controller.picture.data_collector import Poll
from main_controller.picture.freshness import History
from main_controller.storage.ledger_row import WATCHED, Row, RowState

NOT_TAKEN_AFTER_S = 30.0
GIVEN_UP_AFTER_S = 3600.0


@dataclass(frozen=True, slots=True)
class Sighting:
    """How far a poll shows a row: the state that it has now, with the names and numbers of that."""

    row: Row
    state: RowState
    params: dict[str, Any] = field(default_factory=dict)


class Observer:
    """Remembers of every watched row when it began and what was known of the nodes then."""

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
        self._watches: dict[int, Watch] = {}

    def began(self, row: Row, before: Mapping[str, History], now_s: float) -> None:
        """A command began at ``now_s`` (monotonic), when ``before`` was known of the nodes."""
        self._watches[row.id] = Watch(now_s, now_s, before)

    def ended(self, row: Row) -> None:
        """There is nothing to be seen of a command any more."""
        self._watches.pop(row.id, None)

    def look(self, poll: Poll, watched: Sequence[Row], later: Sequence[Row]) -> list[Sighting]:
        """What ``poll`` shows of the ``watched`` rows; ``later`` are all rows since the first of them."""
        states = {unit: poll.freshness.state(unit, poll.now_s) for unit in poll.nodes}
        fresh = {unit: node for unit, node in poll.nodes.items() if states[unit] == "fresh"}
        found: list[Sighting] = []
        for row in watched:
            watch = self._watches.get(row.id) or self._again(row, poll)
            if poll.began_s <= watch.since_s:
                watch.before = poll.freshness.histories  # a poll that was under way shows what was before
                continue
            sighting = self._look(row, View(poll, fresh, watch), later)
            found.append(sighting)
            if sighting.state not in WATCHED:
                self.ended(row)
        return found

    def _again(self, row: Row, poll: Poll) -> Watch:
        """After a restart: what changes from now on counts, the time since the command goes on."""
        age_s = max(0.0, (datetime.now(UTC) - row.at).total_seconds())
        watch = self._watches[row.id] = Watch(poll.now_s - age_s, poll.now_s, poll.freshness.histories)
        return watch

    def _look(self, row: Row, view: View, later: Iterable[Row]) -> Sighting:
        watch, now_s = view.watch, view.poll.now_s
        over = next((other for other in later if other.id > row.id and self._kinds.supersedes(other, row)), None)
        if over is not None:
            return Sighting(row, RowState.SUPERSEDED, {"by": over.id})
        watch.silent = watch.silent + 1 if view.poll.error is not None else 0
        seen = self._kinds.look_for(row, view)
        if seen.done:
            return Sighting(row, RowState.OBSERVED, {"after_s": round(now_s - watch.since_s, 1)})
        if seen.fresh:
            watch.fresh_s += now_s - watch.last_s
        watch.last_s = now_s
        if watch.fresh_s >= NOT_TAKEN_AFTER_S:
            return Sighting(row, RowState.NOT_TAKEN, {"after_s": NOT_TAKEN_AFTER_S} | seen.params)
        if now_s - watch.since_s >= GIVEN_UP_AFTER_S:
            return Sighting(row, RowState.GIVEN_UP, {"after_s": GIVEN_UP_AFTER_S})
        return Sighting(row, RowState.WATCHING if seen.fresh else RowState.WAITING_FOR_DATA)
