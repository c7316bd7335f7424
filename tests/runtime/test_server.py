"""The process model: ends whole, comes back, leaves nothing, runs once."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import requests

from main_controller.web.waiting_room import READ_SEATS
from tests.neighbour import Neighbour, node
from tests.running import ROOT, Running, eventually, pointed, started


@pytest.fixture
def neighbour() -> Iterator[Neighbour]:
    with Neighbour() as running:
        running.cluster({"E001": node("E001")})
        yield running


def family(running: Running) -> set[int]:
    """The product's processes: parent, worker, demo, and Python's resource tracker."""
    pid = running.process.pid
    return {pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())}


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def dead(pid: int) -> bool:
    return not alive(pid)


def answers(running: Running) -> bool:
    try:
        return running.get("/get/logInfo").status_code == 200
    except requests.ConnectionError:
        return False


def listens(running: Running) -> bool:
    host, port = running.url.removeprefix("http://").split(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_all_within_two_seconds(end: signal.Signals) -> None:
    with started("--demo", "4") as running:
        eventually(lambda: running.get("/get/logInfo").status_code == 200)
        processes = family(running)
        assert len(processes) >= 3
        running.process.send_signal(end)
        assert running.process.wait(2) == 0
        eventually(lambda: not [pid for pid in processes if alive(pid)], 2)
        assert not listens(running)
    assert not [line for line in running.lines if "Traceback" in line]


def test_the_end_does_not_wait_for_a_hung_neighbour(neighbour: Neighbour) -> None:
    with started(*pointed(neighbour.doors), "--poll-timeout", "30") as running:
        eventually(lambda: running.get("/get/logInfo").status_code == 200)
        neighbour.hangs("/get/log")

        def ask() -> None:
            with contextlib.suppress(requests.RequestException):
                running.get("/get/unit/E001?urgent=true")

        asking = threading.Thread(target=ask)
        asking.start()
        eventually(lambda: neighbour.requests.count("/get/log") >= 2)
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(2) == 0
        asking.join(5)


def test_an_end_in_order_closes_the_ledger(neighbour: Neighbour, tmp_path: Path) -> None:
    with started(*pointed(neighbour.doors), env={"MAIN_CONTROLLER_STATE_FOLDER": str(tmp_path)}) as running:
        eventually(lambda: answers(running))
        (log,) = tmp_path.rglob("ledger.sqlite3-wal")
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(2) == 0
    assert not log.exists()  # its last connection, closed, took what was in it into the database


def test_a_killed_worker_is_replaced_again_and_again(neighbour: Neighbour) -> None:
    with started(*pointed(neighbour.doors)) as running:
        for _ in range(3):
            eventually(lambda: answers(running))
            worker = running.worker_pid()
            os.kill(worker, signal.SIGKILL)
            eventually(partial(dead, worker))
        eventually(lambda: answers(running))
        assert running.process.poll() is None


def test_a_killed_parent_takes_everything_along() -> None:
    with started("--demo", "4") as running:
        processes = family(running)
        running.process.kill()
        running.process.wait(5)
        eventually(lambda: not [pid for pid in processes if alive(pid)])
        assert not listens(running)


def second_start(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "startMain.py", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_a_second_start_is_refused(neighbour: Neighbour, tmp_path: Path) -> None:
    here = str(tmp_path / "state")
    with started(*pointed(neighbour.doors), "--state-folder", here) as running:
        port = running.url.rpartition(":")[2]
        elsewhere = str(tmp_path / "other")
        for arguments, word in (
            (["--b-port", port, "--state-folder", elsewhere], "port"),
            (["--b-port", port, "--b-host", "127.0.0.1", "--state-folder", elsewhere], "port"),
            (["--b-port", "0", "--b-host", "127.0.0.1", "--state-folder", here], "schedules"),
        ):
            ended = second_start(*arguments)
            assert ended.returncode == 2
            assert len(ended.stderr.splitlines()) == 1
            assert word in ended.stderr
        assert running.get("/get/logInfo").status_code == 200


def test_a_taken_port_or_a_host_that_does_not_resolve_is_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = second_start("--b-host", "127.0.0.1", "--b-port", port)
        assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1)
        assert port in ended.stderr
    for host in ("no-such-host.invalid", "192.0.2.77"):
        ended = second_start("--b-host", host, "--b-port", "0")
        assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1)
        assert host in ended.stderr


def test_requests_that_wait_leave_threads_for_those_that_do_not(neighbour: Neighbour) -> None:
    with started(*pointed(neighbour.doors), "--poll-timeout", "3", "--datacollectorinterval", "60") as running:
        eventually(lambda: running.get("/get/logInfo").status_code == 200)
        neighbour.hangs("/get/log")
        seats = READ_SEATS
        statuses: list[int] = []
        waiting = [
            threading.Thread(target=lambda: statuses.append(running.get("/get/unit/E001?urgent=true").status_code))
            for _ in range(seats + 5)
        ]
        for thread in waiting:
            thread.start()
        eventually(lambda: statuses.count(503) == 5, 2)
        assert len(statuses) == 5
        assert running.get("/get/logInfo").status_code == 200
        for thread in waiting:
            thread.join(15)
        assert statuses.count(504) == seats


def test_a_body_is_never_read(neighbour: Neighbour) -> None:
    with started(*pointed(neighbour.doors)) as running:
        host, port = running.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            connection.sendall(b"POST /get/logInfo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\nabc")
            assert connection.recv(12) == b"HTTP/1.1 405"


def test_a_client_that_trickles_its_headers_is_dropped(neighbour: Neighbour) -> None:
    with started(*pointed(neighbour.doors)) as running:
        host, port = running.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=8) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            assert connection.recv(100)[:12] in (b"", b"HTTP/1.1 408")


def test_a_demo_keeps_nothing_in_the_programs_folders() -> None:
    before = sorted(path for name in ("schedules", "log", "data") for path in (ROOT / name).glob("**/*"))
    with started("--demo", "4") as running:
        eventually(lambda: running.get("/get/logInfo").status_code == 200)
        (folder,) = Path("/tmp").glob(f"main-controller-demo-{running.process.pid}-*")
        assert (folder / "log" / "main_controller.log").exists()
    assert not folder.exists()
    assert sorted(path for name in ("schedules", "log", "data") for path in (ROOT / name).glob("**/*")) == before
