"""What a poll shows of a command: one function for each thing that can be looked for in the collected data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from main_controller import nodes
from main_controller.neighbours.apis_web import GATHER_S
from main_controller.picture.data_collector import Poll
from main_controller.picture.freshness import UNSEEN, History
from main_controller.storage.ledger_row import Row

SILENT_POLLS = 2
NAMED = 5


@dataclass(slots=True)
class Watch:
    """What is remembered of one watched row. ``before`` is what was known of the nodes when it began."""

    since_s: float
    last_s: float
    before: Mapping[str, History] | None = None
    fresh_s: float = 0.0
    silent: int = 0


@dataclass(frozen=True, slots=True)
class Instead:
    """What is seen of a node (empty: of the whole cluster) instead of what was asked: in words, and by a code."""

    node: str
    text: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def as_answer(self) -> dict[str, Any]:
        """As the row has it."""
        return {"node": self.node, "code": self.code, "params": dict(self.params)}


InsteadOf = Callable[[str, nodes.Node], Instead]


@dataclass(frozen=True, slots=True)
class Seen:
    """Whether it is as asked, whether there are fresh data that say so, and what is seen instead.

    ``instead`` are groups: of each the first few are named, and the others counted.
    """

    done: bool
    fresh: bool
    instead: tuple[tuple[Instead, ...], ...] = ()

    @property
    def params(self) -> dict[str, Any]:
        """What is seen instead: the ``text``; of every group the first few (``instead``), and how many ``more``."""
        named = [one.as_answer() for group in self.instead for one in group[:NAMED]]
        more = sum(len(group) for group in self.instead) - len(named)
        return {"text": ", ".join(map(_named, filter(None, self.instead))), "instead": named, "more": more}


def _named(group: tuple[Instead, ...]) -> str:
    words = [one.text for one in group]
    return ", ".join(words[:NAMED]) + (f" and {len(words) - NAMED} more" if len(words) > NAMED else "")


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

    def others(self, wanted: Callable[[nodes.Node], bool], instead: InsteadOf) -> tuple[Instead, ...]:
        """The fresh nodes that are not as ``wanted``, or may not be so any more, and what they report instead."""
        return tuple(
            instead(unit, node) for unit, node in self.fresh.items() if not wanted(node) or not self.newer(unit)
        )


def _all(view: View, wanted: Callable[[nodes.Node], bool], instead: InsteadOf) -> Seen:
    others = view.others(wanted, instead)
    return Seen(bool(view.fresh) and not others, bool(view.fresh), (others,))


def _one(row: Row, view: View, wanted: Callable[[nodes.Node], bool], instead: InsteadOf) -> Seen:
    node = view.fresh.get(row.target)
    if node is None:
        return Seen(done=False, fresh=False)
    is_so = wanted(node) and view.newer(row.target)
    return Seen(is_so, fresh=True, instead=((instead(row.target, node),),))


def _its_global_mode(unit: str, node: nodes.Node) -> Instead:
    mode = nodes.global_mode(node)
    return Instead(unit, f"{unit}: {mode}", "global_mode", {"mode": mode})


def _its_local_mode(unit: str, node: nodes.Node) -> Instead:
    mode = nodes.local_mode(node)
    return Instead(unit, f"{unit}: {mode or 'no local mode'}", "local_mode", {"mode": mode})


def _its_current(unit: str, node: nodes.Node) -> Instead:
    status, current_a = nodes.converter_status(node), nodes.grid_current_a(node)
    text = f"{unit}: {status}, {current_a} A"
    return Instead(unit, text, "converter_current", {"status": status, "current_a": current_a})


def _its_status(unit: str, node: nodes.Node) -> Instead:
    status, mode = nodes.converter_status(node), nodes.global_mode(node)
    return Instead(unit, f"{unit}: {status} in {mode}", "converter_in_mode", {"status": status, "mode": mode})


def _may_run(unit: str) -> Instead:
    return Instead(unit, f"{unit}: its converter may still run", "converter_may_run")


def mode_as_set(row: Row, view: View, global_mode: str | None) -> Seen:
    """Whether the nodes report ``global_mode``, or without one the target its local mode."""
    if global_mode is not None:
        return _all(view, lambda n: nodes.global_mode(n) == global_mode, _its_global_mode)
    value = row.values.get("value") or None
    return _one(row, view, lambda n: nodes.local_mode(n) == value, _its_local_mode)


def converter_as_set(row: Row, view: View) -> Seen:
    """Whether the converter does what was asked, with the current that was asked."""
    mode, dig_a = row.values.get("mode"), nodes.number(row.values.get("dig")) or 0.0

    def wanted(node: nodes.Node) -> bool:
        if nodes.converter_status(node) != mode:
            return False
        if mode not in {nodes.CC_CHARGE, nodes.CC_DISCHARGE}:
            return True
        current_a = nodes.grid_current_a(node)
        return current_a is not None and abs(abs(current_a) - dig_a) <= max(0.1 * dig_a, 0.2) + 1e-6

    return _one(row, view, wanted, _its_current)


def all_stopped(row: Row, view: View) -> Seen:
    """Whether every converter waits; one of a lost or stale node that was last seen running counts as running."""

    def wanted(node: nodes.Node) -> bool:
        # Budo's stop that has not taken effect yet must not be called done because nothing flows at the moment.
        running = row.values.get("budo") and nodes.global_mode(node) in nodes.ACTIVE_MODES
        return nodes.converter_status(node) == nodes.WAIT and not running

    seen = _all(view, wanted, _its_status)
    left = tuple(map(_may_run, view.poll.freshness.left_running(view.poll.now_s)))
    return Seen(seen.done and not left, seen.fresh, (left, *seen.instead))


def gone(row: Row, view: View) -> Seen:
    """Whether the node, or the whole cluster, no longer reports."""
    if row.target == nodes.CLUSTER:
        there = Instead(nodes.CLUSTER, "apis-web still answers with nodes", "apis_web_answers")
        return Seen(view.watch.silent >= SILENT_POLLS, bool(view.fresh), ((there,),))
    if view.poll.error is not None:
        return Seen(done=False, fresh=False)
    still = Instead(row.target, f"{row.target} still reports", "still_reports")
    return Seen(row.target not in view.poll.nodes, row.target in view.fresh, ((still,),))
