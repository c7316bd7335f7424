"""One SQLite database: a connection for the writer, one for readers. Nothing here raises for what the disk does."""

import contextlib
import logging
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from main_controller.storage.database_file import DatabaseFile, is_malformed, look_through

_log = logging.getLogger(__name__)

OPENING_S = 5.0
_TAKEN = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})

Use = Callable[[sqlite3.Connection], object]


class Database:
    """A database at ``path``, kept open, set aside only when SQLite says that it is none, or a broken one.

    ``migrate`` brings its tables up to date; ``check`` raises where they are of another kind, and is called by every
    opening. ``opened`` counts the openings: what was written before one may not be in it.
    """

    def __init__(self, path: Path, migrate: Use, check: Use) -> None:
        self._file = DatabaseFile(path)
        self._migrate = migrate
        self._check = check
        self.failing = False
        self.opened = 0
        self._doubted = False
        self._reading = threading.Lock()
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is a database to write to."""
        return self._writer is not None

    def open(self) -> None:
        """Open what lies there; all of it is looked through where something was odd."""
        try:
            self._file.path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._connect()
            except sqlite3.Error as error:
                if not is_malformed(error):
                    raise
                self._set_aside(error)
                self._connect()
        except (OSError, sqlite3.Error) as error:  # locked, full, or of another kind: all this is no broken one
            self.close()
            self._lost(error)

    def _connect(self) -> None:
        # Another program that locks the database costs its row, not our time; only at the start it is waited for.
        path = self._file.path
        self._file.keep_log_without_database()
        self._writer = sqlite3.connect(path, timeout=OPENING_S, check_same_thread=False, isolation_level=None)
        self._writer.execute("PRAGMA journal_mode=WAL")
        self._writer.execute("PRAGMA synchronous=NORMAL")
        self._migrate(self._writer)
        if self._doubted:
            look_through(self._writer)
        self._writer.execute("PRAGMA busy_timeout=50")
        self._reader = sqlite3.connect(path, timeout=0.05, check_same_thread=False, isolation_level=None)
        self._reader.execute("PRAGMA query_only=ON")
        self._check(self._reader)
        self._file.opened()
        self._doubted = False
        self.opened += 1
        self._found_again()

    def _set_aside(self, error: sqlite3.Error) -> None:
        self._lost(error)
        aside = self._file.set_aside()  # before closing, which removes the log
        self.close()
        self._doubted = False
        _log.error("%s was broken; it is set aside as %s, and a new one begins", self._file.path, aside.name)

    def select(self, statement: str, values: tuple[int | str, ...]) -> list[tuple[Any, ...]]:
        """What a statement that reads finds; nothing where it cannot be read."""
        try:
            with self._reading:
                return [] if self._reader is None else self._reader.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            self._lost(error)
            self._doubted = self._doubted or is_malformed(error)
            return []

    def settle(self) -> None:
        """Open it again if it was found broken."""
        if self._doubted:
            self._open_again()

    def change(self, use: Use, check: Callable[[sqlite3.Connection], bool] = lambda _: True) -> bool:
        """Change it, and whether that went well: as ``check`` finds by another connection. Called by one thread.

        The connection that writes believes its own memory, whatever has become of the file.
        """
        if self._writer is None:
            self.open()
        elif self._doubted or not self._file.is_as_opened():
            self._lost(OSError("the file is gone, shorter than it was, or broken"))
            self._open_again()
        error = self._error_of_changing(use) or self._error_of_checking(check)
        if error is None:
            self._found_again()
        return error is None

    def _error_of_changing(self, use: Use) -> Exception | None:
        writer = self._writer
        if writer is None:
            return OSError("not open")
        try:
            writer.execute("BEGIN")
            use(writer)
            writer.execute("COMMIT")
        except sqlite3.Error as error:
            with contextlib.suppress(sqlite3.Error):
                writer.execute("ROLLBACK")
            self._lost(error)
            if is_malformed(error):
                self._open_again()
            return error
        return None

    def _error_of_checking(self, check: Callable[[sqlite3.Connection], bool]) -> Exception | None:
        error: Exception | None = None
        try:
            with self._reading:
                if self._reader is not None and not check(self._reader):
                    error = OSError("what was written is not there")
        except sqlite3.Error as raised:
            taken = raised.sqlite_errorcode & 0xFF in _TAKEN  # by another program: nobody can look now
            error = None if taken else raised
        if error is not None:
            self._lost(error)
            self._open_again()
        return error

    def _open_again(self) -> None:
        self.close()
        self._doubted = True
        self.open()

    def _lost(self, error: Exception) -> None:
        if not self.failing:
            self.failing = True
            path = self._file.path
            _log.error("commands are NOT recorded: %s (%s); they are carried out all the same", error, path)

    def _found_again(self) -> None:
        if self.failing:
            self.failing = False
            _log.info("commands are recorded again")

    def close(self) -> None:
        """Close both connections."""
        with self._reading:
            for connection in (self._reader, self._writer):
                if connection is not None:
                    with contextlib.suppress(sqlite3.Error):
                        connection.close()
            self._reader = self._writer = None
