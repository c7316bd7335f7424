"""One row of the ledger, and the states that it passes through."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

Outcome = Literal["sending", "accepted", "refused", "failed", "unknown", "partial"]


class RowState(StrEnum):
    """Where a command stands. Those of an outcome, where nothing is to be seen of it, have that outcome's name."""

    SENDING = "sending"
    REFUSED = "refused"
    FAILED = "failed"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    PARTIAL = "partial"
    WATCHING = "watching"
    WAITING_FOR_DATA = "waiting_for_data"
    OBSERVED = "observed"
    NOT_TAKEN = "not_taken"
    GIVEN_UP = "given_up"
    SUPERSEDED = "superseded"


WATCHED = frozenset({RowState.WATCHING, RowState.WAITING_FOR_DATA})


@dataclass(frozen=True, slots=True)
class Row:
    """One command.

    ``sight``: how far it was seen in the data; None where nothing is to be seen of it, so far or at all.
    ``state_params``: the names and numbers of its state. ``code`` and ``params``: of the error that ended it.
    """

    id: int
    at: datetime  # UTC
    origin: str  # who asked: address and browser or script, or the schedule; "from" in answers
    command: str
    target: str
    values: dict[str, Any]
    outcome: Outcome = "sending"
    answer: Any = None
    sight: RowState | None = None
    state_params: dict[str, Any] = field(default_factory=dict)
    code: str | None = None
    params: dict[str, Any] = field(default_factory=dict)
    key: str | None = None  # the page's own id for it, by which it finds it when no answer came

    @property
    def state(self) -> RowState:
        """Where it stands."""
        return self.sight or RowState(self.outcome)

    @property
    def watched(self) -> bool:
        """Whether it is still to be seen."""
        return self.sight in WATCHED

    @property
    def observed(self) -> str | None:
        """How far it was seen, in words; None where nothing can be seen of it."""
        return None if self.sight is None else _SIGHTS[self.sight].format(**self.state_params)

    @property
    def observed_after_s(self) -> float | None:
        """After how many s the data showed it."""
        return self.state_params.get("after_s") if self.sight is RowState.OBSERVED else None

    def is_open(self) -> bool:
        """Whether it is being sent, or still to be seen."""
        return self.watched or self.outcome == "sending"

    def as_answer(self) -> dict[str, Any]:
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
            "state": self.state,
            "state_params": self.state_params,
            "code": self.code,
            "params": self.params,
        } | ({} if self.key is None else {"key": self.key})


_SIGHTS = {
    RowState.WATCHING: "watching",
    RowState.WAITING_FOR_DATA: "waiting for data",
    RowState.OBSERVED: "observed",
    RowState.NOT_TAKEN: "not taken: {text}",
    RowState.GIVEN_UP: "not taken: no fresh data for an hour",
    RowState.SUPERSEDED: "superseded by {by}",
}
_PLAIN = {words: sight for sight, words in _SIGHTS.items() if "{" not in words}
_NOT_TAKEN, _SUPERSEDED = "not taken: ", "superseded by "


def sight_in_words(observed: str | None, after_s: float | None) -> tuple[RowState | None, dict[str, Any]]:
    """The sight of a row, and its params, from the words in which versions before RowState kept it."""
    words = observed or ""
    if words in _PLAIN:
        return _PLAIN[words], {} if after_s is None else {"after_s": after_s}
    if words.startswith(_NOT_TAKEN):
        return RowState.NOT_TAKEN, {"text": words.removeprefix(_NOT_TAKEN), "instead": [], "more": 0}
    if words.startswith(_SUPERSEDED) and words.removeprefix(_SUPERSEDED).isdecimal():
        return RowState.SUPERSEDED, {"by": int(words.removeprefix(_SUPERSEDED))}
    return None, {}
