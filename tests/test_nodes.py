"""What a node's data say, however they came."""

import json
from typing import Any

import pytest

from main_controller import nodes
from tests.running import ROOT

STATUSES = json.loads((ROOT / "tests" / "data" / "converter-statuses.json").read_text())


@pytest.mark.parametrize(("raw", "status"), STATUSES)
def test_a_converter_status_is_read_as_the_page_reads_it(raw: Any, status: str | None) -> None:
    assert nodes.converter_status({"dcdc": {"status": {"status": raw}}}) == status
