"""The ledger's rows on the disk: SQLite in WAL mode. Nothing here raises for what the disk does; it is logged once."""

import contextlib
import json
import logging
import sqlite3
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from main_controller.storage.ledger_row import WATCHED, Row, RowState, sight_in_words

_log = logging.getLogger(__name__)

# Each is carried out once, in its order, and only adds: a ledger of an older version goes on, and a newer one too.
_MIGRATIONS = (
    """
CREATE TABLE IF NOT EXISTS commands (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, origin TEXT NOT NULL, command TEXT NOT NULL, target TEXT NOT NULL,
    "values" TEXT NOT NULL, outcome TEXT NOT NULL, answer TEXT NOT NULL, observed TEXT, observed_after_s REAL,
    watched INTEGER NOT NULL
)""",
    "ALTER TABLE commands ADD COLUMN key TEXT",
    "CREATE INDEX commands_by_key ON commands (key)",
    "ALTER TABLE commands ADD COLUMN life TEXT",  # JSON: sight, state_params, code, params
)
_COLUMNS = 'id, at, origin, command, target, "values", outcome, answer, observed, observed_after_s, watched, key, life'
_SELECT = f"SELECT {_COLUMNS} FROM commands "  # noqa: S608 - our own constant
_INSERT = f"INSERT OR REPLACE INTO commands ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"  # noqa: S608 - as above


OPENING_S = 5.0


class Store:
    """One connection for the writer, one for readers; a database that is none is set aside."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.failing = False
        self.unread = False  # it is there, and nobody knows what is in it
        self._file: tuple[int, int] | None = None
        self._reading = threading.Lock()
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._open()
        except sqlite3.OperationalError as error:  # locked or full, which does not make it a broken one
            self.close()
            self.unread = path.exists()
            self._lost(error)
        except sqlite3.DatabaseError as error:
            self._lost(error)
            self._set_aside()
        except OSError as error:
            self._lost(error)

    def _open(self) -> None:
        # Another program that locks the database costs its row, not our time; only at the start it is waited for.
        self._writer = sqlite3.connect(self._path, timeout=OPENING_S, check_same_thread=False, isolation_level=None)
        self._writer.execute("PRAGMA journal_mode=WAL")
        self._writer.execute("PRAGMA synchronous=NORMAL")
        _migrate(self._writer)
        self._writer.execute("PRAGMA busy_timeout=50")
        self._reader = sqlite3.connect(self._path, timeout=0.05, check_same_thread=False, isolation_level=None)
        self._reader.execute("PRAGMA query_only=ON")
        found = self._path.stat()
        self._file = (found.st_dev, found.st_ino)

    def _set_aside(self) -> None:
        self.close()
        aside = self._path.with_name(f"{self._path.name}.broken-{datetime.now(UTC):%Y%m%dT%H%M%S}")
        try:
            self._path.rename(aside)
            self._open()
        except (OSError, sqlite3.Error) as error:
            _log.error("%s cannot be set aside: %s", self._path, error)
            return
        _log.error("%s was broken; it is set aside as %s, and a new ledger begins", self._path, aside.name)
        self.failing = False

    def load(self, most: int) -> list[Row]:
        """The newest ``most`` rows and all that are still watched, oldest first."""
        newest = self.select("ORDER BY id DESC LIMIT ?", (most,))
        watched = self.select("WHERE watched = 1", ())
        return sorted({row.id: row for row in watched + newest}.values(), key=lambda row: row.id)

    def select(self, where: str, values: tuple[int | str, ...]) -> list[Row]:
        """The rows ``where``; a row that cannot be understood is left out."""
        if self._reader is None:
            return []
        try:
            with self._reading:
                found = self._reader.execute(_SELECT + where, values).fetchall()
        except sqlite3.Error as error:
            self._lost(error)
            return []
        rows: list[Row] = []
        for stored in found:
            try:
                rows.append(_row(stored))
            except (LookupError, TypeError, ValueError) as error:
                _log.error("row %r of the ledger cannot be understood: %s", stored[0], error)
        return rows

    def write(self, rows: Sequence[Row]) -> bool:
        """Store rows, and whether that went well; called by one thread."""
        return not rows or self._change(_INSERT, [_stored(row) for row in rows])

    def forget(self, before: datetime) -> None:
        """Remove what is older and no longer watched."""
        oldest = before.isoformat("T", "milliseconds")
        self._change("DELETE FROM commands WHERE at < ? AND watched = 0", [(oldest,)])

    def _change(self, statement: str, values: Sequence[tuple[Any, ...]]) -> bool:
        if not self._is_there():
            self._reopen()
        if self._writer is None:
            return False
        try:
            self._writer.execute("BEGIN")
            self._writer.executemany(statement, values)
            self._writer.execute("COMMIT")
        except sqlite3.Error as error:
            with contextlib.suppress(sqlite3.Error):
                self._writer.execute("ROLLBACK")
            self._lost(error)
            return False
        if self.failing:
            self.failing = False
            _log.info("commands are recorded again")
        return True

    def _is_there(self) -> bool:
        """Whether the file that was opened still lies in its place: SQLite goes on writing into a removed one."""
        try:
            found = self._path.stat()
        except OSError:
            return False
        return (found.st_dev, found.st_ino) == self._file

    def _reopen(self) -> None:
        if self._writer is not None:
            self._lost(OSError("the file is gone"))
        self.close()
        with contextlib.suppress(OSError, sqlite3.Error):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._open()

    def _lost(self, error: Exception) -> None:
        if not self.failing:
            self.failing = True
            _log.error("commands are NOT recorded: %s (%s); they are carried out all the same", error, self._path)

    def close(self) -> None:
        """Close both connections."""
        for connection in (self._reader, self._writer):
            if connection is not None:
                with contextlib.suppress(sqlite3.Error):
                    connection.close()
        self._reader = self._writer = None


def _migrate(database: sqlite3.Connection) -> None:
    done: int = database.execute("PRAGMA user_version").fetchone()[0]
    for number, statement in enumerate(_MIGRATIONS[done:], done + 1):
        database.execute("BEGIN IMMEDIATE")
        try:
            database.execute(statement)
            database.execute(f"PRAGMA user_version = {number}")
            database.execute("COMMIT")
        except sqlite3.Error:
            database.execute("ROLLBACK")
            raise


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
        row.key,
        json.dumps({"sight": row.sight, "state_params": row.state_params, "code": row.code, "params": row.params}),
    )


def _row(stored: tuple[Any, ...]) -> Row:
    row_id, at, origin, command, target, asked, outcome, answer, observed, after_s, watched, key, life = stored
    values = json.loads(asked)
    moment = datetime.fromisoformat(at)
    if not isinstance(values, dict) or moment.tzinfo is None:
        raise TypeError("its values or its time are none")
    lived = _lived(observed, after_s, bool(watched)) if life is None else json.loads(life)
    sight = None if lived["sight"] is None else RowState(lived["sight"])
    rest = (outcome, json.loads(answer), sight, lived["state_params"], lived["code"], lived["params"], key)
    row = Row(row_id, moment, origin, command, target, values, *rest)
    orjson.dumps([[row.as_answer()]])  # a row that cannot be answered is none
    return row


def _lived(observed: str | None, after_s: float | None, watched: bool) -> dict[str, Any]:
    """What a row of an older version has in place of ``life``."""
    sight, params = sight_in_words(observed, after_s)
    if (sight in WATCHED) != watched:  # it was watched and is no more, or the other way round
        sight, params = (RowState.WATCHING if watched else None), {}
    return {"sight": sight, "state_params": params, "code": None, "params": {}}
