"""In which state a command may be sent; pure questions to the picture and the ledger, nothing is sent here.

Every refusal is a 4xx error that says how to send all the same, where that is allowed.
"""

import time
from dataclasses import dataclass

from main_controller import nodes
from main_controller.data_collector import DataCollector
from main_controller.deals import Deals
from main_controller.errors import ConflictError, NeighbourError, NotFoundError
from main_controller.ledger import Ledger, Row
from main_controller.observer import global_value
from main_controller.settings import Settings

_ALL_THE_SAME = "force=true sends all the same"


@dataclass(frozen=True, slots=True)
class Gates:
    """Each method raises NotFoundError or ConflictError, or lets the command pass."""

    settings: Settings
    collector: DataCollector
    deals: Deals
    ledger: Ledger

    def only_with_apis(self, command: str) -> None:
        """Modes, shutdown and schedules are apis-web's."""
        if not self.settings.apis:
            raise ConflictError(f"{command} needs apis-web, and this Main Controller runs without (apis = False)")

    def known(self, unit: str, *, force: bool) -> None:
        """A node that somebody knows, and (but with ``force``) is not lost."""
        state = self.collector.freshness.state(unit, time.monotonic())
        if state is None:
            self.collector.picture()  # says why there is no picture yet, if that is the reason
            raise NotFoundError(f"unknown node {unit[:200]!r}")
        if state == "lost" and not force:
            raise ConflictError(f"node {unit[:200]!r} is lost: apis-web has no data of it; {_ALL_THE_SAME}")

    def only_manual(self, unit: str, *, force: bool) -> None:
        """But with ``force``: a fresh node whose effective mode is manual, with no other mode under way."""
        self.known(unit, force=force)
        if force:
            return
        state = self.collector.freshness.state(unit, time.monotonic())
        if state != "fresh":
            raise ConflictError(f"node {unit[:200]!r} is {state}: its data are not known to be live; {_ALL_THE_SAME}")
        self._no_mode_under_way(unit)
        if not self.settings.apis:
            self._only_inactive()
            return
        mode = nodes.effective_mode(self.collector.picture().nodes[unit])
        if mode != "manual":
            raise ConflictError(f"node {unit[:200]!r} is in mode {mode!r}, not in manual; {_ALL_THE_SAME}")

    def all_manual(self) -> None:
        """Every fresh node (at least one) in manual, with no other mode under way."""
        fresh = self.fresh_nodes()
        others = [unit for unit, node in fresh.items() if nodes.effective_mode(node) != "manual"]
        if not fresh:
            raise ConflictError(f"no node is fresh, so no mode is known; {_ALL_THE_SAME}")
        if others:
            raise ConflictError(f"not in manual: {', '.join(others[:5])}; {_ALL_THE_SAME}")
        self._no_mode_under_way(None)

    def fresh_nodes(self) -> dict[str, nodes.Node]:
        """The nodes whose data are live."""
        try:
            snapshot = self.collector.picture()
        except NeighbourError:
            return {}
        freshness, now_s = self.collector.freshness, time.monotonic()
        return {unit: node for unit, node in snapshot.nodes.items() if freshness.state(unit, now_s) == "fresh"}

    def _only_inactive(self) -> None:
        try:
            active = self.deals.active.get()
        except NeighbourError as error:
            raise ConflictError(f"whether the cluster is active is not known ({error}); {_ALL_THE_SAME}") from error
        if active.value or active.age_s > self.settings.stale_after:
            raise ConflictError(f"the cluster is active, or not known to be inactive; {_ALL_THE_SAME}")

    def _no_mode_under_way(self, unit: str | None) -> None:
        """No mode that was accepted, or may have been, and is not yet seen: of the cluster, of ``unit`` (None: any)."""
        row = next((row for row in self.ledger.watched() if _sets_mode(row, unit)), None)
        if row is not None:
            raise ConflictError(
                f"the mode of command {row.id} ({row.target or 'cluster'}) was sent but is not yet seen in the data; "
                + _ALL_THE_SAME
            )


def _sets_mode(row: Row, unit: str | None) -> bool:
    if global_value(row) is not None:
        return True
    return row.command == "setOperationMode" and unit in {None, row.target}
