"""Rows of the ledger for tests."""

from typing import Any

from main_controller.storage.ledger import Ledger
from main_controller.storage.ledger_row import Row


def begun(ledger: Ledger, origin: str, command: str, target: str, values: dict[str, Any]) -> Row:
    """A new row, on the disk."""
    row = ledger.enter(origin, command, target, values)
    ledger.written(row)
    return row
