"""Where things lie: the files of the program, and the folders in which it keeps what it must not lose."""

import fcntl
import os
import shutil
import socket
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
def locked(folders: Folders, port: int) -> Iterator[None]:
    """Hold the locks that keep a second start out: on the port and on the folders of schedules and data.

    Two Schedulers on one folder would send everything twice, and two servers would share one port unnoticed. The
    kernel gives the locks back however the process ends. Raises SettingsError with a sentence.
    """
    with ExitStack() as stack:
        name = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        stack.callback(name.close)
        try:
            name.bind(f"\0main-controller-port-{port}")
        except OSError as error:
            raise SettingsError(f"Main Controller runs already on port {port}: a second start is refused") from error
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


def free_port(host: str, port: int) -> tuple[str, int]:
    """The address that ``host`` means and a port that nobody listens on: ``port``, or any free one for 0.

    Raises SettingsError with one line when the host does not resolve or the port is taken.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise SettingsError(f"b_host: {host!r} does not resolve to an address of this machine ({error})") from error
    with socket.socket(family, kind, protocol) as probe:
        # As the server will: without it the ends of old connections would count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise SettingsError(f"b_port: cannot listen on {host} port {port}: {error.strerror}") from error
        bound = probe.getsockname()
        return str(bound[0]), int(bound[1])
