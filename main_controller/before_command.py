"""Which nodes' data are from before a command that may have changed them.

From the moment a command is sent until data that cannot be older than it have come, the values it may have changed are
known to be past.
"""

import threading

from main_controller.freshness import Freshness, History
from main_controller.ledger_row import Row
from main_controller.rhythm import GATHER_S

_CHANGE_VALUES = frozenset({"setOperationMode", "set/budo", "set/dcdc", "stopAll", "shutDown"})
NOTHING_HAPPENED = frozenset({"refused", "failed"})
FORGET_AFTER_S = 3600.0
MOST_OF_A_TARGET = 4


class BeforeCommand:
    """Remembers commands until every node that they concern has newer data; methods may be called by any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._began: dict[int, tuple[Row, float]] = {}

    def began(self, row: Row, now_s: float) -> None:
        """A command is about to be sent at ``now_s`` (monotonic clock)."""
        if row.command in _CHANGE_VALUES:
            with self._lock:
                # The later of two for the same target counts for the earlier too, unless it comes to nothing.
                same = [row_id for row_id, (other, _) in self._began.items() if other.target == row.target]
                for row_id in same[: 1 - MOST_OF_A_TARGET]:
                    del self._began[row_id]
                self._began[row.id] = (row, now_s)

    def ended(self, row: Row, outcome: str) -> None:
        """What came of it: of one that nobody carried out nothing is past."""
        if outcome in NOTHING_HAPPENED:
            with self._lock:
                self._began.pop(row.id, None)

    def told(self, freshness: Freshness, now_s: float) -> dict[str, int]:
        """By node, the id of the last command that its data may be older than."""
        with self._lock:
            began = list(self._began.values())
        found: dict[str, int] = {}
        over = []
        for row, began_s in began:
            histories = freshness.histories
            concerned = histories if not row.target else [row.target] if row.target in histories else []
            older = [
                unit
                for unit in concerned
                if histories[unit].present and _is_older(histories[unit], row, began_s, now_s)
            ]
            if not older or now_s - began_s > FORGET_AFTER_S:
                over.append(row.id)
            found |= dict.fromkeys(older, row.id)
        if over:
            with self._lock:
                for row_id in over:
                    self._began.pop(row_id, None)
        return found


def _is_older(history: History, row: Row, began_s: float, now_s: float) -> bool:
    answered_at_s = history.answered_at_s
    answered = row.command == "set/dcdc" and answered_at_s is not None and answered_at_s >= began_s
    if answered and answered_at_s is not None and now_s - answered_at_s < GATHER_S:
        return False  # what is shown is the converter's own answer to it
    since_s = history.rhythm.true_since_s
    return since_s is None or since_s < began_s
