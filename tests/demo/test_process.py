"""The demo as a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        [sys.executable, "-m", "main_controller.demo", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield child
    finally:
        child.kill()
        child.communicate(timeout=5)


def settings_of(child: subprocess.Popen[str]) -> Any:
    assert child.stdout is not None
    return json.loads(child.stdout.readline())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_quickly_quietly_and_with_nothing_left(number: signal.Signals) -> None:
    with process("--nodes", "4") as child:
        settings = settings_of(child)
        kept = socket.create_connection(("127.0.0.1", settings["apis_emul_port"]))
        started = time.monotonic()
        child.send_signal(number)
        out, err = child.communicate(timeout=5)
        assert time.monotonic() - started < 0.9
        kept.close()
        assert (child.returncode, out, err) == (0, "", "")
        for door in ("apis_emul_port", "apis_budo_port", "emul_port", "budo_port"):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", settings[door]), 1)


def test_it_ends_with_its_parent() -> None:
    script = (
        "import os, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-m', 'main_controller.demo', '--parent', str(os.getpid())],"
        " stdout=subprocess.PIPE)\n"
        "child.stdout.readline(); print(child.pid, flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
        parent.wait(5)
    ends_at = time.monotonic() + 3
    while alive(pid) and time.monotonic() < ends_at:
        time.sleep(0.02)
    left = alive(pid)
    if left:
        os.kill(pid, signal.SIGKILL)
    assert not left


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:  # it ended between the two looks
        return False


@pytest.mark.parametrize(
    "arguments",
    [["--recording", "/nowhere"], ["--nodes", "0"], ["--nodes", "x"], ["--speed", "nan"], ["--gather", "0"]],
)
def test_a_wrong_argument_is_one_line_and_status_2(arguments: list[str]) -> None:
    with process(*arguments) as child:
        out, err = child.communicate(timeout=5)
        assert child.returncode == 2
        assert out == ""
        assert arguments[0].strip("-") in err.splitlines()[-1]
        assert "Traceback" not in err
