"""Whether this machine's date can be believed: it is compared with the monotonic clock, which does not jump."""

from datetime import datetime, timedelta
from typing import Any

JUMP = timedelta(hours=1)
UNUSED_FOR = timedelta(days=30)  # a date so long after all that was recorded may be a wrong one


class DateWatch:
    """Looks at the date again and again; tells jumps, and a date that no jump has moved."""

    def __init__(self) -> None:
        self._last: tuple[datetime, float] | None = None
        self._first: datetime | None = None
        self._jumped = timedelta(0)
        self._report: dict[str, Any] | None = None

    def look(self, now: datetime, now_s: float) -> timedelta | None:
        """By how much the date has jumped since the last look, if by more than JUMP."""
        last, self._last = self._last, (now, now_s)
        if last is None:
            self._first = now
            return None
        jump = now - last[0] - timedelta(seconds=now_s - last[1])
        if abs(jump) <= JUMP:
            return None
        self._jumped += jump
        back = abs(self._jumped) <= JUMP  # it is again as it was
        self._report = (
            None if back else {"jumped_s": round(self._jumped.total_seconds()), "at": now.isoformat("T", "seconds")}
        )
        return jump

    def report(self) -> dict[str, Any] | None:
        """For ``/get/freshness``: by how many s the date has jumped since the start, and when; None if it has not."""
        return self._report

    def unmoved(self, now: datetime, newest: datetime | None) -> datetime:
        """The date by which old things may be removed: never one that a jump, or a wrong date at the start, put ahead.

        ``newest``: of all that was recorded before this start.
        """
        if newest is not None and self._first is not None and self._first < newest:
            return now  # the date was behind at the start, as without a clock that goes on, and was put right
        steady = min(now, now - self._jumped)
        if newest is not None and steady - newest > UNUSED_FOR:
            return newest
        return steady
