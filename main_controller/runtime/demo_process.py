"""Starts the demo cluster as a process of its own and tells the settings that point at it."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from main_controller.errors import SettingsError
from main_controller.runtime.folders import PROGRAM
from main_controller.settings import DemoChoice

_START_TIMEOUT_S = 20.0
_END_TIMEOUT_S = 1.0


@contextmanager
def running(choice: DemoChoice) -> Iterator[dict[str, Any]]:
    """The demo while the body runs; gives the settings of its doors. Raises SettingsError if it cannot start."""
    what = ["--recording", choice.recording] if choice.recording is not None else ["--nodes", str(choice.nodes)]
    process = subprocess.Popen(
        [sys.executable, "-m", "main_controller.demo", *what, "--parent", str(os.getpid())],
        cwd=PROGRAM if choice.recording is None else None,
        env=os.environ | {"PYTHONPATH": str(PROGRAM)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for us; we end the demo after the last poll
        text=True,
    )
    try:
        yield _first_line(process)
    finally:
        process.terminate()
        try:
            process.wait(_END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _first_line(process: subprocess.Popen[str]) -> dict[str, Any]:
    line = ""
    if process.stdout is not None and select.select([process.stdout], [], [], _START_TIMEOUT_S)[0]:
        line = process.stdout.readline()
    if not line:
        raise SettingsError("the demo did not start")
    doors: dict[str, Any] = json.loads(line)
    return doors
