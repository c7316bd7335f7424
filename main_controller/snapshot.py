"""The picture of the cluster: immutable, built whole, swapped whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from main_controller.nodes import Node
from main_controller.representation import Representation


@dataclass(frozen=True)
class Snapshot:
    """All nodes of one good poll, with the bytes that ``/get/logInfo`` answers."""

    nodes: Mapping[str, Node]
    received_at_s: float  # monotonic clock
    representation: Representation = field(repr=False)

    @classmethod
    def of(cls, nodes: dict[str, Any], now_s: float) -> "Snapshot":
        """The snapshot of ``nodes`` received at ``now_s``; the caller must not change them afterwards."""
        return cls(MappingProxyType(nodes), now_s, Representation.of(nodes))


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
