"""The recording played through: the page shows at every step what the recorded bodies say."""

import gzip
import json
import re
import time
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Watched
from tests.browser.shown import expected, shown, without_node
from tests.neighbour import Neighbour
from tests.running import ROOT, Running

LOST = "E002"


@pytest.fixture(scope="module")
def steps() -> list[dict[str, Any]]:
    with gzip.open(ROOT / "tests/data/recording.jsonl.gz", "rt") as file:
        return [json.loads(line) for line in file]


def _settled(watched: Watched, want: dict[str, Any], lost: bool) -> dict[str, Any]:
    """What is shown once it is as wanted, or what stands there after 6 s."""
    ends_at = time.monotonic() + 6
    while True:
        watched.poll_now()
        seen = shown(watched.page)
        seen = without_node(seen, LOST) if lost else seen
        if seen == want or time.monotonic() > ends_at:
            return seen
        watched.page.wait_for_timeout(30)


def test_every_step_shows_modes_crown_grid_master_deals_and_readings_as_recorded(
    neighbour: Neighbour, product: Running, watched: Watched, steps: list[dict[str, Any]]
) -> None:
    neighbour.cluster(steps[-1]["log"] | steps[0]["log"])  # times that the first step will have changed
    product.json("/get/freshness")
    watched.expects_failed_requests = True  # until the first good poll
    watched.page.goto(product.url + "/")
    expect(watched.page.locator("#panels > li")).to_have_count(4, timeout=10_000)
    watched.expects_failed_requests = False
    neighbour.cluster(steps[1]["log"], steps[1]["deals"])
    watched.page.wait_for_timeout(1500)
    for number, step in enumerate(steps):
        neighbour.cluster(step["log"], step["deals"])
        neighbour.says("/unitIds", sorted(steps[0]["log"]))
        want = expected(step)
        assert _settled(watched, want, LOST not in step["log"]) == want, f"step {number}: {step['doing']}"
    panel = watched.page.locator(f'#panels > li[data-id="{LOST}"]')
    expect(panel).to_have_attribute("data-state", "lost")
    expect(panel.locator(".panel-state")).to_have_text(re.compile(r"^lost, last seen (?!--).+"))
    box = watched.page.locator(f'#energy-boxes > li[data-id="{LOST}"]')
    expect(box).to_have_attribute("data-state", "lost")
