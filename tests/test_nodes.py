"""What a node's data say, however they came: the page reads the same cases (tests/js/data/nodes.test.mjs)."""

import json
from typing import Any

import pytest

from main_controller import nodes
from tests.running import ROOT

ODD = json.loads((ROOT / "tests" / "data" / "odd-nodes.json").read_text())


@pytest.mark.parametrize("case", ODD, ids=lambda case: case["why"])
def test_an_odd_node_is_read_as_the_page_reads_it(case: dict[str, Any]) -> None:
    node = case["node"] if isinstance(case["node"], dict) else {}  # a node that is no object is left out before
    display, ip = nodes.name_and_ip(node)
    assert nodes.ip(node) == ip
    assert case["read"] == {
        "time": nodes.clock(node),
        "display": display,
        "ip": ip,
        "global": nodes.global_mode(node),
        "local": nodes.local_mode(node),
        "effective": nodes.effective_mode(node),
        "status": nodes.converter_status(node),
        "ig": nodes.grid_current_a(node),
    }
