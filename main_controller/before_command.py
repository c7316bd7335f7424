"""Which nodes' data are from before a command that may have changed them.

From the moment a command is sent until data that cannot be older than it have come, the values it may have changed are
known to be past.
"""

import threading

from main_controller.freshness import Freshness, History
from main_controller.ledger_row import Row

_CHANGE_VALUES = frozenset({"setOperationMode", "set/budo", "set/dcdc", "stopAll", "shutDown"})
NOTHING_HAPPENED = frozenset({"refused", "failed"})
FORGET_AFTER_S = 3600.0


class BeforeCommand:
    """Remembers commands until every node that they concern has newer data; methods may be called by any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._began: dict[int, tuple[Row, float]] = {}

    def began(self, row: Row, now_s: float) -> None:
        """A command is about to be sent at ``now_s`` (monotonic clock)."""
        if row.command in _CHANGE_VALUES:
            with self._lock:
                self._began[row.id] = (row, now_s)

    def ended(self, row: Row, outcome: str) -> None:
        """What came of it: of one that nobody carried out nothing is past."""
        if outcome in NOTHING_HAPPENED:
            with self._lock:
                self._began.pop(row.id, None)

    def told(self, freshness: Freshness, now_s: float) -> dict[str, int]:
        """By node, the id of the last command that its data may be older than."""
        found: dict[str, int] = {}
        with self._lock:
            for row_id, (row, began_s) in list(self._began.items()):
                older = [
                    unit
                    for unit, history in freshness.histories.items()
                    if history.present and row.target in {"", unit} and _is_older(history, row, began_s)
                ]
                if not older or now_s - began_s > FORGET_AFTER_S:
                    del self._began[row_id]
                found |= dict.fromkeys(older, row_id)
        return found


def _is_older(history: History, row: Row, began_s: float) -> bool:
    answered_at_s = history.answered_at_s
    if row.command == "set/dcdc" and answered_at_s is not None and answered_at_s >= began_s:
        return False  # what is shown is the converter's own answer to it
    since_s = history.rhythm.true_since_s
    return since_s is None or since_s < began_s
