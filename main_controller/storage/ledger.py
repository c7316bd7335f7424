"""The ledger: every command with what was asked, what came of it, and what was seen of it.

An embedded SQLite database (ledger_store.py) with one writer. A full, hung or broken disk costs the record, loudly,
never the command: the latest rows are kept in memory too, and are read from there.
"""

import dataclasses
import logging
import threading
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from main_controller.storage.ledger_row import Row
from main_controller.storage.ledger_store import Store

_log = logging.getLogger(__name__)

MOST_ROWS = 1000
WRITE_WAIT_S = 0.1
RETRY_S = 1.0
OPEN_AGAIN_S = 10.0


class Ledger:
    """Rows by id; its methods may be called from any thread, and never raise, nor wait long, for what the disk does.

    One thread writes. A command waits for its row at most WRITE_WAIT_S: a disk that hangs must not hold it up.
    """

    def __init__(self, folder: Path, keep_days: float) -> None:
        self._keep = timedelta(days=keep_days)
        self._store = Store(folder / "ledger.sqlite3")
        self._changed = threading.Condition()
        self._recent: OrderedDict[int, Row] = OrderedDict()
        self._unwritten: dict[int, Row] = {}
        self._writing: frozenset[int] = frozenset()
        self._forget_before: datetime | None = None
        self._closing = False
        for row in self._store.load(MOST_ROWS):
            self._recent[row.id] = row
        self._next_id = self._store.highest + 1
        self._opened = self._store.opened
        self._writer = threading.Thread(target=self._write, name="ledger", daemon=True)
        self._writer.start()

    def enter(self, origin: str, command: str, target: str, values: dict[str, Any], key: str | None = None) -> Row:
        """A new row, not yet written: ``written`` waits for that. ``key``: the asker's own id for it."""
        with self._changed:
            row = Row(self._next_id, datetime.now(UTC), origin, command, target, values, key=key)
            self._next_id += 1
            self._put(row)
            return row

    def written(self, row: Row) -> None:
        """Wait until ``row`` is on the disk, or WRITE_WAIT_S."""
        with self._changed:
            there = self._changed.wait_for(
                lambda: row.id not in self._unwritten and row.id not in self._writing, WRITE_WAIT_S
            )
        if not there and not self._store.failing:
            _log.error("command %d is carried out before it is recorded: the disk is slow", row.id)

    def update(self, row: Row, **changes: Any) -> Row:
        """The row as it stands now, with ``changes``; written soon."""
        with self._changed:
            changed = dataclasses.replace(self._recent.get(row.id, row), **changes)
            self._put(changed)
            return changed

    def _put(self, row: Row) -> None:
        self._recent[row.id] = row
        if len(self._recent) > MOST_ROWS:
            done = next((old for old in self._recent.values() if not old.is_open()), None)
            if done is not None:
                del self._recent[done.id]
        self._unwritten[row.id] = row
        self._changed.notify_all()

    def _write(self) -> None:
        while True:
            with self._changed:
                patience_s = None if self._store.is_open else OPEN_AGAIN_S
                self._changed.wait_for(lambda: self._unwritten or self._forget_before or self._closing, patience_s)
                rows, self._unwritten = list(self._unwritten.values()), {}
                self._writing = frozenset(row.id for row in rows)
                oldest, self._forget_before = self._forget_before, None
                closing = self._closing
            if not self._store.is_open and not closing:
                self._store.open()
            good = self._store.write(rows)
            if oldest is not None:
                self._store.forget(oldest)
            with self._changed:
                self._writing = frozenset()
                if self._store.opened != self._opened:
                    self._begin_again()
                if not good:  # what could not be written is tried again, as far as it is still in memory
                    self._unwritten = {
                        row.id: self._recent[row.id] for row in rows if row.id in self._recent
                    } | self._unwritten
                self._changed.notify_all()
                if closing and (not self._unwritten or not good):
                    return
                if not good:
                    self._changed.wait(RETRY_S)

    def _begin_again(self) -> None:
        """After another database was opened, or one that lost something: all that is in memory is written again."""
        if self._opened:
            self._unwritten = dict(self._recent) | self._unwritten
        self._opened = self._store.opened
        self._next_id = max(self._next_id, self._store.highest + 1)

    def get(self, row_id: int) -> Row | None:
        """One row, or None."""
        with self._changed:
            found = self._recent.get(row_id)
        return found or next(iter(self._store.select("WHERE id = ?", (row_id,))), None)

    def now(self, row: Row) -> Row:
        """The row as it stands in memory, which has every open one; the disk is not asked."""
        with self._changed:
            return self._recent.get(row.id, row)

    def by_key(self, key: str) -> list[Row]:
        """The rows that were asked for with ``key``, newest first."""
        with self._changed:
            recent = [row for row in self._recent.values() if row.key == key]
        return sorted(recent or self._store.select("WHERE key = ?", (key,)), key=lambda row: -row.id)

    def newest(self, limit: int, since: int = 0) -> list[Row]:
        """The newest rows with an id above ``since``, newest first, at most ``limit``."""
        with self._changed:
            recent = {row.id: row for row in self._recent.values() if row.id > since}
        if len(recent) < limit:  # memory wins: it is newer, and it is all there is of what could not be written
            older = self._store.select("WHERE id > ? ORDER BY id DESC LIMIT ?", (since, limit))
            recent = {row.id: row for row in older} | recent
        return sorted(recent.values(), key=lambda row: -row.id)[:limit]

    def open_rows(self) -> list[Row]:
        """The rows that are being sent or still to be seen, oldest first."""
        with self._changed:
            return sorted((row for row in self._recent.values() if row.is_open()), key=lambda row: row.id)

    def watched(self) -> list[Row]:
        """The rows that are still to be seen, oldest first."""
        return [row for row in self.open_rows() if row.watched]

    def later_than(self, row_id: int) -> list[Row]:
        """The recent rows after ``row_id``, oldest first."""
        with self._changed:
            return sorted((row for row in self._recent.values() if row.id > row_id), key=lambda row: row.id)

    def forget_old(self, now: datetime) -> None:
        """Remove what is older than ``ledger_days``."""
        with self._changed:
            for row in [row for row in self._recent.values() if row.at < now - self._keep and not row.is_open()]:
                del self._recent[row.id]
            self._forget_before = now - self._keep
            self._changed.notify_all()

    def newest_at(self) -> datetime | None:
        """When the newest row was written; None without any."""
        with self._changed:
            return max((row.at for row in self._recent.values()), default=None)

    def close(self) -> None:
        """Write what is left and end the writer."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._writer.join(5)
        self._store.close()
