"""Where things lie: the files of the program, and the folders in which it keeps what it must not lose."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from main_controller.errors import SettingsError

PROGRAM = Path(__file__).resolve().parents[2]
_DEMO_PREFIX = "main-controller-demo-"
# Operators of a group drop schedules in by hand; on their way they pass through the folder of the state.
_PRIVATE, _PASSED_THROUGH, _FOR_A_GROUP = 0o700, 0o710, 0o770


@dataclass(frozen=True, slots=True)
class Folders:
    """``program`` holds views, assets and logging.conf; ``kept`` the schedules, data and logs."""

    program: Path
    kept: Path

    @property
    def schedules(self) -> Path:
        """The folder of the schedule files."""
        return self.kept / "schedules"

    @property
    def data(self) -> Path:
        """The folder of the ledger."""
        return self.kept / "data"


@contextmanager
def temporary() -> Iterator[Path]:
    """A folder of its own for all that a demo stores; removed at the end, and at the next demo's start if killed."""
    for left in Path(tempfile.gettempdir()).glob(_DEMO_PREFIX + "*"):
        if not _alive(left.name.removeprefix(_DEMO_PREFIX).split("-")[0]):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{_DEMO_PREFIX}{os.getpid()}-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _alive(pid: str) -> bool:
    return pid.isdecimal() and Path("/proc", pid).exists()


def owner_only() -> None:
    """From now on what this process and its children make is for its owner alone."""
    os.umask(0o077)


@contextmanager
def locked(folders: Folders) -> Iterator[None]:
    """Make the folders of the state, and hold the lock that keeps a second start out of them.

    Two Schedulers on one folder would send everything twice. The kernel gives the lock back however the process ends.
    Raises SettingsError with a sentence.
    """
    try:
        _make(folders.kept, _PASSED_THROUGH)
        _make(folders.schedules, _FOR_A_GROUP)
        _make(folders.data, _PRIVATE)
        _close_to_others(folders.data)
        lock = os.open(folders.data / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise SettingsError(f"{error.filename} cannot be used: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise SettingsError(
            f"another Main Controller uses schedules/ and data/ in {folders.kept}: a second start is refused"
        ) from error
    finally:
        os.close(lock)


def _make(folder: Path, mode: int) -> None:
    """Make a folder; one that is there stays as it is."""
    if not folder.is_dir():
        folder.mkdir(parents=True)
        folder.chmod(mode)


def _close_to_others(folder: Path) -> None:
    """Take from others what an older version, or a hand, let them have; somebody else's is left alone."""
    with contextlib.suppress(OSError):
        for path in (folder, *folder.iterdir()):
            if not path.is_symlink() and path.stat().st_uid == os.geteuid():
                path.chmod(_PRIVATE if path.is_dir() else 0o600)
