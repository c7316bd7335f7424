"""Whether the collected data show what a command asked for; watches the ledger's rows after every poll."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from main_controller import nodes
from main_controller.commands.outcomes import MAY_HAVE_HAPPENED
from main_controller.neighbours.apis_web import GATHER_S
from main_controller.neighbours.control import BUDO_MODES
from main_controller.picture.data_collector import Poll
from main_controller.picture.freshness import UNSEEN, History
from main_controller.storage.ledger import Ledger
from main_controller.storage.ledger_row import NOT_TAKEN, OBSERVED, SUPERSEDED, WAITING_FOR_DATA, WATCHING, Row

_log = logging.getLogger(__name__)

NOT_TAKEN_AFTER_S = 30.0
GIVEN_UP_AFTER_S = 3600.0
SILENT_POLLS = 2
INTERRUPTED = "the program ended before the answer came; it may have taken effect"


@dataclass(slots=True)
class _Watch:
    """What is remembered of one watched row. ``before`` is what was known of the nodes when it began."""

    since_s: float
    last_s: float
    before: Mapping[str, History] | None = None
    fresh_s: float = 0.0
    silent: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """What a poll shows to a watched row."""

    poll: Poll
    fresh: Mapping[str, nodes.Node]
    watch: _Watch

    def newer(self, unit: str) -> bool:
        """Whether the node's data were gathered after the command began.

        The first change that is seen may have been gathered before it (contract, section 2: apis-web gathers some 5 s
        apart); a second one was not, nor was one that came later than that.
        """
        history = self.poll.freshness.histories[unit]
        changes = history.changes - (self.watch.before or {}).get(unit, UNSEEN).changes
        late = history.changed_at_s is not None and history.changed_at_s >= self.watch.since_s + GATHER_S
        return changes >= 2 or (changes == 1 and late)

    def others(self, wanted: Callable[[nodes.Node], bool], told: Callable[[nodes.Node], object]) -> str:
        """The first few fresh nodes that are not as ``wanted``, and what they report instead."""
        odd = [f"{unit}: {told(node)}" for unit, node in self.fresh.items() if not wanted(node) or not self.newer(unit)]
        return ", ".join(odd[:5]) + (f" and {len(odd) - 5} more" if len(odd) > 5 else "")


@dataclass(frozen=True, slots=True)
class Seen:
    """Whether it is as asked, whether there are fresh data to tell, and what is seen instead."""

    done: bool
    fresh: bool
    instead: str = ""


class Observer:
    """Watches rows until they are observed, not taken, or superseded by a later command."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._watches: dict[int, _Watch] = {}
        for row in ledger.open_rows():
            if row.outcome == "sending":  # the program ended in between
                watched = observable(row.command)
                observed = WATCHING if watched else None
                ledger.update(row, outcome="unknown", answer=INTERRUPTED, watched=watched, observed=observed)
            elif not observable(row.command):  # of another version
                ledger.update(row, watched=False)

    def began(self, row: Row, before: Mapping[str, History], now_s: float) -> None:
        """A command began at ``now_s`` (monotonic), when ``before`` was known of the nodes."""
        self._watches[row.id] = _Watch(now_s, now_s, before)

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

    def _again(self, row: Row, poll: Poll) -> _Watch:
        """After a restart: what changes from now on counts, the time since the command goes on."""
        age_s = max(0.0, (datetime.now(UTC) - row.at).total_seconds())
        watch = self._watches[row.id] = _Watch(poll.now_s - age_s, poll.now_s, poll.freshness.histories)
        return watch

    def _look(self, row: Row, view: View, later: Iterable[Row]) -> None:
        watch, now_s = view.watch, view.poll.now_s
        over = next((r for r in later if r.id > row.id and supersedes(r, row)), None)
        if over is not None:
            self._close(row, f"{SUPERSEDED} {over.id}")
            return
        watch.silent = watch.silent + 1 if view.poll.error is not None else 0
        seen = _LOOKS[row.command](row, view)
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


def _all(view: View, wanted: Callable[[nodes.Node], bool], told: Callable[[nodes.Node], object]) -> Seen:
    instead = view.others(wanted, told)
    return Seen(bool(view.fresh) and not instead, bool(view.fresh), instead)


