"""One row of the ledger."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Outcome = Literal["sending", "accepted", "refused", "failed", "unknown", "partial"]

WATCHING, WAITING_FOR_DATA, OBSERVED, NOT_TAKEN = "watching", "waiting for data", "observed", "not taken"
SUPERSEDED = "superseded by"


@dataclass(frozen=True, slots=True)
class Row:
    """One command. ``observed``: None where nothing can be seen of it, else how far it was seen in the data."""

    id: int
    at: datetime  # UTC
    origin: str  # told as "from": address and browser or script, or the schedule
    command: str
    target: str
    values: dict[str, Any]
    outcome: Outcome = "sending"
    answer: Any = None
    observed: str | None = None
    observed_after_s: float | None = None
    watched: bool = False
    key: str | None = None  # the page's own id for it, by which it finds it when no answer came

    def is_open(self) -> bool:
        """Whether it is being sent, or still to be seen."""
        return self.watched or self.outcome == "sending"

    def told(self) -> dict[str, Any]:
        """The row as ``/commands`` answers it."""
        return {
            "id": self.id,
            "at": self.at.isoformat("T", "milliseconds"),
            "from": self.origin,
            "command": self.command,
            "target": self.target,
            "values": self.values,
            "outcome": self.outcome,
            "answer": self.answer,
            "observed": self.observed,
            "observed_after_s": self.observed_after_s,
        } | ({} if self.key is None else {"key": self.key})
