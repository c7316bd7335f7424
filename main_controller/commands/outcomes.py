"""What came of a command, and how the answer to it says so."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from main_controller.errors import MainControllerError, NeighbourError, NeighbourLateError, NeighbourRefusedError
from main_controller.storage.ledger_row import Outcome

MAY_HAVE_HAPPENED = frozenset({"accepted", "unknown", "partial"})


@dataclass(frozen=True, slots=True)
class Note:
    """What an answer says beside its outcome: one word that stays as it is, with its names and numbers."""

    code: str
    params: Mapping[str, Any]

    def as_answer(self) -> dict[str, Any]:
        """The note as answers and rows have it."""
        return {"code": self.code, "params": dict(self.params)}


@dataclass(frozen=True, slots=True)
class Report:
    """What came of one of several targets."""

    outcome: Outcome
    answer: Any
    error: NeighbourError | None


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to a command: HTTP status, body, and the id of its row."""

    status: int
    body: dict[str, Any]
    command_id: int
    outcome: Outcome

    def noting(self, name: str, sentence: str, note: Note) -> "Result":
        """The same; its body says ``sentence`` under ``name``, and ``note`` among its ``notes``."""
        notes = [*self.body.get("notes", ()), note.as_answer()]
        return replace(self, body=self.body | {name: sentence, "notes": notes})


def outcome_of(error: NeighbourError | None) -> Outcome:
    """Accepted without an error; else refused, failed (nothing was sent) or unknown (it may have happened)."""
    if error is None:
        return "accepted"
    if isinstance(error, NeighbourRefusedError):
        return "refused"
    return "unknown" if error.sent else "failed"


def worded(error: NeighbourError) -> str:
    """The error's text; where the command may have taken effect all the same, it says so."""
    return f"{error}; it may have taken effect" if outcome_of(error) == "unknown" else str(error)


def gathered(reports: Collection[Report]) -> tuple[Outcome, int, MainControllerError | None]:
    """The outcome of all together, the HTTP status (504 where every failure was lateness), and what went wrong."""
    failures = [report for report in reports if report.error is not None]
    if not failures:
        return "accepted", 200, None
    status = 504 if all(isinstance(report.error, NeighbourLateError) for report in failures) else 502
    words = "; ".join(worded(report.error) for report in failures[:5] if report.error is not None)
    more = f"; and {len(failures) - 5} more" if len(failures) > 5 else ""
    error = MainControllerError(
        f"{len(failures)} of {len(reports)} not accepted: {words}{more}",
        "not_all_accepted",
        failed=len(failures),
        asked=len(reports),
    )
    outcomes = {report.outcome for report in reports}
    return (outcomes.pop() if len(outcomes) == 1 else "partial"), status, error
