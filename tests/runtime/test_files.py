"""Where the system allows few open files, Main Controller runs with them, or says so in one line; never neither."""

import contextlib
import resource
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from main_controller.errors import SettingsError
from main_controller.runtime import files
from main_controller.runtime.files import LEAST, FileBudget
from tests.neighbour import Neighbour, node
from tests.running import ROOT, eventually, pointed, started


@given(st.integers(LEAST, 1_000_000))
def test_whatever_is_allowed_connections_and_exchanges_fit_into_it(allowed: int) -> None:
    budget = FileBudget.of(allowed)
    assert budget.connections >= 16
    assert budget.exchanges >= 4
    # The server accepts half as many more before they are closed, and some 50 files are ours.
    assert 1.5 * budget.connections + 2 * budget.exchanges + 40 <= allowed


def test_what_most_systems_allow_is_enough_for_a_thousand_nodes() -> None:
    assert FileBudget.of(16384) == FileBudget(1024, 1024)


@contextlib.contextmanager
def allowed(number: int) -> Iterator[None]:
    """For processes that are started meanwhile, and for this one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, number), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("number", [16, 24, 64, LEAST - 1])
def test_too_few_files_are_said_in_one_line(number: int) -> None:
    command = f"ulimit -n {number}; exec {sys.executable} startMain.py --demo 4 --b-host 127.0.0.1 --b-port 0"
    ended = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)
    assert (ended.returncode, len(ended.stderr.splitlines()), ended.stdout) == (2, 1, "")
    assert f"allows {number} open files" in ended.stderr


def test_where_the_system_allows_more_when_asked_it_is_asked() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with allowed(300):
        files.allow_many()
        assert files.allowed() == min(files.WANTED, hard)


def test_an_error_names_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (20, 24))
    with pytest.raises(SettingsError, match="allows 24 open files"):
        files.allow_many()


def test_with_as_few_files_as_are_allowed_stop_all_reaches_every_node_beside_many_connections() -> None:
    units = [f"E{number:03}" for number in range(60)]
    launch = (
        "import os, resource, sys;"
        f"resource.setrlimit(resource.RLIMIT_NOFILE, ({LEAST}, {LEAST}));"
        "os.execv(sys.executable, [sys.executable, 'startMain.py', *sys.argv[1:]])"
    )
    with Neighbour() as neighbour:
        for unit in units:
            neighbour.says(f"/set/dcdc/{unit}", {"status": {"status": "0x0000"}})
        neighbour.cluster({unit: node(unit, mode="manual") for unit in units})
        arguments = [*pointed(neighbour.doors), "--emul-url", neighbour.url]
        with started(*arguments, program=["-c", launch]) as running, contextlib.ExitStack() as stack:
            eventually(lambda: running.get("/get/logInfo").status_code == 200)
            host, port = running.url.removeprefix("http://").split(":")
            for _ in range(100):
                stack.enter_context(socket.create_connection((host, int(port)), timeout=5))

            def all_accepted() -> bool:
                try:
                    answer = running.get("/stopAll").json()["nodes"]
                except requests.ConnectionError:  # of so many connections of one address this one was one too many
                    return False
                return bool(answer == dict.fromkeys(units, "accepted"))

            eventually(all_accepted)
            assert not [line for line in running.lines if "Traceback" in line or "open files" in line]
