"""What came of a command, and how it is told."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from main_controller.errors import NeighbourError, NeighbourLateError, NeighbourRefusedError
from main_controller.storage.ledger_row import Outcome

MAY_HAVE_HAPPENED = frozenset({"accepted", "unknown", "partial"})


@dataclass(frozen=True, slots=True)
class Report:
    """What came of one of several targets."""

    outcome: Outcome
    answer: Any
    error: NeighbourError | None


def outcome_of(error: NeighbourError | None) -> Outcome:
    """Accepted without an error; else refused, failed (nothing was sent) or unknown (it may have happened)."""
    if error is None:
        return "accepted"
    if isinstance(error, NeighbourRefusedError):
        return "refused"
    return "unknown" if error.sent else "failed"


def told(error: NeighbourError) -> str:
    """The error's text; where the command may have taken effect all the same, it says so."""
    return f"{error}; it may have taken effect" if outcome_of(error) == "unknown" else str(error)


def gathered(reports: Collection[Report]) -> tuple[Outcome, int]:
    """The outcome of all together, and the HTTP status: 504 where every failure was lateness."""
    errors = [report.error for report in reports if report.error is not None]
    if not errors:
        return "accepted", 200
    status = 504 if all(isinstance(error, NeighbourLateError) for error in errors) else 502
    outcomes = {report.outcome for report in reports}
    return (outcomes.pop() if len(outcomes) == 1 else "partial"), status
