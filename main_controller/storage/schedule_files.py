"""Schedule files: whole or not at all, and a pure ``due`` (contract, section 5; specification, section 4.2.3).

One file a schedule, named ``<unitId>-<operation>``, or ``-<operation>`` for the cluster, holding one ISO 8601 date and
time with offset. Operators drop such files in by hand too, so everything that lies in the folder is mistrusted.
"""

import codecs
import contextlib
import errno
import logging
import os
import re
import secrets
import stat
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from main_controller.errors import BadRequestError, MainControllerError, StorageError

_log = logging.getLogger(__name__)

OPERATIONS = frozenset({"softStop"})
MAX_BYTES = 160  # a date with offset and blanks around it, also in UTF-16
MAX_ID_BYTES = 200
# Operators of a group drop such files in by hand, and remove them.
FOLDER_MODE, FILE_MODE = 0o770, 0o660
SETTLED_AFTER_S = 2.0
PAST_TOLERANCE = timedelta(minutes=1)
_TEMPORARY = ".writing-"
_BROKEN = ".broken"
_UNESCAPED_PLUS = re.compile(r" (?=\d\d:?\d\d$)")


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule: for a node, or for the cluster where ``unit`` is empty; ``at`` is in UTC."""

    unit: str
    operation: str
    at: datetime

    @property
    def name(self) -> str:
        """The name of its file."""
        return file_name(self.unit, self.operation)


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies in the folder: the schedules, and by file name what is wrong with the other files."""

    schedules: tuple[Schedule, ...]
    broken: dict[str, str]

    def find(self, unit: str, operation: str = "softStop") -> Schedule | None:
        """The schedule of one target."""
        return next((s for s in self.schedules if (s.unit, s.operation) == (unit, operation)), None)


def file_name(unit: str, operation: str) -> str:
    """The file of a schedule; raises BadRequestError for an id that cannot be a file name."""
    size = len(unit.encode("utf-8", "surrogateescape"))
    if "/" in unit or "\0" in unit or unit.startswith(".") or size > MAX_ID_BYTES:
        raise BadRequestError(
            f"unitId: {unit[:80]!r} cannot name a schedule file: no '/', no NUL, no leading dot, "
            f"at most {MAX_ID_BYTES} bytes"
        )
    return f"{unit}-{operation}"


def parse_time(text: str) -> datetime:
    """An ISO 8601 date and time with offset, in UTC; raises ValueError that says what is wrong with it.

    A space where the sign of the offset belongs is a + that nobody escaped in a query.
    """
    try:
        at = datetime.fromisoformat(_UNESCAPED_PLUS.sub("+", text.strip()))
    except ValueError:
        raise ValueError(f"{text[:80]!r} is no ISO 8601 date and time, such as 2026-12-01T12:00:00+09:00") from None
    if at.tzinfo is None:
        raise ValueError(f"{text[:80]!r} has no offset from UTC, such as Z or +09:00")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{text[:80]!r} is out of range") from None


def due(schedules: Iterable[Schedule], now: datetime) -> list[Schedule]:
    """Those whose time has come, the cluster's first, then by node."""
    return sorted((s for s in schedules if s.at <= now), key=lambda s: (s.unit, s.operation))


