"""In which state a command may be sent: questions to the picture, the ledger and a neighbour; nothing is changed here.

What a command needs stands in the table of commands; here stands how each need is looked at. Every refusal is a 4xx
error that says how to send all the same, where that is allowed.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from main_controller import nodes
from main_controller.commands.asked import Order
from main_controller.commands.kind import Kinds, Need
from main_controller.errors import ConflictError, NeighbourError, NotFoundError
from main_controller.neighbours.apis_web import ApisWeb
from main_controller.picture.data_collector import DataCollector
from main_controller.setting_table import Settings
from main_controller.storage.ledger import Ledger
from main_controller.storage.ledger_row import Row
from main_controller.storage.schedule_files import Schedules

_ALL_THE_SAME = "force=true sends all the same"


@dataclass(frozen=True, slots=True)
class Preconditions:
    """Each method raises NotFoundError or ConflictError, or lets the command pass."""

    settings: Settings
    collector: DataCollector
    apis_web: ApisWeb
    ledger: Ledger
    schedules: Schedules
    kinds: Kinds

    def before(self, order: Order) -> None:
        """Look at what may take a moment: a neighbour or the disk is asked."""
        self._look(order, _SLOW)

    def at_once(self, order: Order) -> None:
        """Look at all else, in one step with the row: of two commands that exclude each other only one passes."""
        self._look(order, _AT_ONCE)

    def _look(self, order: Order, checks: Mapping[Need, Callable[["Preconditions", Order], None]]) -> None:
        for need in self.kinds.of(order.command).needs_of(order.target):
            if need in checks:
                checks[need](self, order)

    def _only_with_apis(self, order: Order) -> None:
        """Modes, shutdown and schedules are apis-web's."""
        if not self.settings.apis:
            raise ConflictError(
                f"{order.command} needs apis-web, and this Main Controller runs without (apis = False)",
                "needs_apis_web",
                command=order.command,
            )

    def _known(self, order: Order) -> None:
        """A node that somebody knows, and (but with force) is not lost."""
        self._must_be_known(order.target, also_lost=order.force)

    def _known_or_cleared(self, order: Order) -> None:
        """A node that somebody knows; a schedule that lies there can be cleared, whoever knows the node."""
        unit, operation = order.unit, order.values["operation"]
        if unit is None or unit in self.collector.freshness.histories:
            return
        is_there = self.schedules.read().find(unit, operation) is not None
        if "value" in order.values or not is_there:
            self._must_be_known(unit, also_lost=True)

    def _must_be_known(self, unit: str, *, also_lost: bool) -> None:
        state = self.collector.freshness.state(unit, time.monotonic())
        if state is None:
            self.collector.picture()  # says why there is no picture yet, if that is the reason
            raise NotFoundError(f"unknown node {unit[:200]!r}", "unknown_node", node=unit[:200])
        if state == "lost" and not also_lost:
            raise ConflictError(
                f"node {unit[:200]!r} is lost: apis-web has no data of it; {_ALL_THE_SAME}",
                "node_lost",
                node=unit[:200],
            )

    def _only_manual(self, order: Order) -> None:
        """But with force: a fresh node whose effective mode is manual, with no other mode under way."""
        unit = order.target
        self._must_be_known(unit, also_lost=order.force)
        if order.force:
            return
        snapshot = self.collector.picture()
        state = snapshot.freshness.state(unit, time.monotonic())
        if state != "fresh":
            raise ConflictError(
                f"node {unit[:200]!r} is {state}: its data are not known to be live; {_ALL_THE_SAME}",
                "node_not_fresh",
                node=unit[:200],
                state=state,
            )
        self._none_under_way(self.kinds.under_way(self.ledger.open_rows(), unit))
        mode = nodes.effective_mode(snapshot.nodes[unit])
        if self.settings.apis and mode != nodes.MANUAL:
            raise ConflictError(
                f"node {unit[:200]!r} is in mode {mode!r}, not in manual; {_ALL_THE_SAME}",
                "node_not_manual",
                node=unit[:200],
                mode=mode,
            )

    def _all_manual(self, order: Order) -> None:
        """But with force: every fresh node (at least one) in manual, with no other mode under way."""
        if order.force:
            return
        fresh = self.collector.picture().fresh(time.monotonic())
        others = [unit for unit, node in fresh.items() if nodes.effective_mode(node) != nodes.MANUAL]
        if not fresh:
            raise ConflictError(f"no node is fresh, so no mode is known; {_ALL_THE_SAME}", "no_fresh_node")
        if others:
            raise ConflictError(
                f"not in manual: {', '.join(others[:5])}; {_ALL_THE_SAME}", "nodes_not_manual", nodes=others[:5]
            )
        rows = [row for row in self.ledger.open_rows() if row.target == nodes.CLUSTER or row.target in fresh]
        for target in (nodes.CLUSTER, *{row.target for row in rows}):
            self._none_under_way(self.kinds.under_way(rows, target))

    def _inactive_now(self, order: Order) -> None:
        """While ``apis = False``, but with force: asks the former Budo, now, whether the cluster is inactive."""
        if self.settings.apis or order.force:
            return
        try:
            active = self.apis_web.active()
        except NeighbourError as error:
            raise ConflictError(
                f"whether the cluster is active is not known ({error}); {_ALL_THE_SAME}",
                "activity_unknown",
                reason=str(error),
            ) from error
        if active:
            raise ConflictError(f"the cluster is active; {_ALL_THE_SAME}", "cluster_active")

    def _none_under_way(self, row: Row | None) -> None:
        """No mode that is being sent, was accepted, or may have been, and is not yet seen."""
        if row is not None:
            raise ConflictError(
                f"the mode of command {row.id} ({nodes.who(row.target)}) was sent but is not yet seen in the data; "
                + _ALL_THE_SAME,
                "mode_under_way",
                command=row.id,
                target=row.target,
            )


_SLOW: Mapping[Need, Callable[[Preconditions, Order], None]] = {
    Need.ONLY_WITH_APIS: Preconditions._only_with_apis,
    Need.KNOWN_OR_CLEARED: Preconditions._known_or_cleared,
    Need.INACTIVE_NOW: Preconditions._inactive_now,
}
_AT_ONCE: Mapping[Need, Callable[[Preconditions, Order], None]] = {
    Need.KNOWN: Preconditions._known,
    Need.ONLY_MANUAL: Preconditions._only_manual,
    Need.ALL_MANUAL: Preconditions._all_manual,
}
