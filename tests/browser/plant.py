"""A demo cluster that gathers quickly, the product on it, and what the two were asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from playwright.sync_api import Locator, Page, expect

from main_controller.demo.server import Demo
from tests.running import Running, eventually, pointed, started

QUICK = ("--datacollectorinterval", "0.2", "--schedulerInterval", "0.2")
SETTLED = ("observed", "not taken", "superseded")


class Plant:
    """The demo's doors and the product in front of them."""

    def __init__(self, demo: Demo, product: Running) -> None:
        self.product = product
        self._doors = f"http://127.0.0.1:{demo.settings['apis_budo_port']}/demo/"

    def sent(self) -> list[tuple[str, dict[str, str]]]:
        """Path and query of each command that went outward since it was last asked."""
        seen = requests.get(self._doors + "requests?clear=1", timeout=5).json()
        return [(one["path"], one["query"]) for one in seen]

    def fault(self, **what: str) -> None:
        """Make a door misbehave."""
        requests.get(self._doors + "fault", params=what, timeout=5).raise_for_status()

    def command(self, path: str) -> None:
        """Give a command as a script does, and wait until it was seen."""
        answer = self.product.get(path)
        assert answer.status_code == 200, answer.text
        row = f"/commands/{answer.headers['X-Command-Id']}"
        eventually(lambda: (self.product.json(row)["observed"] or "observed").startswith(SETTLED))

    def in_mode(self, mode: str) -> None:
        """Healthy, no schedules, no local modes, all in ``mode``, nothing asked yet."""
        self.fault(kind="none")
        for unit in self.product.json("/schedules"):
            self.product.get("/setSchedule", params={"operation": "softStop", "unitId": unit})
        eventually(
            lambda: all(one["state"] == "fresh" for one in self.product.json("/get/freshness")["nodes"].values())
        )
        for unit, body in self.product.json("/get/logInfo").items():
            if body["apis"]["operation_mode"]["local"] is not None:
                self.command(f"/setOperationMode?value=&unitId={unit}")
        self.command("/stopAll")
        self.command(f"/setOperationMode?value={mode}")
        self.sent()


@contextmanager
def running(nodes: int = 4) -> Iterator[Plant]:
    """A plant of its own."""
    with Demo(nodes, gather=0.2) as demo, started(*QUICK, *pointed(demo.settings)) as product:
        plant = Plant(demo, product)
        eventually(lambda: product.get("/get/logInfo").status_code == 200)
        yield plant


def panel(page: Page, node: str) -> Locator:
    """The panel of a node."""
    return page.locator(f'.panel[data-id="{node}"]')


def button(where: Locator, name: str) -> Locator:
    """One of the buttons of a panel."""
    return where.locator(f'[data-do="{name}"]')


def opened(page: Page, plant: Plant, mode: str) -> Page:
    """The page of a plant in ``mode``, once it shows it."""
    plant.in_mode(mode)
    page.goto(plant.product.url + "/")
    word = {"autonomous": "Run", "heteronomous": "Soft Stop", "stop": "Force Stop", "manual": "Manual"}[mode]
    expect(page.locator("#mode-word")).to_have_text(word)
    expect(page.locator('.panel[data-state="fresh"]')).to_have_count(4)
    return page


def set_converter(page: Page, node: str, choice: str, current: str | None = None, *, agree: bool = False) -> Locator:
    """Choose and set as an operator does; the line that reports it."""
    where = panel(page, node)
    where.locator(f'input[value="{choice}"]').check()
    if current is not None:
        where.locator(".grid-current").fill(current)
    button(where, "converter-set").click()
    if agree:
        page.locator(".ui-dialog .button-danger").click()
    return where.locator(".report")


def says(page: Page, selector: str, text: Any, timeout: float = 12_000) -> None:
    """Wait until the element says it."""
    expect(page.locator(selector)).to_contain_text(text, timeout=timeout)
