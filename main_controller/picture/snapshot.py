"""The picture of the cluster: immutable, built whole, swapped whole."""

import dataclasses
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from main_controller.nodes import Node
from main_controller.picture.freshness import Freshness
from main_controller.picture.representation import Representation


@dataclass(frozen=True)
class Snapshot:
    """All nodes of one good poll, what is known of their freshness, and the bytes that ``/get/logInfo`` answers."""

    nodes: Mapping[str, Node]
    freshness: Freshness
    received_at_s: float  # monotonic clock
    representation: Representation = field(repr=False)

    @classmethod
    def of(cls, nodes: Mapping[str, Any], freshness: Freshness, now_s: float) -> "Snapshot":
        """The snapshot of ``nodes`` received at ``now_s``; the caller must not change them afterwards."""
        return cls(MappingProxyType(dict(nodes)), freshness, now_s, Representation.of(nodes))

    @functools.cached_property
    def true_since_s(self) -> float:
        """Since when (monotonic clock) the oldest data of the nodes that move together were true."""
        since_s = self.freshness.true_since_s()
        return self.received_at_s if since_s is None else since_s

    def age_s(self, now_s: float, units: Iterable[str] | None = None) -> float:
        """How old, at most, the oldest data of ``units`` are, or of all nodes that move together."""
        if units is None:
            return now_s - self.true_since_s
        since_s = self.freshness.true_since_s(units)
        return now_s - (self.true_since_s if since_s is None else since_s)

    def with_freshness(self, freshness: Freshness) -> "Snapshot":
        """The same picture after something else was learnt of who is there."""
        return dataclasses.replace(self, freshness=freshness)

    def fresh(self, now_s: float) -> dict[str, Node]:
        """The nodes whose data are live at ``now_s``."""
        return {unit: node for unit, node in self.nodes.items() if self.freshness.state(unit, now_s) == "fresh"}


def that_can_be_sent(polled: Mapping[str, Any]) -> dict[str, Any]:
    """``polled`` without the nodes that cannot be written as JSON again (nested too deeply): a broken node costs that
    node only."""
    return {unit: node for unit, node in polled.items() if _can_be_sent(node)}


def _can_be_sent(node: Any) -> bool:
    try:
        Representation.of(node)
    except TypeError:
        return False
    return True


class SnapshotHolder:
    """Holds the current snapshot; readers take it without a lock because one assignment replaces it whole."""

    def __init__(self) -> None:
        self._current: Snapshot | None = None

    @property
    def current(self) -> Snapshot | None:
        """The last good snapshot, None before the first."""
        return self._current

    def swap(self, snapshot: Snapshot) -> None:
        """Replace the picture."""
        self._current = snapshot
