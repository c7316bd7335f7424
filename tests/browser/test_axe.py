"""axe-core on the page, its dialogs and the detail, in both themes: nothing serious or critical."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watched
from tests.browser.plant import Plant, opened, running

GRAVE = ("serious", "critical")


@pytest.fixture(scope="module")
def plant() -> Iterator[Plant]:
    with running() as one:
        one.in_mode("autonomous")
        yield one


def _findings(page: Page) -> list[Any]:
    found = Axe().run(page, options={"preload": False}).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found if one["impact"] in GRAVE]


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("width", [1400, 390])
def test_axe_finds_nothing_serious_in_the_page_its_dialogs_and_the_detail(
    plant: Plant, browser: Browser, theme: str, width: int
) -> None:
    watched = Watched(browser, viewport={"width": width, "height": 900})
    watched.page.add_init_script(f"localStorage.setItem('theme', '{theme}')")
    page = opened(watched.page, plant, "autonomous")
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    page.locator("#debug").check()
    assert _findings(page) == []
    page.locator("#schedule-set").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert _findings(page) == []
    page.keyboard.press("Escape")
    page.locator("#mode-list").select_option(label="Force Stop")
    page.locator("#mode-set").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert _findings(page) == []
    page.keyboard.press("Escape")
    page.evaluate("location.hash = 'node=E001'")
    expect(page.locator("#detail")).to_be_visible()
    assert _findings(page) == []
    watched.close()


def test_everything_that_can_be_pressed_can_be_reached_by_tab_and_shows_the_focus(
    plant: Plant, watched: Watched
) -> None:
    page = opened(watched.page, plant, "autonomous")
    wanted = page.locator("button:visible, select:visible, input:visible").count()
    reached, without = set(), []
    for _ in range(200):
        page.keyboard.press("Tab")
        where = page.evaluate(
            """() => {
              const one = document.activeElement;
              const all = [...document.querySelectorAll('button, select, input')];
              const style = getComputedStyle(one);
              const inCanvas = one.closest('canvas') !== null;
              return [all.indexOf(one), inCanvas || style.outlineStyle !== 'none', one.outerHTML.slice(0, 120)];
            }"""
        )
        if where[0] in reached:
            break
        if where[0] != -1:
            reached.add(where[0])
        if where[0] != -1 and not where[1]:
            without.append(where[2])
    assert without == []
    # Disabled fields and all radios but one of each group are not in the tab order.
    disabled = page.locator("input:visible:disabled, fieldset:disabled input:visible, button:visible:disabled").count()
    assert len(reached) >= wanted - disabled
