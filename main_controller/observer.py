"""Whether the collected data show what a command asked for; watches the ledger's rows after every poll."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from main_controller import nodes
from main_controller.data_collector import Poll
from main_controller.ledger import NOT_TAKEN, OBSERVED, WAITING_FOR_DATA, WATCHING, Ledger, Row
from main_controller.neighbours.control import BUDO_MODES

_log = logging.getLogger(__name__)

NOT_TAKEN_AFTER_S = 30.0
MAY_HAVE_HAPPENED = frozenset({"accepted", "unknown", "partial"})


@dataclass(frozen=True, slots=True)
class View:
    """What a poll shows to a row that began at ``since_s``: the fresh nodes, and whether they are all newer than it."""

    poll: Poll
    fresh: Mapping[str, nodes.Node]
    newer: Callable[[str], bool]

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


@dataclass(slots=True)
class _Watch:
    since_s: float
    last_s: float
    fresh_s: float = 0.0


@dataclass(slots=True)
class Observer:
    """Watches rows from ``watch`` until they are observed, not taken, or superseded by a later command."""

    ledger: Ledger
    _watches: dict[int, _Watch] = field(default_factory=dict)

    def after_poll(self, poll: Poll) -> None:
        """Look for every watched row in the data of ``poll``."""
        rows = self.ledger.watched()
        if not rows:
            return
        states = {unit: poll.freshness.state(unit, poll.now_s) for unit in poll.nodes}
        fresh = {unit: node for unit, node in poll.nodes.items() if states[unit] == "fresh"}
        for row in rows:
            watch = self._watches.setdefault(row.id, _Watch(poll.now_s, poll.now_s))
            view = View(poll, fresh, _newer_than(poll, watch.since_s))
            self._look(row, watch, view)

    def began(self, row_id: int, now_s: float) -> None:
        """A command began at ``now_s`` (monotonic): only data that changed after that can show it."""
        self._watches[row_id] = _Watch(now_s, now_s)

    def _look(self, row: Row, watch: _Watch, view: View) -> None:
        later = next((r for r in self.ledger.later_than(row.id) if supersedes(r, row)), None)
        if later is not None:
            self._close(row, f"superseded by {later.id}")
            return
        seen = _LOOKS[row.command](row, view)
        now_s = view.poll.now_s
        if seen.done:
            self._close(row, OBSERVED, round(now_s - watch.since_s, 1))
            return
        if seen.fresh:
            watch.fresh_s += now_s - watch.last_s
        watch.last_s = now_s
        if watch.fresh_s >= NOT_TAKEN_AFTER_S:
            self._close(row, f"{NOT_TAKEN}: {seen.instead}")
        else:
            state = WATCHING if seen.fresh else WAITING_FOR_DATA
            if row.observed != state:
                self.ledger.update(row, observed=state)

    def _close(self, row: Row, observed: str, after_s: float | None = None) -> None:
        self._watches.pop(row.id, None)
        self.ledger.update(row, observed=observed, observed_after_s=after_s, watched=False)
        level = logging.INFO if observed == OBSERVED else logging.WARNING
        _log.log(level, "command %d (%s %s): %s", row.id, row.command, row.target or "cluster", observed)


def _newer_than(poll: Poll, since_s: float) -> Callable[[str], bool]:
    def newer(unit: str) -> bool:
        changed_at_s = poll.freshness.histories[unit].changed_at_s
        return changed_at_s is not None and changed_at_s > since_s

    return newer


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
        value = row.values["value"] or None
        return _one(row, view, lambda n: nodes.local_mode(n) == value, lambda n: nodes.local_mode(n) or "no local mode")
    value = global_value(row)
    return _all(view, lambda n: nodes.global_mode(n) == value, nodes.global_mode)


def _converter(row: Row, view: View) -> Seen:
    mode, dig_a = row.values["mode"], float(row.values["dig"])

    def wanted(node: nodes.Node) -> bool:
        if nodes.converter_status(node) != mode:
            return False
        if mode not in {nodes.CC_CHARGE, nodes.CC_DISCHARGE}:
            return True
        current_a = nodes.grid_current_a(node)
        return current_a is not None and abs(abs(current_a) - dig_a) <= max(0.1 * dig_a, 0.2) + 1e-6

    return _one(row, view, wanted, lambda n: f"{nodes.converter_status(n)}, {nodes.grid_current_a(n)} A")


def _all_stopped(_: Row, view: View) -> Seen:
    return _all(view, lambda n: nodes.converter_status(n) == nodes.WAIT, nodes.converter_status)


def _gone(row: Row, view: View) -> Seen:
    if not row.target:
        return Seen(view.poll.error is not None, fresh=bool(view.fresh), instead="apis-web still answers with nodes")
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
        return BUDO_MODES[row.values["mode"]]
    if row.command == "setOperationMode" and not row.target:
        return str(row.values["value"])
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
