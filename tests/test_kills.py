"""A kill -9 in the middle of a write loses and tears nothing."""

import re
import subprocess
import sys

import pytest

from tests.running import ROOT


@pytest.mark.parametrize(
    ("kills", "inside"), [(12, 4), pytest.param(300, 100, marks=pytest.mark.long)], ids=["a few", "many"]
)
def test_kills_inside_a_write_damage_nothing(kills: int, inside: int) -> None:
    command = [sys.executable, "benchmarks/kill_while_writing.py", "--kills", str(kills), "--inside", str(inside)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    found = re.fullmatch(r"kills: (\d+), inside a write: (\d+), files lost or torn: 0\n", ended.stdout)
    assert found is not None
    assert int(found[1]) >= kills
    assert int(found[2]) >= inside
