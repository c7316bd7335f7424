"""The recorded run of a real cluster, and demos to knock at."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from main_controller.demo.server import Demo

from .knock import Knock

RECORDING = Path(__file__).parents[1] / "data" / "recording.jsonl.gz"


@pytest.fixture
def recorded() -> list[dict[str, Any]]:
    """The records, oldest first."""
    return [json.loads(line) for line in gzip.decompress(RECORDING.read_bytes()).splitlines()]


@pytest.fixture
def knock() -> Iterator[Knock]:
    """A simulation of eight nodes."""
    # A gathering in a minute: the tests step, so that nothing depends on the machine's speed.
    with Demo(nodes=8, gather=60.0, speed=0.1) as demo:
        yield Knock(demo)


@pytest.fixture
def player() -> Iterator[Knock]:
    """The recording, stepped."""
    with Demo(recording=RECORDING, stepped=True) as demo:
        yield Knock(demo)
