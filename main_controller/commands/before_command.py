"""Which nodes' data are from before a command that may have changed them.

From the moment a command is sent until data that cannot be older than it have come, the values it may have changed are
known to be past. The observer asks less: data that were gathered after the command are enough to have seen it.
"""

import threading

from main_controller import nodes
from main_controller.commands.kind import Kinds
from main_controller.neighbours.apis_web import GATHER_S
from main_controller.picture.freshness import UNSEEN, Freshness, History
from main_controller.storage.ledger_row import Row

FORGET_AFTER_S = 3600.0
MOST_OF_A_TARGET = 4


class BeforeCommand:
    """Remembers commands until every node that they concern has newer data; methods may be called by any thread."""

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
        self._lock = threading.Lock()
        self._began: dict[int, tuple[Row, float]] = {}

    def began(self, row: Row, now_s: float) -> None:
        """A command that changes what is shown is about to be sent at ``now_s`` (monotonic clock)."""
        with self._lock:
            # The later of two for the same target counts for the earlier too, unless it comes to nothing.
            same = [row_id for row_id, (other, _) in self._began.items() if other.target == row.target]
            for row_id in same[: 1 - MOST_OF_A_TARGET]:
                del self._began[row_id]
            self._began[row.id] = (row, now_s)

    def came_to_nothing(self, row: Row) -> None:
        """Nobody carried it out: nothing is past for it."""
        with self._lock:
            self._began.pop(row.id, None)

    def older_nodes(self, freshness: Freshness, now_s: float) -> dict[str, int]:
        """By node that has data from before a command, the id of the last command that its data may be older than."""
        with self._lock:
            began = list(self._began.values())
        found: dict[str, int] = {}
        over = []
        histories = freshness.histories
        for row, began_s in began:
            is_for_all = row.target == nodes.CLUSTER
            concerned = histories if is_for_all else {row.target: histories.get(row.target, UNSEEN)}
            older = [
                unit
                for unit, history in concerned.items()
                if history.present and self._is_older(history, row, began_s, now_s)
            ]
            if not older or now_s - began_s > FORGET_AFTER_S:
                over.append(row.id)
            found |= dict.fromkeys(older, row.id)
        if over:
            with self._lock:
                for row_id in over:
                    self._began.pop(row_id, None)
        return found

    def _is_older(self, history: History, row: Row, began_s: float, now_s: float) -> bool:
        answered_at_s = history.answered_at_s
        if answered_at_s is not None and began_s <= answered_at_s > now_s - GATHER_S and self._is_answered_for(row):
            return False
        return not history.rhythm.read_after(began_s)

    def _is_answered_for(self, row: Row) -> bool:
        """Whether the converter's own answer to the command is shown, for as long as apis-web gathers."""
        return row.target != nodes.CLUSTER and self._kinds.of(row.command).sets_converter
