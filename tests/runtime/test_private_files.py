"""Other users of the machine neither read what is kept, nor keep Main Controller from starting."""

import fcntl
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.neighbour import Neighbour, node
from tests.running import ROOT, Running, eventually, pointed, started


@pytest.fixture
def neighbour() -> Iterator[Neighbour]:
    with Neighbour() as running:
        running.cluster({"E001": node("E001")})
        yield running


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def used(running: Running) -> None:
    """Have everything written that is kept."""
    eventually(lambda: running.get("/get/logInfo").status_code == 200)
    for unit in ("", "&unitId=E001"):
        answer = running.get(f"/setSchedule?operation=softStop&value=2036-12-01T12:00:00Z{unit}")
        assert answer.status_code == 200


def test_all_that_is_kept_is_for_its_owner_but_the_schedules_are_for_a_group(
    neighbour: Neighbour, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    with started(*pointed(neighbour.doors), "--state-folder", str(state)) as running:
        used(running)
        assert (mode(state), mode(state / "schedules")) == (0o710, 0o770)
        assert {mode(path) for path in (state / "schedules").iterdir()} == {0o660}
        others = [path for name in ("data", "log") for path in (state / name, *(state / name).rglob("*"))]
        assert len(others) >= 6
        assert {(path.is_dir(), mode(path)) for path in others} == {(True, 0o700), (False, 0o600)}


def test_a_folder_of_schedules_stays_as_it_was_found_and_what_others_could_read_is_closed(
    neighbour: Neighbour, tmp_path: Path
) -> None:
    for name in ("schedules", "data", "log"):
        (tmp_path / name).mkdir()
    (tmp_path / "schedules").chmod(0o2775)
    (tmp_path / "schedules" / "E009-softStop").write_text("2036-12-01T12:00:00Z")
    (tmp_path / "schedules" / "E009-softStop").chmod(0o664)
    open_to_all = [
        tmp_path / "data" / "ledger.sqlite3",
        tmp_path / "data" / ".lock",
        tmp_path / "log" / "main_controller.log",
    ]
    for path in open_to_all:
        path.touch(0o666)
    with started(*pointed(neighbour.doors), "--state-folder", str(tmp_path)) as running:
        used(running)
        assert mode(tmp_path / "schedules") == 0o2775
        assert mode(tmp_path / "schedules" / "E009-softStop") == 0o664
        assert {mode(path) for path in open_to_all} == {0o600}
        assert {mode(path.parent) for path in open_to_all} == {0o700}


def test_neither_a_name_nor_a_lock_of_another_user_keeps_it_from_starting(neighbour: Neighbour, tmp_path: Path) -> None:
    (tmp_path / "schedules").mkdir()
    lock = os.open(tmp_path / "schedules" / ".lock", os.O_RDWR | os.O_CREAT, 0o666)
    fcntl.flock(lock, fcntl.LOCK_EX)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with socket.socket(socket.AF_UNIX) as name:
        name.bind(f"\0main-controller-port-{port}")
        arguments = [*pointed(neighbour.doors), "--b-port", str(port), "--state-folder", str(tmp_path)]
        with started(*arguments) as running:
            assert eventually(lambda: running.get("/get/logInfo").status_code == 200)
    os.close(lock)


def test_a_lock_that_is_a_link_elsewhere_is_not_followed(neighbour: Neighbour, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / ".lock").symlink_to(tmp_path / "elsewhere")
    arguments = [*pointed(neighbour.doors), "--b-port", "0", "--b-host", "127.0.0.1", "--state-folder", str(tmp_path)]
    ended = subprocess.run(
        [sys.executable, "startMain.py", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=20, check=False
    )
    assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1)
    assert ".lock cannot be used" in ended.stderr
    assert not (tmp_path / "elsewhere").exists()
