"""The life of a command's row: begun before anything is sent, finished with what came of it."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import orjson

from main_controller.commands.before_command import BeforeCommand
from main_controller.commands.kind import Kinds
from main_controller.commands.observer import Observer
from main_controller.commands.outcomes import MAY_HAVE_HAPPENED
from main_controller.picture.data_collector import DataCollector
from main_controller.storage.ledger import Ledger
from main_controller.storage.ledger_row import WATCHING, Outcome, Row

_log = logging.getLogger(__name__)

SCHEDULE = "schedule"
KEY: ContextVar[str | None] = ContextVar("key", default=None)
"""The asker's own id for the command that is being asked for, which its row keeps."""
MOST_ANSWER = 64 * 1024


class Recorder:
    """Begins and finishes rows; ``modes_are_seen`` is whether the nodes report their modes."""

    def __init__(
        self,
        collector: DataCollector,
        ledger: Ledger,
        observer: Observer,
        before: BeforeCommand,
        kinds: Kinds,
        *,
        modes_are_seen: bool,
    ) -> None:
        self._before = before
        self._kinds = kinds
        self._collector = collector
        self._ledger = ledger
        self._observer = observer
        self._modes_are_seen = modes_are_seen
        self._admitting = threading.Lock()

    @contextmanager
    def carried_out(
        self,
        origin: str,
        command: str,
        target: str,
        values: dict[str, Any],
        precondition: Callable[[], None] | None = None,
    ) -> Iterator[Row]:
        """A new row, written, while the body carries the command out and calls ``finish``.

        ``precondition`` raises if the command may not be sent; then there is no row. Precondition and row are one step,
        so that of two commands that exclude each other only one passes. Whatever the body raises, no row stays without
        an outcome.
        """
        with self._admitting:
            if precondition is not None:
                precondition()
            row = self._ledger.enter(origin, command, target, values, KEY.get())
        began_s = time.monotonic()
        self._observer.began(row, self._collector.freshness.histories, began_s)
        if self._kinds.observable(command):
            self._before.began(row, began_s)
        self._ledger.written(row)
        level = logging.DEBUG if origin == SCHEDULE else logging.INFO
        _log.log(level, "command %d from %s: %s %s %s", row.id, origin, command, target or "cluster", values)
        try:
            yield row
        finally:
            now = self._ledger.get(row.id)
            if now is not None and now.outcome == "sending":
                self.finish(row, "unknown", "internal error, the log says more; it may have taken effect")

    def finish(self, row: Row, outcome: Outcome, answer: Any) -> None:
        """What came of it; where something is to be seen of it, it is watched from now on."""
        if outcome not in MAY_HAVE_HAPPENED:
            self._before.came_to_nothing(row)
        watched = outcome in MAY_HAVE_HAPPENED and self._kinds.observable(row.command) and self._can_be_seen(row)
        if not watched:
            self._observer.ended(row)
        observed = WATCHING if watched else None
        self._ledger.update(row, outcome=outcome, answer=_capped(answer), watched=watched, observed=observed)
        level = logging.INFO if outcome == "accepted" else logging.ERROR
        if row.origin == SCHEDULE:  # the Scheduler tells the edges: it tries again every few seconds
            level = logging.DEBUG
        _log.log(level, "command %d: %s%s", row.id, outcome, "" if outcome == "accepted" else f": {answer}")

    def _can_be_seen(self, row: Row) -> bool:
        return self._modes_are_seen or not self._kinds.sets_mode(row)


def _capped(answer: Any) -> Any:
    """The answer, or the beginning of it as text: a row is kept in memory and told to every page."""
    text = orjson.dumps(answer, option=orjson.OPT_NON_STR_KEYS)
    return answer if len(text) <= MOST_ANSWER else {"cut off": text[:MOST_ANSWER].decode("utf-8", "ignore")}
