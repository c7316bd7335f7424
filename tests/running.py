"""The product as a person starts it: a process on a real port, asked over real HTTP."""

import json
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT_S = 30


class Running:
    """A started product; ``url`` ends without a slash."""

    def __init__(self, process: subprocess.Popen[str], url: str, lines: list[str]) -> None:
        self.process = process
        self.url = url
        self.lines = lines

    def get(self, path: str, **kwargs: Any) -> requests.Response:
        """GET ``path`` with a bound of 10 s."""
        return requests.get(self.url + path, timeout=10, **kwargs)

    def json(self, path: str) -> Any:
        """The JSON that ``path`` answers, which must be 200."""
        response = self.get(path)
        assert response.status_code == 200, response.text
        return response.json()

    def worker_pid(self) -> int:
        """The process that serves; it is the parent's child that runs granian's worker."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for child in children:
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)
        raise AssertionError("no worker")


def eventually(check: Callable[[], Any], within_s: float = 10.0) -> Any:
    """The first true value of ``check()``; fails when there is none in time."""
    ends_at = time.monotonic() + within_s
    while time.monotonic() < ends_at:
        value = check()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"not within {within_s} s")


@contextmanager
def started(*arguments: str, env: dict[str, str] | None = None, program: Sequence[str] = ()) -> Iterator[Running]:
    """``python startMain.py`` (or another ``program``) on a free port with its own state folder; ended by SIGTERM."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _started(
            program or ["startMain.py"], arguments, {"MAIN_CONTROLLER_STATE_FOLDER": folder} | (env or {})
        )


def _started(program: Sequence[str], arguments: Sequence[str], env: dict[str, str]) -> Iterator[Running]:
    process = subprocess.Popen(
        [sys.executable, *program, "--b-host", "127.0.0.1", "--b-port", "0", *arguments],
        cwd=ROOT,
        env=os.environ | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: list[str] = []
    urls: queue.Queue[str] = queue.Queue()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line.rstrip())
            found = re.search(r"Main Controller: (http://[^/\s]+)/", line)  # a line of the log may run into it
            if found is not None:
                urls.put(found[1])

    reader = threading.Thread(target=read, name="product-output", daemon=True)
    reader.start()
    try:
        try:
            url = urls.get(timeout=START_TIMEOUT_S)
        except queue.Empty:
            raise AssertionError("the product did not start:\n" + "\n".join(lines)) from None
        yield Running(process, url, lines)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        reader.join(5)
        if process.stdout is not None:
            process.stdout.close()


@contextmanager
def demo(**options: str | int | float) -> Iterator[dict[str, Any]]:
    """A demo cluster as a process of its own, with the options of ``python -m main_controller.demo``; its settings."""
    arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    process = subprocess.Popen(
        [sys.executable, "-m", "main_controller.demo", *arguments, "--parent", str(os.getpid())],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(5)
        process.stdout.close()


def pointed(doors: dict[str, Any]) -> list[str]:
    """The arguments that point the product at the neighbours in ``doors`` (settings by name)."""
    arguments: list[str] = []
    for name, value in doors.items():
        text = json.dumps(value) if isinstance(value, dict) else str(value)
        arguments += ["--" + name.replace("_", "-"), text]
    return arguments
