"""Pure: how old a node's data can be at most, told from when its clock was seen to change, and when to look again.

apis-main reads its hardware some 5 s apart, apis-web gathers that some 5 s apart, and we poll that: what a poll shows
was true up to 14 s ago (contract, section 2b). The data's own time cannot be compared with ours, so the age is an upper
bound: a change first seen at one poll was gathered after the poll before it, and holds readings that may be one more
rhythm old. All times are on the monotonic clock, s.
"""

import dataclasses
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

GATHER_S = 5.0  # how far apart apis-web gathers, as far as nothing else was learnt (contract, section 2)
READING_S = 0.85
_DRIFT_S = 0.1
_REMEMBERED, _ENOUGH = 9, 3
_NARROW_S = 1.0
_RETRY_S = 1.0
_MOST_MISSES = 3


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When one node's data changed: between ``after_s`` and ``by_s`` the last time, and the ``gaps`` before it.

    ``true_since_s``: what is shown was true at the hardware at some moment since then; None while no change was seen.
    """

    after_s: float | None = None
    by_s: float | None = None
    true_since_s: float | None = None
    gaps: tuple[float, ...] = ()

    @property
    def gap_s(self) -> float | None:
        """How far apart the changes are, once enough of them were seen."""
        return statistics.median(self.gaps) if len(self.gaps) >= _ENOUGH else None

    def changed(self, before_s: float, now_s: float, interval_s: float) -> "Rhythm":
        """After a change that the poll asked for at ``before_s`` did not show yet and that of ``now_s`` shows."""
        gaps = self.gaps if self.by_s is None else (*self.gaps, now_s - self.by_s)[-_REMEMBERED:]
        known = dataclasses.replace(self, gaps=gaps)
        after_s, by_s = known._narrowed(before_s, now_s, interval_s)
        gap_s = known.gap_s
        # Polled more seldom than it is gathered, a node shows our own rhythm, not its own.
        learnt = gap_s is not None and (gap_s < GATHER_S or gap_s > 1.5 * interval_s)
        rhythm_s = gap_s if learnt and gap_s is not None else GATHER_S
        since_s = after_s - rhythm_s - READING_S
        if self.true_since_s is not None:
            since_s = max(since_s, self.true_since_s)
        return Rhythm(after_s, by_s, since_s, gaps)

    def _narrowed(self, after_s: float, by_s: float, interval_s: float) -> tuple[float, float]:
        """The bracket of this change, cut to where the rhythm of the last one lets it be expected."""
        gap_s = self.gap_s
        if gap_s is None or self.after_s is None or self.by_s is None:
            return after_s, by_s
        if interval_s > GATHER_S and gap_s <= 1.5 * interval_s:
            return after_s, by_s  # this is our own rhythm
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
        self._misses = _MOST_MISSES

    def next_s(self, changed: Iterable[Rhythm], now_s: float) -> float:
        """When to poll after one at ``now_s`` that showed these rhythms to have changed."""
        newest = max(
            (one for one in changed if one.gap_s and one.after_s is not None),
            key=lambda one: one.after_s or 0,
            default=None,
        )
        if newest is not None:
            self._misses = 0
            return self._aim(newest, now_s)
        self._misses += 1
        return now_s + (self._retry_s if self._misses <= _MOST_MISSES else self._interval_s)

    def _aim(self, rhythm: Rhythm, now_s: float) -> float:
        after_s, by_s, gap_s = rhythm.after_s or now_s, rhythm.by_s or now_s, rhythm.gap_s or self._interval_s
        # A wide bracket is halved by looking in its middle; a narrow one is known well enough.
        at_s = by_s + 0.1 * self._retry_s if by_s - after_s <= _NARROW_S * self._retry_s else (after_s + by_s) / 2
        at_s += gap_s
        while at_s < now_s + 0.5 * self._interval_s:
            at_s += gap_s
        return min(at_s, now_s + self._interval_s)
