"""Logging by logging.conf (specification, sections 7.2, 8.1 and 8.2), and what keeps its lines true.

Ids of nodes, words of neighbours and paths of requests come from outside: whatever they hold, each record stays one
line, and its further lines (of a traceback) are marked as such.
"""

import ast
import configparser
import contextlib
import glob
import logging
import logging.config
import logging.handlers
import os
import sys
import threading
import time
from io import TextIOWrapper
from pathlib import Path

from main_controller.errors import SettingsError

_log = logging.getLogger(__name__)

_FURTHER = "    | "
_TRY_AGAIN_S = 10.0


def printable(text: str) -> str:
    """The text with everything that is not printable escaped as in Python: line ends, escape sequences, surrogates."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


class Printable(logging.Formatter):
    """Formats as another does, in lines that no word from outside can forge."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        """The record's line, and below it those of its traceback."""
        plain = logging.makeLogRecord({**record.__dict__, "exc_info": None, "exc_text": None, "stack_info": None})
        lines = [printable(self._inner.format(plain))]
        for more in (self._traceback(record), record.stack_info):
            lines += [_FURTHER + printable(line) for line in (more or "").splitlines()]
        return "\n".join(lines)

    def _traceback(self, record: logging.LogRecord) -> str | None:
        return self._inner.formatException(record.exc_info) if record.exc_info else record.exc_text


class LogFile(logging.handlers.RotatingFileHandler):
    """A rotating file, opened again when it was removed, or moved by somebody else who rotates logs.

    One that cannot be written is told once, not with a traceback for every line, and tried again now and then.
    """

    def __init__(
        self,
        filename: str,
        mode: str = "a",
        maxBytes: int = 0,  # noqa: N803 - the library's names
        backupCount: int = 0,  # noqa: N803
        encoding: str | None = None,
    ) -> None:
        self._complained = False
        self._closed_until_s = 0.0
        super().__init__(filename, mode, maxBytes, backupCount, encoding, delay=True)

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record where the file's name leads now."""
        if time.monotonic() < self._closed_until_s:
            return
        stream = self.stream
        if stream is not None and not self._leads_to(stream):
            with contextlib.suppress(OSError):
                stream.close()
            self.stream = None
        super().emit(record)

    def _leads_to(self, stream: TextIOWrapper) -> bool:
        try:
            opened, found = os.fstat(stream.fileno()), os.stat(self.baseFilename)
        except OSError:
            return False
        return (opened.st_dev, opened.st_ino) == (found.st_dev, found.st_ino)

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        opened = super()._open()
        self._complained = False
        return opened

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """Called by the library when a line could not be written."""
        self._closed_until_s = time.monotonic() + _TRY_AGAIN_S
        if not self._complained:
            self._complained = True
            print(f"the log file {self.baseFilename} cannot be written: {sys.exc_info()[1]}", file=sys.stderr)


def configure(conf: Path, folder: Path, *, files: bool) -> None:
    """Set logging up from ``conf``; log files lie below ``folder``, which is made.

    With ``files`` false only the console is used: two processes must not rotate one file. Raises SettingsError
    with one line when the configuration cannot be used.
    """
    parser = configparser.RawConfigParser()
    try:
        with conf.open(encoding="utf-8") as file:
            parser.read_file(file)
        for name in _names(parser, "handlers"):
            _prepare(parser, name, folder, files=files)
        logging.config.fileConfig(parser, disable_existing_loggers=False)
    except (OSError, ValueError, TypeError, LookupError, AttributeError, NameError, RuntimeError) as error:
        raise SettingsError(f"{conf.name} cannot be used: {error}") from error
    except (configparser.Error, SyntaxError) as error:
        raise SettingsError(f"{conf.name} cannot be used: {' '.join(str(error).split())}") from error
    for logger in (logging.getLogger(), *map(logging.getLogger, logging.getLogger().manager.loggerDict)):
        for handler in logger.handlers:
            if not isinstance(handler.formatter, Printable):
                handler.setFormatter(Printable(handler.formatter or logging.Formatter()))
    # Other libraries' chatter about connections is not the operator's.
    logging.getLogger("urllib3").setLevel(logging.WARNING)


def _names(parser: configparser.RawConfigParser, section: str) -> list[str]:
    return [name.strip() for name in parser[section]["keys"].split(",") if name.strip()]


def _prepare(parser: configparser.RawConfigParser, name: str, folder: Path, *, files: bool) -> None:
    section = parser[f"handler_{name}"]
    if "File" not in section["class"]:
        return
    if not files:
        section["class"], section["args"] = "NullHandler", "()"
        return
    path, *rest = ast.literal_eval(section["args"])
    target = folder / path
    try:  # a log that cannot be written costs the log, not the start
        target.parent.mkdir(parents=True, exist_ok=True)
        target.open("a", encoding="utf-8").close()
    except OSError as error:
        print(f"the log file {target} cannot be written: {error.strerror}", file=sys.stderr)
        if not section["class"].endswith(LogFile.__qualname__):  # ours tries again
            section["class"], section["args"] = "NullHandler", "()"
            return
    _close_to_others(target, folder)
    section["args"] = repr((str(target), *rest))


def _close_to_others(target: Path, folder: Path) -> None:
    """Take from others what an older version let them read, below ``folder`` only."""
    if folder not in target.parent.parents:
        return
    with contextlib.suppress(OSError):
        target.parent.chmod(0o700)
        for path in target.parent.glob(f"{glob.escape(target.name)}*"):
            path.chmod(0o600)


class BoundedLog:
    """Logs so many records a second, and then how many more there were: a script gone wild must not fill the disk."""

    def __init__(self, logger: logging.Logger, per_second: int) -> None:
        self._logger = logger
        self._per_second = per_second
        self._lock = threading.Lock()
        self._second = 0
        self._count = 0

    def log(self, level: int, text: str, *words: object) -> None:
        """Log a record, unless there were too many in this second."""
        if not self._logger.isEnabledFor(level):
            return
        second = int(time.monotonic())
        with self._lock:
            more = 0
            if second != self._second:
                more = max(0, self._count - self._per_second)
                self._second, self._count = second, 0
            self._count += 1
            welcome = self._count <= self._per_second
        if more:
            self._logger.log(level, "%d more like these were left out", more)
        if welcome:
            self._logger.log(level, text, *words)


def log_dying_threads() -> None:
    """Have an exception that ends a thread logged like anything else, instead of written to the console as it is."""

    def died(how: threading.ExceptHookArgs) -> None:
        if how.exc_value is not None:
            caught = (how.exc_type, how.exc_value, how.exc_traceback)
            _log.error("the thread %s ended", how.thread and how.thread.name, exc_info=caught)

    threading.excepthook = died
