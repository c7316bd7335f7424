"""The recorded run of a real cluster."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

RECORDING = Path(__file__).parents[1] / "data" / "recording.jsonl.gz"


@pytest.fixture
def recorded() -> list[dict[str, Any]]:
    """The records, oldest first."""
    return [json.loads(line) for line in gzip.decompress(RECORDING.read_bytes()).splitlines()]
