"""In which state a command may be sent: questions to the picture and the ledger; nothing is changed here.

Every refusal is a 4xx error that says how to send all the same, where that is allowed.
"""

import time
from dataclasses import dataclass

from main_controller import nodes
from main_controller.commands.kind import Kinds
from main_controller.errors import ConflictError, NeighbourError, NotFoundError
from main_controller.neighbours.apis_web import ApisWeb
from main_controller.picture.data_collector import DataCollector
from main_controller.setting_table import Settings
from main_controller.storage.ledger import Ledger
from main_controller.storage.ledger_row import Row

_ALL_THE_SAME = "force=true sends all the same"


@dataclass(frozen=True, slots=True)
class Preconditions:
    """Each method raises NotFoundError or ConflictError, or lets the command pass."""

    settings: Settings
    collector: DataCollector
    apis_web: ApisWeb
    ledger: Ledger
    kinds: Kinds

    def only_with_apis(self, command: str) -> None:
        """Modes, shutdown and schedules are apis-web's."""
        if not self.settings.apis:
            raise ConflictError(
                f"{command} needs apis-web, and this Main Controller runs without (apis = False)",
                "needs_apis_web",
                command=command,
            )

    def known(self, unit: str, *, force: bool) -> None:
        """A node that somebody knows, and (but with ``force``) is not lost."""
        state = self.collector.freshness.state(unit, time.monotonic())
        if state is None:
            self.collector.picture()  # says why there is no picture yet, if that is the reason
            raise NotFoundError(f"unknown node {unit[:200]!r}", "unknown_node", node=unit[:200])
        if state == "lost" and not force:
            raise ConflictError(
                f"node {unit[:200]!r} is lost: apis-web has no data of it; {_ALL_THE_SAME}",
                "node_lost",
                node=unit[:200],
            )

    def only_manual(self, unit: str, *, force: bool) -> None:
        """But with ``force``: a fresh node whose effective mode is manual, with no other mode under way."""
        self.known(unit, force=force)
        if force:
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

    def all_manual(self) -> None:
        """Every fresh node (at least one) in manual, with no other mode under way."""
        fresh = self.collector.picture().fresh(time.monotonic())
        others = [unit for unit, node in fresh.items() if nodes.effective_mode(node) != nodes.MANUAL]
        if not fresh:
            raise ConflictError(f"no node is fresh, so no mode is known; {_ALL_THE_SAME}", "no_fresh_node")
        if others:
            raise ConflictError(
                f"not in manual: {', '.join(others[:5])}; {_ALL_THE_SAME}", "nodes_not_manual", nodes=others[:5]
            )
        rows = [row for row in self.ledger.open_rows() if not row.target or row.target in fresh]
        for unit in (nodes.CLUSTER, *{row.target for row in rows}):
            self._none_under_way(self.kinds.under_way(rows, unit))

    def inactive_now(self) -> None:
        """While ``apis = False``: asks the former Budo, now, whether the cluster is inactive."""
        if self.settings.apis:
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
                f"the mode of command {row.id} ({row.target or 'cluster'}) was sent but is not yet seen in the data; "
                + _ALL_THE_SAME,
                "mode_under_way",
                command=row.id,
                target=row.target,
            )
