"""The ledger: every command with what was asked, what came of it, and what was seen of it.

An embedded SQLite database with one writer. A full disk or a broken database costs the record, loudly, never the
command: the latest rows are kept in memory too, and go on being told from there.
"""

import dataclasses
import json
import logging
import sqlite3
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

_log = logging.getLogger(__name__)

Outcome = Literal["sending", "accepted", "refused", "failed", "unknown", "partial"]

WATCHING, WAITING_FOR_DATA, OBSERVED, NOT_TAKEN = "watching", "waiting for data", "observed", "not taken"
MOST_ROWS = 1000
_TABLE = """
CREATE TABLE IF NOT EXISTS commands (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, origin TEXT NOT NULL, command TEXT NOT NULL, target TEXT NOT NULL,
    "values" TEXT NOT NULL, outcome TEXT NOT NULL, answer TEXT NOT NULL, observed TEXT, observed_after_s REAL,
    watched INTEGER NOT NULL
)"""
_COLUMNS = 'id, at, origin, command, target, "values", outcome, answer, observed, observed_after_s, watched'
_INTERRUPTED = "the program ended before the answer came; it may have taken effect"


@dataclass(frozen=True, slots=True)
class Row:
    """One command. ``observed``: None where nothing can be seen of it, else how far it was seen in the data."""

    id: int
    at: datetime  # UTC
    origin: str  # told as "from": address and browser or script, or the schedule
    command: str
    target: str
    values: dict[str, Any]
    outcome: Outcome = "sending"
    answer: Any = None
    observed: str | None = None
    observed_after_s: float | None = None
    watched: bool = False

    def told(self) -> dict[str, Any]:
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
        }


class Ledger:
    """Rows by id; its methods may be called from any thread and never raise for what the disk does."""

    def __init__(self, folder: Path, keep_days: float) -> None:
        self._keep = timedelta(days=keep_days)
        self._path = folder / "ledger.sqlite3"
        self._lock = threading.Lock()
        self._recent: OrderedDict[int, Row] = OrderedDict()
        self._database: sqlite3.Connection | None = None
        self._failing = False
        self._next_id = 1
        with self._lock:
            self._open()

    def _open(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # The lock makes us the one writer, whichever thread it is.
            self._database = sqlite3.connect(self._path, timeout=1.0, check_same_thread=False, isolation_level=None)
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute("PRAGMA synchronous=NORMAL")
            self._database.execute(_TABLE)
            rows = self._database.execute(
                f"SELECT {_COLUMNS} FROM commands ORDER BY id DESC LIMIT ?",  # noqa: S608 - our own constant
                (MOST_ROWS,),
            ).fetchall()
        except (sqlite3.Error, OSError) as error:
            self._lost(error)
            return
        for values in reversed(rows):
            row = _row(values)
            self._recent[row.id] = row
            self._next_id = row.id + 1
        for row in [row for row in self._recent.values() if row.outcome == "sending"]:
            self._store(dataclasses.replace(row, outcome="unknown", answer=_INTERRUPTED))

    def begin(self, origin: str, command: str, target: str, values: dict[str, Any]) -> Row:
        """A new row, written before anything is sent."""
        with self._lock:
            row = Row(self._next_id, datetime.now(UTC), origin, command, target, values)
            self._next_id += 1
            self._store(row)
            return row

    def update(self, row: Row, **changes: Any) -> Row:
        """The row as it stands now, with ``changes``, stored."""
        with self._lock:
            changed = dataclasses.replace(self._recent.get(row.id, row), **changes)
            self._store(changed)
            return changed

    def _store(self, row: Row) -> None:
        self._recent[row.id] = row
        if len(self._recent) > MOST_ROWS:
            done = next((old for old in self._recent.values() if not old.watched and old.outcome != "sending"), None)
            if done is not None:
                del self._recent[done.id]
        if self._database is None:
            return
        try:
            self._database.execute(
                f"INSERT OR REPLACE INTO commands ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?)",  # noqa: S608
                _stored(row),
            )
        except sqlite3.Error as error:
            self._lost(error)
        else:
            if self._failing:
                self._failing = False
                _log.info("commands are recorded again")

    def _lost(self, error: Exception) -> None:
        if not self._failing:
            self._failing = True
            _log.error("commands are NOT recorded: %s (%s); they are carried out all the same", error, self._path)

    def get(self, row_id: int) -> Row | None:
        """One row, or None."""
        with self._lock:
            found = self._recent.get(row_id)
            if found is not None or self._database is None:
                return found
            rows = self._select("WHERE id = ?", (row_id,))
            return rows[0] if rows else None

    def newest(self, limit: int, since: int = 0) -> list[Row]:
        """The newest rows with an id above ``since``, newest first, at most ``limit``."""
        with self._lock:
            recent = sorted((row for row in self._recent.values() if row.id > since), key=lambda row: -row.id)[:limit]
            if len(recent) == limit or self._database is None:
                return recent
            return self._select("WHERE id > ? ORDER BY id DESC LIMIT ?", (since, limit)) or recent

    def _select(self, where: str, values: tuple[int, ...]) -> list[Row]:
        if self._database is None:
            return []
        try:
            found = self._database.execute(
                f"SELECT {_COLUMNS} FROM commands {where}",  # noqa: S608 - our own constants
                values,
            )
            return [_row(row) for row in found.fetchall()]
        except sqlite3.Error as error:
            self._lost(error)
            return []

    def watched(self) -> list[Row]:
        """The rows that are still to be seen, oldest first."""
        with self._lock:
            return sorted((row for row in self._recent.values() if row.watched), key=lambda row: row.id)

    def later_than(self, row_id: int) -> list[Row]:
        """The recent rows after ``row_id``, oldest first."""
        with self._lock:
            return sorted((row for row in self._recent.values() if row.id > row_id), key=lambda row: row.id)

    def forget_old(self, now: datetime) -> None:
        """Remove what is older than ``ledger_days``."""
        oldest = (now - self._keep).isoformat("T", "milliseconds")
        with self._lock:
            for row in [row for row in self._recent.values() if row.at < now - self._keep and not row.watched]:
                del self._recent[row.id]
            if self._database is not None:
                try:
                    self._database.execute("DELETE FROM commands WHERE at < ? AND watched = 0", (oldest,))
                except sqlite3.Error as error:
                    self._lost(error)

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None


def _stored(row: Row) -> tuple[Any, ...]:
    return (
        row.id,
        row.at.isoformat("T", "milliseconds"),
        row.origin,
        row.command,
        row.target,
        json.dumps(row.values),
        row.outcome,
        json.dumps(row.answer),
        row.observed,
        row.observed_after_s,
        int(row.watched),
    )


def _row(values: tuple[Any, ...]) -> Row:
    row_id, at, origin, command, target, asked, outcome, answer, observed, after_s, watched = values
    return Row(
        row_id,
        datetime.fromisoformat(at),
        origin,
        command,
        target,
        json.loads(asked),
        outcome,
        json.loads(answer),
        observed,
        after_s,
        bool(watched),
    )
