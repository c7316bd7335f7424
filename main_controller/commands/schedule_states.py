"""Pure: where a schedule stands, in words and as a code with its names and numbers; a pending one says why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from main_controller import nodes


@dataclass(frozen=True, slots=True)
class ScheduleState:
    """``words`` for people who read the routes, ``code`` and ``params`` for the page."""

    words: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def as_answer(self) -> dict[str, Any]:
        """As ``/schedules/state`` has it."""
        return {"state": self.words, "code": self.code, "params": dict(self.params)}


TO_COME = ScheduleState("to come", "to_come")
IN_FORCE = ScheduleState("in force", "in_force")


def _pending(words: str, reason: str, **params: Any) -> ScheduleState:
    return ScheduleState(f"pending: {words}", "pending", {"reason": reason} | params)


NOT_SENT_YET = _pending("not sent yet", "not_sent_yet")


def without_data(target: str) -> ScheduleState:
    """Nobody knows in which mode ``target`` is."""
    if target == nodes.CLUSTER:
        return _pending("no node is fresh", "no_fresh_node")
    return _pending(f"{target} is not fresh", "node_not_fresh", node=target)


def mode_under_way(command_id: int) -> ScheduleState:
    """A mode that somebody else has set is not yet seen."""
    return _pending(f"the mode of command {command_id} is not yet seen", "mode_under_way", command=command_id)


def not_accepted(error: Mapping[str, Any]) -> ScheduleState:
    """The Soft Stop was refused or not reached; ``error`` as in an answer."""
    return _pending(f"not accepted: {error.get('error')}", "not_accepted", error=dict(error))


def date_jumped(jump: timedelta, left_s: float) -> ScheduleState:
    """It is due only since the date of this machine has jumped, and takes effect in ``left_s``."""
    words = f"the date jumped by {jump}; takes effect in {left_s:.0f} s unless cleared"
    return _pending(words, "date_jumped", jumped_s=round(jump.total_seconds()), in_s=round(left_s))