class Schedules:
    """The folder of schedule files; its methods may be called from any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._reported: dict[str, str] = {}
        # Held over the files' changes: no schedule may be set aside or ended that was replaced a moment ago.
        self._lock = threading.RLock()

    def sweep(self) -> None:
        """Remove what a write left behind that was cut off; called at the start."""
        for left in self._folder.glob(_TEMPORARY + "*"):
            with contextlib.suppress(OSError):
                left.unlink()

    def at(self, unit: str, operation: str) -> datetime | None:
        """The time of one target's schedule. Raises StorageError where it cannot be read."""
        try:
            return parse_time(self._content(file_name(unit, operation)))
        except (FileNotFoundError, ValueError):
            return None
        except OSError as error:
            raise StorageError(f"the schedule cannot be read: {error.strerror}") from error

    def write(self, schedule: Schedule, still: Callable[[], None] = lambda: None) -> None:
        """Store a schedule in place of the target's last one, whole or not at all. Raises StorageError.

        ``still`` raises if it may not be replaced any more; nobody else changes it meanwhile.
        """
        temporary = self._folder / f"{_TEMPORARY}{secrets.token_hex(8)}"
        try:
            if not self._folder.is_dir():
                self._folder.mkdir(parents=True)
                self._folder.chmod(FOLDER_MODE)
            try:
                with temporary.open("xb") as file:
                    os.fchmod(file.fileno(), FILE_MODE)
                    file.write(schedule.at.isoformat().encode())
                    file.flush()
                    os.fsync(file.fileno())
                with self._lock:
                    still()
                    temporary.replace(self._folder / schedule.name)
            except (OSError, MainControllerError):
                with contextlib.suppress(OSError):
                    temporary.unlink()
                raise
            self._sync()
        except OSError as error:
            raise StorageError(f"the schedule cannot be stored: {error.strerror}") from error

    def delete(self, unit: str, operation: str, still: Callable[[], None] = lambda: None) -> bool:
        """Remove the target's schedule; whether there was one. Raises StorageError, and what ``still`` raises."""
        try:
            with self._lock:
                still()
                (self._folder / file_name(unit, operation)).unlink()
            self._sync()
        except FileNotFoundError:
            if not self._folder.is_dir():
                raise StorageError(f"the folder {self._folder} is gone, and its schedules with it") from None
            return False
        except OSError as error:
            raise StorageError(f"the schedule cannot be removed: {error.strerror}") from error
        return True

    def end(self, schedule: Schedule) -> bool:
        """Remove this very schedule; whether it was still there. Raises StorageError."""
        with self._lock:
            return self.read().find(schedule.unit, schedule.operation) == schedule and self.delete(
                schedule.unit, schedule.operation
            )

    def _sync(self) -> None:
        handle = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def read(self) -> Listing:
        """All schedules. A file that cannot be understood is set aside as ``<name>.broken`` and reported once."""
        found: list[Schedule] = []
        broken: dict[str, str] = {}
        try:
            names = sorted(os.listdir(self._folder))
        except OSError as error:
            raise StorageError(f"the schedules cannot be read: {error.strerror}") from error
        for name in names:
            if name.startswith("."):
                continue
            if name.endswith(_BROKEN):
                broken[_shown(name)] = self._reported.get(name, "set aside as broken")
                continue
            with self._lock:
                schedule, problem = self._read_one(name)
            if schedule is not None:
                found.append(schedule)
            elif problem is not None:
                broken[_shown(name)] = problem
        return Listing(tuple(found), broken)

    def _read_one(self, name: str) -> tuple[Schedule | None, str | None]:
        unit, hyphen, operation = name.rpartition("-")
        if not hyphen or operation not in OPERATIONS:
            problem = f"unknown operation {_shown(operation)!r}: left as it is"
            self._report(name, problem)
            return None, problem
        try:
            return Schedule(_id(unit), operation, parse_time(self._content(name))), None
        except FileNotFoundError:
            return None, None  # cleared between listing and reading
        except ValueError as error:
            return None, self._set_aside(name, str(error))
        except OSError as error:
            if error.errno == errno.ELOOP:
                return None, self._set_aside(name, "a symbolic link is no schedule")
            problem = f"cannot be read: {error.strerror}"
            self._report(name, problem)
            return None, problem

    def _content(self, name: str) -> str:
        # Neither a link nor a pipe may lead us elsewhere or hold us up.
        handle = os.open(self._folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise ValueError("no regular file")
            content = os.read(handle, MAX_BYTES + 1)
        finally:
            os.close(handle)
        if len(content) > MAX_BYTES:
            raise ValueError(f"longer than {MAX_BYTES} bytes")
        return _text(content)

    def _set_aside(self, name: str, problem: str) -> str:
        if self._just_written(name):
            return f"{problem}; it is looked at again when it has not changed for {SETTLED_AFTER_S:g} s"
        aside = name + _BROKEN
        if os.path.lexists(self._folder / aside):
            aside = f"{name}.{secrets.token_hex(4)}{_BROKEN}"
        try:
            os.rename(self._folder / name, self._folder / aside)
        except OSError as error:
            problem = f"{problem} (and it cannot be set aside: {error.strerror})"
            self._report(name, problem)
            return problem
        self._report(aside, problem)
        return f"{problem}; set aside as {_shown(aside)}"

    def _just_written(self, name: str) -> bool:
        """Whether somebody may still be writing it; a time to come, after a clock jumped, does not count."""
        try:
            changed_at = os.lstat(self._folder / name).st_mtime
        except OSError:
            return True
        return 0 <= time.time() - changed_at < SETTLED_AFTER_S

    def _report(self, name: str, problem: str) -> None:
        if self._reported.get(name) != problem:
            self._reported[name] = problem
            _log.error("schedule file %r: %s", _shown(name), problem)


def _text(content: bytes) -> str:
    """The text of a schedule file: UTF-8, or as editors on Windows write it, with a byte order mark or in UTF-16."""
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise ValueError("no text") from None


def _shown(name: str) -> str:
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _id(unit: str) -> str:
    if _shown(unit) != unit:
        raise ValueError("its name is not UTF-8")
    return unit
