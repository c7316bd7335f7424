"""A command under way: let in and entered in one step, marked as from before the data, and ended whatever happens."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from main_controller import nodes
from main_controller.commands.before_command import BeforeCommand
from main_controller.commands.kind import Kinds
from main_controller.commands.observer import Observer
from main_controller.commands.outcomes import MAY_HAVE_HAPPENED
from main_controller.commands.row_life import RowLife
from main_controller.errors import MainControllerError
from main_controller.picture.data_collector import DataCollector
from main_controller.storage.ledger_row import Outcome, Row

_log = logging.getLogger(__name__)

SCHEDULE = "schedule"
KEY: ContextVar[str | None] = ContextVar("key", default=None)
"""The asker's own id for the command that is being asked for, which its row keeps."""


class Recorder:
    """Begins and finishes commands."""

    def __init__(
        self, collector: DataCollector, life: RowLife, observer: Observer, before: BeforeCommand, kinds: Kinds
    ) -> None:
        self._before = before
        self._kinds = kinds
        self._collector = collector
        self._life = life
        self._observer = observer
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
            row = self._life.enter(origin, command, target, values, KEY.get())
        began_s = time.monotonic()
        self._observer.began(row, self._collector.freshness.histories, began_s)
        if self._kinds.is_observable(row):
            self._before.began(row, began_s)
        self._life.written(row)
        level = logging.DEBUG if origin == SCHEDULE else logging.INFO
        _log.log(level, "command %d from %s: %s %s %s", row.id, origin, command, nodes.who(target), values)
        try:
            yield row
        finally:
            if self._life.is_sending(row):
                text = "internal error, the log says more; it may have taken effect"
                self.finish(row, "unknown", text, MainControllerError(text))

    def finish(self, row: Row, outcome: Outcome, answer: Any, error: MainControllerError | None = None) -> None:
        """What came of it, and what went wrong."""
        if outcome not in MAY_HAVE_HAPPENED:
            self._before.came_to_nothing(row)
        self._life.finish(row, outcome, answer, error)
        level = logging.INFO if outcome == "accepted" else logging.ERROR
        if row.origin == SCHEDULE:  # the Scheduler logs the edges: it tries again every few seconds
            level = logging.DEBUG
        _log.log(level, "command %d: %s%s", row.id, outcome, "" if outcome == "accepted" else f": {answer}")
