"""The ledger's rows on the disk: SQLite in WAL mode. Nothing here raises for what the disk does; it is logged once."""

import json
import logging
import os.path
import sqlite3
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from main_controller.storage.database import Database
from main_controller.storage.database_file import made_anew
from main_controller.storage.id_mark import IdMark
from main_controller.storage.ledger_row import WATCHED, Row, RowState, sight_in_words

_log = logging.getLogger(__name__)

# Scripts of a page count exactly only so far, so rows with ids above (by no fault of ours) are left as they are.
TOP_ID = 2**52


Migration = str | Callable[[sqlite3.Connection], None]

# Each is carried out once, in its order, and only adds: a ledger of an older version goes on, and a newer one too.
_MIGRATIONS: tuple[Migration, ...] = (
    """
CREATE TABLE IF NOT EXISTS commands (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, origin TEXT NOT NULL, command TEXT NOT NULL, target TEXT NOT NULL,
    "values" TEXT NOT NULL, outcome TEXT NOT NULL, answer TEXT NOT NULL, observed TEXT, observed_after_s REAL,
    watched INTEGER NOT NULL
)""",
    "ALTER TABLE commands ADD COLUMN key TEXT",
    "CREATE INDEX commands_by_key ON commands (key)",
    "ALTER TABLE commands ADD COLUMN life TEXT",  # JSON: sight, state_params, code, params
    partial(made_anew, table="commands"),
)
_COLUMNS = 'id, at, origin, command, target, "values", outcome, answer, observed, observed_after_s, watched, key, life'
_NAMES = _COLUMNS.split(", ")
_SELECT = f"SELECT {_COLUMNS} FROM (SELECT * FROM commands WHERE id BETWEEN 1 AND {TOP_ID}) "  # noqa: S608 - our own
# Another row that has the id already stays as it is.
_INSERT = (
    f"INSERT INTO commands ({_COLUMNS}) VALUES ({','.join('?' * len(_NAMES))}) ON CONFLICT (id) DO UPDATE SET "  # noqa: S608
    + ", ".join(f"{name} = excluded.{name}" for name in _NAMES[1:])
    + " WHERE commands.at = excluded.at AND commands.command = excluded.command"
)


class Store:
    """The rows of the database at ``path``; what the disk does is logged, never raised."""

    def __init__(self, path: Path) -> None:
        self._mark = IdMark(path.with_name(path.stem + ".highest-id"), TOP_ID)
        known = self._mark.read()
        # Of a ledger that cannot be read, and has no mark, nobody knows the ids: none of them may be given again.
        self.highest = int(time.time()) if known is None and os.path.exists(path) else known or 0
        self._is_guess = known is None
        self._database = Database(path, _migrate, self._know_highest)
        self._database.open()

    @property
    def failing(self) -> bool:
        """Whether rows are not recorded now, which was said."""
        return self._database.failing

    @property
    def opened(self) -> int:
        """How often a database was opened: what was written before may not be in it."""
        return self._database.opened

    @property
    def is_open(self) -> bool:
        """Whether there is a database to write to."""
        return self._database.is_open

    def open(self) -> None:
        """Try again to open it."""
        self._database.open()

    def _know_highest(self, database: sqlite3.Connection) -> None:
        """The highest id that ever was; raises where the table is of another kind."""
        database.execute(_SELECT + "ORDER BY id DESC LIMIT 1").fetchall()
        # Whatever odd ids there are, ours go on below them.
        (in_table,) = database.execute(f"SELECT max(id) FROM commands WHERE id <= {TOP_ID}").fetchone()  # noqa: S608
        ever = database.execute("SELECT seq FROM sqlite_sequence WHERE name = 'commands'").fetchone()
        found = [n for n in (in_table, ever and ever[0]) if isinstance(n, int) and 0 <= n <= TOP_ID]
        if any(found) and self._is_guess:
            self.highest = 0
        self._is_guess = False
        self.highest = max([self.highest, *found])

    def load(self, most: int) -> list[Row]:
        """The newest ``most`` rows and all that are still watched, oldest first."""
        newest = self.select("ORDER BY id DESC LIMIT ?", (most,))
        watched = self.select("WHERE watched = 1", ())
        self._database.settle()
        return sorted({row.id: row for row in watched + newest}.values(), key=lambda row: row.id)

    def select(self, where: str, values: tuple[int | str, ...]) -> list[Row]:
        """The rows ``where``; a row that cannot be understood is left out."""
        rows: list[Row] = []
        for stored in self._database.select(_SELECT + where, values):
            try:
                rows.append(_row(stored))
            except (LookupError, TypeError, ValueError) as error:
                _log.error("row %r of the ledger cannot be understood: %s", stored[0], error)
        return rows

    def write(self, rows: Sequence[Row]) -> bool:
        """Store rows, and whether they can be read again; called by one thread."""
        if not rows:
            return True
        self._mark.raise_to(max(row.id for row in rows))
        last = (rows[-1].id,)
        return self._database.change(
            lambda writer: _insert(writer, rows),
            lambda reader: reader.execute(_SELECT + "WHERE id = ?", last).fetchone() is not None,
        )

    def forget(self, before: datetime) -> None:
        """Remove what is older and no longer watched."""
        oldest = before.isoformat("T", "milliseconds")
        statement = "DELETE FROM commands WHERE at < ? AND watched = 0"
        self._database.change(lambda writer: writer.execute(statement, (oldest,)))

    def close(self) -> None:
        """Close the database."""
        self._database.close()


def _insert(writer: sqlite3.Connection, rows: Sequence[Row]) -> None:
    for row in rows:
        try:
            if not writer.execute(_INSERT, _stored(row)).rowcount:
                _log.error("command %d is NOT recorded: the ledger has another row with this id", row.id)
        except (TypeError, ValueError, OverflowError) as error:  # it must not cost the others
            _log.error("command %d is NOT recorded: it cannot be written (%s)", row.id, error)


def _migrate(database: sqlite3.Connection) -> None:
    done: int = max(0, database.execute("PRAGMA user_version").fetchone()[0])
    for number, migration in enumerate(_MIGRATIONS[done:], done + 1):
        database.execute("BEGIN IMMEDIATE")
        try:
            if isinstance(migration, str):
                database.execute(migration)
            else:
                migration(database)
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
