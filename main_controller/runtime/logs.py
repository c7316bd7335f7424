"""Logging by logging.conf (specification, sections 7.2, 8.1 and 8.2)."""

import ast
import configparser
import logging
import logging.config
import logging.handlers
import sys
from pathlib import Path

from main_controller.errors import SettingsError


class LogFile(logging.handlers.RotatingFileHandler):
    """A rotating file; a disk that is full is told once, not with a traceback for every line."""

    _told = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """Called by the library when a line could not be written."""
        if not self._told:
            self._told = True
            print(f"the log file {self.baseFilename} cannot be written", file=sys.stderr)


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
    target.parent.mkdir(parents=True, exist_ok=True)
    section["args"] = repr((str(target), *rest))
