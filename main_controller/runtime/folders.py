"""Where things lie: the files of the program, and the folders in which it keeps what it must not lose."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from main_controller.errors import SettingsError

PROGRAM = Path(__file__).resolve().parents[2]
_DEMO_PREFIX = "main-controller-demo-"


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


@contextmanager
def locked(folders: Folders) -> Iterator[None]:
    """Hold the locks that keep a second start out of the folders of schedules and data.

    Two Schedulers on one folder would send everything twice. The kernel gives the locks back however the process ends.
    Raises SettingsError with a sentence.
    """
    with ExitStack() as stack:
        for folder in (folders.schedules, folders.data):
            try:
                folder.mkdir(parents=True, exist_ok=True)
                lock = stack.enter_context((folder / ".lock").open("w", encoding="utf-8"))
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise SettingsError(f"another Main Controller uses {folder}: a second start is refused") from error
            except OSError as error:
                raise SettingsError(f"the folder {folder} cannot be used: {error.strerror}") from error
        yield
