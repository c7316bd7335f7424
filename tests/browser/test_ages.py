"""What is shown is told with its age; what is known to be past, and what may still run, is said loudly."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import FAST, Watched
from tests.neighbour import Neighbour, node
from tests.running import Running, eventually, pointed, started

SLOW = 15_000
LONG_STALE = ("--stale-after", "60")


class Moving:
    """A neighbour whose nodes are gathered again whenever the test says so."""

    def __init__(self, neighbour: Neighbour, names: tuple[str, ...] = ("E001", "E002", "E003")) -> None:
        self.neighbour = neighbour
        self.nodes: dict[str, Any] = {name: node(name, mode="manual") for name in names}
        self.deals: list[dict[str, Any]] = []
        self._gathered = 0
        self.gather()

    def converter(self, name: str, status: str, **meter: float) -> None:
        """What a node's converter does, as from the next gathering."""
        self.nodes[name]["dcdc"]["status"]["status"] = status
        self.nodes[name]["dcdc"]["meter"] |= meter

    def gather(self) -> None:
        """New data."""
        self._gathered += 1
        self.nodes = {name: one | {"time": f"t{self._gathered}"} for name, one in self.nodes.items()}
        self.neighbour.cluster(self.nodes, self.deals)
        self.neighbour.says("/stop", {"active": False})
        for name in ("E001", "E002", "E003"):
            self.neighbour.says(f"/set/dcdc/{name}", {"status": {"status": "0x0000"}})

    def gather_while(self, page: Page, times: int) -> None:
        """New data again and again, each seen by the product."""
        for _ in range(times):
            self.gather()
            page.wait_for_timeout(250)


@pytest.fixture
def moving(neighbour: Neighbour) -> Moving:
    return Moving(neighbour)


@pytest.fixture
def product(moving: Moving) -> Iterator[Running]:
    doors = moving.neighbour.doors | {"emul_url": moving.neighbour.url}
    with started(*FAST, *LONG_STALE, *pointed(doors)) as running:
        yield running


def _live(page: Page, product: Running, moving: Moving) -> None:
    eventually(lambda: product.get("/get/logInfo").status_code == 200)
    moving.gather_while(page, 6)
    page.goto(product.url + "/")
    moving.gather_while(page, 4)
    expect(page.locator("#chip-fresh-text")).to_have_text(re.compile(r"^Live, up to \d+ s old$"), timeout=SLOW)


def test_after_stop_all_what_was_read_before_it_is_marked_until_newer_data_came(
    moving: Moving, product: Running, watched: Watched
) -> None:
    page = watched.page
    moving.converter("E001", "0x0014", vg=350.1)
    _live(page, product, moving)
    expect(page.locator("#chip-bus")).to_have_text("350.1 V")
    expect(page.locator('#energy-boxes [data-id="E001"]')).to_have_attribute("data-live", "")
    page.locator("#stop-all").click()
    expect(page.locator("#chip-fresh-text")).to_have_text(re.compile(r"^Before the command"))
    expect(page.locator('.panel[data-id="E002"] .panel-state')).to_have_text("before the command")
    expect(page.locator("#mode-word")).to_have_attribute("data-old", "past")
    expect(page.locator('#energy-boxes [data-id="E002"]')).not_to_have_attribute("data-live", "")
    expect(page.locator("#energy")).to_have_attribute("aria-label", re.compile("before the command"))
    # The converter itself has answered that it waits; the voltage is the one from before.
    expect(page.locator("#chip-bus")).to_have_text("350.1 V")
    expect(page.locator("#chip-bus-whole")).to_have_attribute("title", re.compile("before the command, no proof"))
    moving.converter("E001", "0x0000", vg=0.4)
    moving.gather_while(page, 8)
    expect(page.locator("#chip-fresh-text")).to_have_text(re.compile(r"^Live"), timeout=SLOW)
    expect(page.locator("#chip-bus")).to_have_text("0.5 V")
    title = re.compile(r"^highest measured, up to \d+ s old, no proof of absence of voltage$")
    expect(page.locator("#chip-bus-whole")).to_have_attribute("title", title)


def test_a_node_lost_while_charging_is_told_loudly_until_its_converter_waits(
    moving: Moving, product: Running, watched: Watched
) -> None:
    page = watched.page
    moving.converter("E002", "0x0041", ig=2.0)
    _live(page, product, moving)
    expect(page.locator("#left-running")).to_be_hidden()
    del moving.nodes["E002"]
    moving.gather_while(page, 3)
    sentence = "E002 lost while charging 2 A; its converter may still run"
    expect(page.locator("#left-running")).to_have_text(sentence, timeout=SLOW)
    expect(page.locator('.panel[data-id="E002"] .left-running')).to_have_text(sentence.removeprefix("E002 "))
    page.reload()  # whoever opens the page afterwards is told the same
    expect(page.locator("#left-running")).to_have_text(sentence, timeout=SLOW)
    page.locator("#stop-all").click()
    expect(page.locator("#stop-report")).to_contain_text("E002: its converter itself answered: it waits")
    expect(page.locator("#left-running")).to_be_hidden()


def test_two_deals_of_one_pair_are_told_apart(moving: Moving, product: Running, watched: Watched) -> None:
    page = watched.page
    pair = {"chargingUnit": "E001", "dischargingUnit": "E002", "responder": "E002", "request": "CHARGE"}
    starts = {"E001": "2020/01/01-00:01:00", "E002": "2020/01/01-00:07:00"}
    moving.deals = [pair | {"requester": requester, "startTime": start} for requester, start in starts.items()]
    _live(page, product, moving)
    curves = page.locator("#energy-curves > li")
    expect(curves).to_have_count(2)
    for curve, (requester, start) in zip(curves.all(), starts.items(), strict=True):
        apart = f"since {start.replace('-', ' ')}, requested by {requester}"
        expect(curve).to_contain_text(apart)
    page.locator("#mode-list").select_option(label="Force Stop")
    page.locator("#mode-set").click()
    for requester, start in starts.items():
        apart = f"E001 charges from E002 since {start.replace('-', ' ')}, requested by {requester}"
        expect(page.get_by_role("dialog")).to_contain_text(apart)
    page.keyboard.press("Escape")
