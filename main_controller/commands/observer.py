"""Whether the collected data show what a command asked for; watches the ledger's rows after every poll."""

import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from main_controller.commands.kind import Kinds
from main_controller.commands.seen import View, Watch
from main_controller.picture.data_collector import Poll
from main_controller.picture.freshness import History
from main_controller.storage.ledger import Ledger
from main_controller.storage.ledger_row import NOT_TAKEN, OBSERVED, SUPERSEDED, WAITING_FOR_DATA, WATCHING, Row

_log = logging.getLogger(__name__)

NOT_TAKEN_AFTER_S = 30.0
GIVEN_UP_AFTER_S = 3600.0
INTERRUPTED = "the program ended before the answer came; it may have taken effect"


class Observer:
    """Watches rows until they are observed, not taken, or superseded by a later command."""

    def __init__(self, ledger: Ledger, kinds: Kinds) -> None:
        self._kinds = kinds
        self._ledger = ledger
        self._watches: dict[int, Watch] = {}
        for row in ledger.open_rows():
            if row.outcome == "sending":  # the program ended in between
                watched = kinds.observable(row.command)
                observed = WATCHING if watched else None
                ledger.update(row, outcome="unknown", answer=INTERRUPTED, watched=watched, observed=observed)
            elif not kinds.observable(row.command):  # of another version
                ledger.update(row, watched=False)

    def began(self, row: Row, before: Mapping[str, History], now_s: float) -> None:
        """A command began at ``now_s`` (monotonic), when ``before`` was known of the nodes."""
        self._watches[row.id] = Watch(now_s, now_s, before)

    def ended(self, row: Row) -> None:
        """A command ended of which nothing is to be seen."""
        self._watches.pop(row.id, None)

    def after_poll(self, poll: Poll) -> None:
        """Look for every watched row in the data of ``poll``."""
        rows = self._ledger.watched()
        if not rows:
            return
        later = self._ledger.later_than(rows[0].id)
        states = {unit: poll.freshness.state(unit, poll.now_s) for unit in poll.nodes}
        fresh = {unit: node for unit, node in poll.nodes.items() if states[unit] == "fresh"}
        for row in rows:
            watch = self._watches.get(row.id) or self._again(row, poll)
            if poll.began_s <= watch.since_s:
                watch.before = poll.freshness.histories  # a poll that was under way shows what was before
            else:
                self._look(row, View(poll, fresh, watch), later)

    def _again(self, row: Row, poll: Poll) -> Watch:
        """After a restart: what changes from now on counts, the time since the command goes on."""
        age_s = max(0.0, (datetime.now(UTC) - row.at).total_seconds())
        watch = self._watches[row.id] = Watch(poll.now_s - age_s, poll.now_s, poll.freshness.histories)
        return watch

    def _look(self, row: Row, view: View, later: Iterable[Row]) -> None:
        watch, now_s = view.watch, view.poll.now_s
        over = next((r for r in later if r.id > row.id and self._kinds.supersedes(r, row)), None)
        if over is not None:
            self._close(row, f"{SUPERSEDED} {over.id}")
            return
        watch.silent = watch.silent + 1 if view.poll.error is not None else 0
        seen = self._kinds.look_for(row, view)
        if seen.done:
            self._close(row, OBSERVED, round(now_s - watch.since_s, 1))
            return
        if seen.fresh:
            watch.fresh_s += now_s - watch.last_s
        watch.last_s = now_s
        if watch.fresh_s >= NOT_TAKEN_AFTER_S:
            self._close(row, f"{NOT_TAKEN}: {seen.instead}")
        elif now_s - watch.since_s >= GIVEN_UP_AFTER_S:
            self._close(row, f"{NOT_TAKEN}: no fresh data for an hour")
        else:
            state = WATCHING if seen.fresh else WAITING_FOR_DATA
            if row.observed != state:
                self._ledger.update(row, observed=state)

    def _close(self, row: Row, observed: str, after_s: float | None = None) -> None:
        self._watches.pop(row.id, None)
        self._ledger.update(row, observed=observed, observed_after_s=after_s, watched=False)
        level = logging.INFO if observed == OBSERVED else logging.WARNING
        _log.log(level, "command %d (%s %s): %s", row.id, row.command, row.target or "cluster", observed)
