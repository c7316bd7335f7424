"""Pure: how old a node's data can be at most, told from when its clock was seen to change, and when to look again.

apis-main reads its hardware some 5 s apart, apis-web gathers that some 5 s apart, and we poll that: what a poll shows
was true up to 14 s ago (contract, section 2b). The data's own time cannot be compared with ours, so the age is an upper
bound: a change first seen at one poll was gathered after the poll before it, and holds readings that may be one more
rhythm old. All times are on the monotonic clock, s.
"""

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from main_controller.neighbours.apis_web import GATHER_S

READING_S = 0.8  # reading the hardware and passing it on, at most but for a share of the cases
_DRIFT_S = 0.1  # how far a gathering may be from its rhythm
_REMEMBERED, _ENOUGH = 13, 3
_RETRY_S = 1.0
_MOST_MISSES = 3


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When one node's data changed: between ``after_s`` and ``by_s`` the last time, and the ``gaps`` before it.

    ``true_since_s``: what is shown was true at the hardware at some moment since then; None while no change was seen.
    ``gap_s``: how far apart the changes are, once enough of them were seen.
    """

    after_s: float | None = None
    by_s: float | None = None
    true_since_s: float | None = None
    gaps: tuple[float, ...] = ()
    gap_s: float | None = None

    def read_after(self, at_s: float) -> bool:
        """Whether what is shown was read from the hardware after ``at_s``, so that it cannot be older."""
        return self.true_since_s is not None and self.true_since_s >= at_s

    def changed(self, before_s: float, now_s: float, interval_s: float) -> "Rhythm":
        """After a change that the poll asked for at ``before_s`` did not show yet and that of ``now_s`` shows."""
        gaps = self.gaps if self.by_s is None else (*self.gaps, now_s - self.by_s)[-_REMEMBERED:]
        gap_s = statistics.median(gaps) if len(gaps) >= _ENOUGH else None
        # Polled more seldom than it is gathered, a node shows our own rhythm, not its own.
        is_ours = gap_s is not None and GATHER_S <= gap_s <= 1.5 * interval_s
        after_s, by_s = before_s, now_s
        if gap_s is not None and not (is_ours and interval_s > GATHER_S):
            after_s, by_s = self._narrowed(before_s, now_s, gap_s)
        rhythm_s = GATHER_S if gap_s is None or is_ours else gap_s
        since_s = after_s - rhythm_s - READING_S
        if self.true_since_s is not None:
            since_s = max(since_s, self.true_since_s)
        return Rhythm(after_s, by_s, since_s, gaps, gap_s)

    def _narrowed(self, after_s: float, by_s: float, gap_s: float) -> tuple[float, float]:
        """The bracket of this change, cut to where the rhythm of the last one lets it be expected."""
        if self.after_s is None or self.by_s is None:
            return after_s, by_s
        steps = round((by_s - self.by_s) / gap_s)
        if not 1 <= steps <= 2:  # after a longer pause nothing is expected
            return after_s, by_s
        drift_s = steps * _DRIFT_S
        low, high = self.after_s + steps * gap_s - drift_s, self.by_s + steps * gap_s + drift_s
        low, high = max(after_s, low), min(by_s, high)
        return (low, high) if low <= high else (after_s, by_s)


class PollPlan:
    """When to poll next: just after the next change is due, so that it is shown soon; else at the interval."""

    def __init__(self, interval_s: float) -> None:
        self._interval_s = interval_s
        self._retry_s = min(_RETRY_S, interval_s / 5)
        self._due_s: float | None = None
        self._misses = 0

    def next_s(self, changed: Iterable[Rhythm], now_s: float) -> float:
        """When to poll after one at ``now_s`` that showed these rhythms to have changed."""
        due = [due_s for one in changed if (due_s := self._aim(one, now_s)) is not None]
        if due:
            self._due_s, self._misses = max(due), 0
        if self._due_s is None:
            return now_s + self._interval_s
        if now_s < self._due_s:
            return min(self._due_s, now_s + self._interval_s)
        self._misses += 1
        return now_s + (self._retry_s if self._misses <= _MOST_MISSES else self._interval_s)

    def _aim(self, rhythm: Rhythm, now_s: float) -> float | None:
        """Just after the next change of one rhythm; None while it is not known."""
        if rhythm.after_s is None or rhythm.by_s is None or rhythm.gap_s is None:
            return None
        # A wide bracket is halved by looking in its middle; a narrow one is known well enough.
        is_narrow = rhythm.by_s - rhythm.after_s <= self._retry_s
        at_s = rhythm.by_s + 0.1 * self._retry_s if is_narrow else (rhythm.after_s + rhythm.by_s) / 2
        # The middle of a bracket as wide as the interval is half an interval away, less what a poll takes.
        soonest_s = now_s + self._interval_s * (0.4 if self._interval_s <= GATHER_S else 0.5)
        return at_s + max(1, math.ceil((soonest_s - at_s) / rhythm.gap_s)) * rhythm.gap_s
