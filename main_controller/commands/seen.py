"""What a poll shows of a command: one function for each thing that can be looked for in the collected data."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from main_controller import nodes
from main_controller.neighbours.apis_web import GATHER_S
from main_controller.picture.data_collector import Poll
from main_controller.picture.freshness import UNSEEN, History
from main_controller.storage.ledger_row import Row

SILENT_POLLS = 2


@dataclass(slots=True)
class Watch:
    """What is remembered of one watched row. ``before`` is what was known of the nodes when it began."""

    since_s: float
    last_s: float
    before: Mapping[str, History] | None = None
    fresh_s: float = 0.0
    silent: int = 0


def _named(odd: Iterable[str]) -> str:
    """The first few, and how many more."""
    words = list(odd)
    return ", ".join(words[:5]) + (f" and {len(words) - 5} more" if len(words) > 5 else "")


@dataclass(frozen=True, slots=True)
class View:
    """What a poll shows to a watched row."""

    poll: Poll
    fresh: Mapping[str, nodes.Node]
    watch: Watch

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
        return _named(
            f"{unit}: {told(node)}" for unit, node in self.fresh.items() if not wanted(node) or not self.newer(unit)
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """Whether it is as asked, whether there are fresh data to tell, and what is seen instead."""

    done: bool
    fresh: bool
    instead: str = ""


def _all(view: View, wanted: Callable[[nodes.Node], bool], told: Callable[[nodes.Node], object]) -> Seen:
    instead = view.others(wanted, told)
    return Seen(bool(view.fresh) and not instead, bool(view.fresh), instead)


def _one(row: Row, view: View, wanted: Callable[[nodes.Node], bool], told: Callable[[nodes.Node], object]) -> Seen:
    node = view.fresh.get(row.target)
    if node is None:
        return Seen(done=False, fresh=False)
    return Seen(wanted(node) and view.newer(row.target), fresh=True, instead=f"{row.target}: {told(node)}")


def mode_as_set(row: Row, view: View, global_mode: str | None) -> Seen:
    """Whether the nodes report ``global_mode``, or without one the target its local mode."""
    if global_mode is not None:
        return _all(view, lambda n: nodes.global_mode(n) == global_mode, nodes.global_mode)
    value = row.values.get("value") or None
    return _one(row, view, lambda n: nodes.local_mode(n) == value, lambda n: nodes.local_mode(n) or "no local mode")


def converter_as_set(row: Row, view: View) -> Seen:
    """Whether the converter does what it was told, with the current it was told."""
    mode, dig_a = row.values.get("mode"), nodes.number(row.values.get("dig")) or 0.0

    def wanted(node: nodes.Node) -> bool:
        if nodes.converter_status(node) != mode:
            return False
        if mode not in {nodes.CC_CHARGE, nodes.CC_DISCHARGE}:
            return True
        current_a = nodes.grid_current_a(node)
        return current_a is not None and abs(abs(current_a) - dig_a) <= max(0.1 * dig_a, 0.2) + 1e-6

    return _one(row, view, wanted, lambda n: f"{nodes.converter_status(n)}, {nodes.grid_current_a(n)} A")


def all_stopped(row: Row, view: View) -> Seen:
    """Whether every converter waits; one of a lost or stale node that was last seen running counts as running."""

    def wanted(node: nodes.Node) -> bool:
        # Budo's stop that has not taken effect yet must not be called done because nothing flows at the moment.
        running = row.values.get("budo") and nodes.global_mode(node) in nodes.ACTIVE_MODES
        return nodes.converter_status(node) == nodes.WAIT and not running

    seen = _all(view, wanted, lambda n: f"{nodes.converter_status(n)} in {nodes.global_mode(n)}")
    left = view.poll.freshness.left_running(view.poll.now_s)
    if not left:
        return seen
    running = _named(f"{unit}: its converter may still run" for unit in left)
    return Seen(done=False, fresh=seen.fresh, instead=", ".join(filter(None, [running, seen.instead])))


def gone(row: Row, view: View) -> Seen:
    """Whether the node, or the whole cluster, no longer reports."""
    if not row.target:
        silent = view.watch.silent >= SILENT_POLLS
        return Seen(silent, fresh=bool(view.fresh), instead="apis-web still answers with nodes")
    if view.poll.error is not None:
        return Seen(done=False, fresh=False)
    there = row.target in view.poll.nodes
    return Seen(not there, fresh=row.target in view.fresh, instead=f"{row.target} still reports")
