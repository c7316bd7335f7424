"""How many files the system lets this process open, and for what they are: nothing may end for want of one."""

import resource
from dataclasses import dataclass

from main_controller.errors import SettingsError

LEAST, WANTED = 128, 16384
# Python, ledger, log, schedules and demo need some 50.
_OURS = 64
# A request to a neighbour has two: its socket, and the deadline's handle of it.
_OF_ONE_EXCHANGE = 2
MOST_CONNECTIONS, MOST_EXCHANGES = 1024, 1024


@dataclass(frozen=True, slots=True)
class FileBudget:
    """What the open files are enough for: ``connections`` of clients and ``exchanges`` with neighbours at a time."""

    connections: int
    exchanges: int

    @classmethod
    def of(cls, files: int) -> "FileBudget":
        """The budget of ``files`` open files."""
        free = max(0, files - _OURS)
        connections = max(16, min(MOST_CONNECTIONS, free // 3))
        return cls(connections, max(4, min(MOST_EXCHANGES, (free - 2 * connections) // _OF_ONE_EXCHANGE)))


def allowed() -> int:
    """How many files this process may open now."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return WANTED if soft == resource.RLIM_INFINITY else soft


def allow_many() -> None:
    """Ask the system for WANTED files; raises SettingsError where it gives fewer than are needed."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = WANTED if hard == resource.RLIM_INFINITY else min(hard, WANTED)
    if files < LEAST:
        raise SettingsError(f"the system allows {hard} open files (ulimit -n); at least {LEAST} are needed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
