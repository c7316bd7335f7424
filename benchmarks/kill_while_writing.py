"""Kills (-9) a process that writes schedules, again and again, and looks whether a file was ever lost or torn.

Prints how many kills there were, how many of them hit inside a write, and how many files were lost or torn.

    .venv/bin/python benchmarks/kill_while_writing.py [--kills 200] [--inside 50]
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from main_controller.storage.schedule_files import Schedule, Schedules  # noqa: E402

TARGETS = ("", "E001", "CSL3-C0-LEFT")
BASE = datetime(2030, 1, 1, tzinfo=UTC)


def write_for_ever(folder: Path) -> None:
    """Replace the schedules of all targets, one after the other, with an ever later time."""
    schedules = Schedules(folder)
    number = 0
    while True:
        number += 1
        for unit in TARGETS:
            # What is said before and after tells the watcher whether the kill hit inside the write.
            os.write(1, b"<")
            schedules.write(Schedule(unit, "softStop", BASE + timedelta(seconds=number)))
            os.write(1, b">")


def kill_once(folder: Path, pause_s: float) -> bool:
    """Start a writer, kill it after ``pause_s``; whether it was inside a write."""
    writer = subprocess.Popen([sys.executable, __file__, "--write", str(folder)], stdout=subprocess.PIPE)
    assert writer.stdout is not None  # noqa: S101
    said = writer.stdout.read(1)
    time.sleep(pause_s)
    writer.send_signal(signal.SIGKILL)
    said += writer.stdout.read()
    writer.wait(10)
    writer.stdout.close()
    return said.endswith(b"<")


def damaged(folder: Path) -> int:
    """How many of the targets' files are not there or not whole; leftovers of writes are swept as at a start."""
    schedules = Schedules(folder)
    schedules.sweep()
    listing = schedules.read()
    missing = sum(listing.find(unit) is None for unit in TARGETS)
    return missing + len(listing.broken) + sum(name.startswith(".") for name in os.listdir(folder))


def main() -> int:
    """Kill until both counts are reached; the exit status is 1 if a file was damaged."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--inside", type=int, default=50)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    if options.write:
        write_for_ever(options.write)
    kills = inside = damages = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for unit in TARGETS:
            Schedules(folder).write(Schedule(unit, "softStop", BASE))
        while kills < options.kills or inside < options.inside:
            if kills >= 20 * options.kills:
                break
            inside += kill_once(folder, random.uniform(0, 0.02))  # noqa: S311
            kills += 1
            damages += damaged(folder)
    print(f"kills: {kills}, inside a write: {inside}, files lost or torn: {damages}")
    return int(damages > 0 or inside < options.inside)


if __name__ == "__main__":
    sys.exit(main())
