"""The files of one SQLite database in WAL mode: whether they are those that were opened; setting them aside.

SQLite goes on writing into a file that was removed, and into one that was cut short, and says that all is well.
"""

import contextlib
import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

_MALFORMED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_PRIMARY_CODE = 0xFF  # the rest of a code says more of the same

Version = tuple[int, int, int]


class DatabaseFile:
    """A database at ``path``, and the two files that SQLite keeps beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._opened: dict[str, Version] = {}

    def opened(self) -> None:
        """Remember the files as they are now."""
        self._opened = {}
        self.is_as_opened()

    def is_as_opened(self) -> bool:
        """Whether the same files still lie there, none shorter than it was once seen: none of them ever shrinks."""
        there = {suffix: found for suffix in ("", "-wal") if (found := _version(self._beside(suffix))) is not None}
        for suffix, (device, inode, size) in self._opened.items():
            now = there.get(suffix)
            if now is None or now[:2] != (device, inode) or now[2] < size:
                return False
        self._opened = there
        return "" in there

    def set_aside(self) -> Path:
        """Give database and log names of their own, beside; gives that of the database. Raises OSError."""
        aside = self._aside()
        # A log that stayed would be taken for that of the next database. The third file only says what lies where.
        log = _version(self._beside("-wal"))
        if log is not None and log[2] > 0:
            self._beside("-wal").rename(aside.with_name(f"{aside.name}-wal"))
        for suffix in ("-wal", "-shm"):
            self._beside(suffix).unlink(missing_ok=True)
        with contextlib.suppress(FileNotFoundError):
            self.path.rename(aside)
        return aside

    def keep_log_without_database(self) -> None:
        """Set the log aside where the database is empty: SQLite would remove it. Raises OSError."""
        found, log = _version(self.path), _version(self._beside("-wal"))
        if found is not None and found[2] == 0 and log is not None and log[2] > 0:
            aside = self._aside()
            self._beside("-wal").rename(aside.with_name(f"{aside.name}-wal"))

    def _aside(self) -> Path:
        base = f"{self.path.name}.broken-{datetime.now(UTC):%Y%m%dT%H%M%S}"
        for number in range(1000):
            aside = self.path.with_name(base if not number else f"{base}-{number}")
            if not any(aside.with_name(aside.name + suffix).exists() for suffix in ("", "-wal")):
                return aside
        raise FileExistsError(f"{base} is taken a thousand times")

    def _beside(self, suffix: str) -> Path:
        return self.path.with_name(self.path.name + suffix)


def is_malformed(error: Exception) -> bool:
    """Whether SQLite says that this is no database, or a broken one; anything else may pass, and breaks nothing."""
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(code, int) and code & _PRIMARY_CODE in _MALFORMED


def look_through(database: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError if anything in it is broken."""
    (said,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if said != "ok":
        error = sqlite3.DatabaseError(str(said))
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error


def made_anew(database: sqlite3.Connection, table: str) -> None:
    """Make a table anew with AUTOINCREMENT, whatever columns it has: the highest id is then kept when its row goes."""
    statement = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type = ? AND sql IS NOT NULL"
    made = database.execute(statement, (table, "table")).fetchone()
    indexes = database.execute(statement, (table, "index")).fetchall()
    if made is None:
        raise sqlite3.OperationalError(f"{table} is no table")
    key = "id INTEGER PRIMARY KEY"
    database.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
    database.execute(re.sub(rf"(?i)\b{key}\b(?! AUTOINCREMENT)", f"{key} AUTOINCREMENT", made[0], count=1))
    database.execute(f"INSERT INTO {table} SELECT * FROM {table}_before")  # noqa: S608 - our own name
    database.execute(f"DROP TABLE {table}_before")
    for (index,) in indexes:
        database.execute(index)


def _version(path: Path) -> Version | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size
