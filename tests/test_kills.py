"""A kill -9 in the middle of a write loses and tears nothing (the long run is benchmarks/kill_while_writing.py)."""

import re
import subprocess
import sys

from tests.running import ROOT


def test_kills_inside_a_write_damage_nothing() -> None:
    command = [sys.executable, "benchmarks/kill_while_writing.py", "--kills", "12", "--inside", "4"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    found = re.fullmatch(r"kills: (\d+), inside a write: (\d+), files lost or torn: 0\n", ended.stdout)
    assert found is not None
    assert int(found[1]) >= 12
    assert int(found[2]) >= 4