def _one(row: Row, view: View, wanted: Callable[[nodes.Node], bool], told: Callable[[nodes.Node], object]) -> Seen:
    node = view.fresh.get(row.target)
    if node is None:
        return Seen(done=False, fresh=False)
    return Seen(wanted(node) and view.newer(row.target), fresh=True, instead=f"{row.target}: {told(node)}")


def _mode(row: Row, view: View) -> Seen:
    if row.target:
        value = row.values.get("value") or None
        return _one(row, view, lambda n: nodes.local_mode(n) == value, lambda n: nodes.local_mode(n) or "no local mode")
    value = global_value(row)
    return _all(view, lambda n: nodes.global_mode(n) == value, nodes.global_mode)


def _converter(row: Row, view: View) -> Seen:
    mode, dig_a = row.values.get("mode"), nodes.number(row.values.get("dig")) or 0.0

    def wanted(node: nodes.Node) -> bool:
        if nodes.converter_status(node) != mode:
            return False
        if mode not in {nodes.CC_CHARGE, nodes.CC_DISCHARGE}:
            return True
        current_a = nodes.grid_current_a(node)
        return current_a is not None and abs(abs(current_a) - dig_a) <= max(0.1 * dig_a, 0.2) + 1e-6

    return _one(row, view, wanted, lambda n: f"{nodes.converter_status(n)}, {nodes.grid_current_a(n)} A")


def _all_stopped(row: Row, view: View) -> Seen:
    def wanted(node: nodes.Node) -> bool:
        # Budo's stop that has not taken effect yet must not be called done because nothing flows at the moment.
        running = row.values.get("budo") and nodes.global_mode(node) in nodes.ACTIVE_MODES
        return nodes.converter_status(node) == nodes.WAIT and not running

    return _all(view, wanted, lambda n: f"{nodes.converter_status(n)} in {nodes.global_mode(n)}")


def _gone(row: Row, view: View) -> Seen:
    if not row.target:
        silent = view.watch.silent >= SILENT_POLLS
        return Seen(silent, fresh=bool(view.fresh), instead="apis-web still answers with nodes")
    if view.poll.error is not None:
        return Seen(done=False, fresh=False)
    there = row.target in view.poll.nodes
    return Seen(not there, fresh=row.target in view.fresh, instead=f"{row.target} still reports")


_LOOKS: dict[str, Callable[[Row, View], Seen]] = {
    "setOperationMode": _mode,
    "set/budo": _mode,
    "set/dcdc": _converter,
    "stopAll": _all_stopped,
    "shutDown": _gone,
}


def observable(command: str) -> bool:
    """Whether anything can be seen of a command in the collected data."""
    return command in _LOOKS


def global_value(row: Row) -> str | None:
    """The global mode that a row set; None if it set none."""
    if row.command == "set/budo":
        return BUDO_MODES.get(str(row.values.get("mode")))
    if row.command == "setOperationMode" and not row.target:
        return str(row.values.get("value"))
    if row.command == "stopAll" and row.values.get("budo"):
        return "stop"
    return None


def supersedes(later: Row, earlier: Row) -> bool:
    """Whether ``later`` makes it pointless to go on watching ``earlier``."""
    if later.outcome not in MAY_HAVE_HAPPENED or earlier.command == "shutDown":
        return False
    if earlier.command == "set/dcdc":
        return later.command == "stopAll" or (later.command == "set/dcdc" and later.target == earlier.target)
    if earlier.command == "stopAll":
        sets_mode = global_value(later) not in {None, "stop"}
        return later.command in {"stopAll", "set/dcdc"} or sets_mode
    if earlier.target:
        return later.command == "setOperationMode" and later.target == earlier.target
    return global_value(later) is not None


def under_way(rows: Iterable[Row], unit: str) -> Row | None:
    """The first of ``rows`` that sets the mode of ``unit`` (the cluster's where it is empty), or of the cluster."""
    for row in rows:
        if global_value(row) is not None or (row.command == "setOperationMode" and row.target == unit):
            return row
    return None
