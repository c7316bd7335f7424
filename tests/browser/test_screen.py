"""Sizes of screens, forced colours and paper: what an operator needs is in sight."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Watched
from tests.browser.plant import Plant, opened, running
from tests.neighbour import Neighbour, node
from tests.running import Running, eventually, pointed, started

SLOW = 15_000
IN_SIGHT = """(selector) => {
  const { left, right, top, bottom } = document.querySelector(selector).getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight && left >= 0 && right <= innerWidth && bottom > top;
}"""


@pytest.fixture(scope="module")
def plant() -> Iterator[Plant]:
    with running() as one:
        yield one


@pytest.fixture
def four_deals(neighbour: Neighbour) -> Iterator[Running]:
    names = [f"E00{number}" for number in range(1, 9)]
    deals = [
        {
            "chargingUnit": names[number],
            "dischargingUnit": names[number + 4],
            "requester": names[number],
            "responder": names[number + 4],
            "request": "CHARGE",
            "startTime": f"2020/01/01-00:0{number}:00",
            "isMasterDeal": number == 0,
        }
        for number in range(4)
    ]
    neighbour.cluster({name: node(name) for name in names}, deals)
    # These clocks stand, which is not to be told here however long it takes.
    with started(*pointed(neighbour.doors), "--stale-after", "600") as product:
        eventually(lambda: product.get("/get/logInfo").status_code == 200)
        assert product.get("/flushCache").status_code == 200  # a last command
        yield product


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1366, 768)])
def test_mode_stop_all_four_deals_and_last_commands_are_in_sight(
    browser: Browser, four_deals: Running, width: int, height: int
) -> None:
    watched = Watched(browser, viewport={"width": width, "height": height})
    page = watched.page
    page.goto(four_deals.url + "/")
    expect(page.locator("#deals > li")).to_have_count(4)
    expect(page.locator("#last-commands > li")).to_have_count(1, timeout=SLOW)
    for selector in ("#mode-word", "#mode-set", "#stop-all", "#deals > li:nth-child(4)", "#last-commands > li"):
        assert page.evaluate(IN_SIGHT, selector), selector
    assert page.evaluate("document.querySelector('.cluster').scrollTop") == 0
    page.goto("about:blank")
    watched.close()


def test_panels_are_no_higher_than_they_need(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "autonomous")
    heights = page.evaluate("[...document.querySelectorAll('.panel')].map((panel) => panel.offsetHeight)")
    assert max(heights) <= 467  # two thirds of the 700 px that they were
    assert len(set(heights)) == 1


def test_fields_do_not_make_a_phone_zoom_in(browser: Browser, plant: Plant) -> None:
    watched = Watched(browser, viewport={"width": 390, "height": 844})
    page = opened(watched.page, plant, "autonomous")
    sizes = page.evaluate(
        "[...document.querySelectorAll('select, input:not([type=radio], [type=checkbox])')]"
        ".map((field) => parseFloat(getComputedStyle(field).fontSize))"
    )
    assert min(sizes) >= 16
    assert page.evaluate(IN_SIGHT, "#chip-bus")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    watched.close()


def test_with_forced_colours_names_legend_crown_and_stop_all_are_seen(browser: Browser, plant: Plant) -> None:
    watched = Watched(browser, forced_colors="active")
    page = opened(watched.page, plant, "autonomous")
    canvas = "getComputedStyle(document.querySelector('.card-energy'))"
    assert page.evaluate(f"{canvas}.backgroundColor") != page.evaluate(f"{canvas}.color")
    stop = page.evaluate("getComputedStyle(document.querySelector('#stop-all')).backgroundColor")
    assert stop == "rgb(207, 50, 55)"
    crown = page.evaluate("getComputedStyle(document.querySelector('.key-crown path')).fill")
    assert crown == "rgb(255, 224, 0)"
    watched.close()


def test_one_sheet_of_paper_holds_the_cluster_the_deals_and_a_table_of_nodes(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "autonomous")
    expect(page.locator("#deals > li").first).to_be_visible(timeout=SLOW)
    paper = page.pdf(format="A4", print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    rows = page.locator("#print-nodes tr")
    expect(rows).to_have_count(5)
    expect(rows.nth(1)).to_contain_text("E001 : House 1")
    page.emulate_media(media="print")
    for selector in ("#energy", "#deals > li", "#print-nodes"):
        expect(page.locator(selector).first).to_be_visible()
    for selector in ("#stop-all", "#mode-set", "#mode-list", ".panel", "#flush", "#bus-voltage"):
        expect(page.locator(selector).first).to_be_hidden()


def test_an_hour_that_comes_twice_is_asked_for(browser: Browser, plant: Plant) -> None:
    watched = Watched(browser, timezone_id="Europe/Berlin")
    page = opened(watched.page, plant, "autonomous")
    page.locator("#schedule-set").click()
    dialog = page.get_by_role("dialog")
    for name, text in (("year", "2030"), ("month", "10"), ("day", "27"), ("hour", "02"), ("minute", "30")):
        dialog.locator(f'[name="{name}"]').fill(text)
    expect(dialog).to_contain_text("That time comes twice: choose which of the two.")
    dialog.get_by_role("button", name="Set", exact=True).click()
    expect(dialog).to_be_visible()
    dialog.get_by_label("UTC+01:00").check()
    dialog.get_by_role("button", name="Set", exact=True).click()
    expect(dialog).to_be_hidden()
    assert plant.product.json("/schedules")[""]["softStop"] == "2030-10-27T01:30:00+00:00"
    plant.product.get("/setSchedule?operation=softStop")
    watched.close()


@pytest.mark.parametrize("width", [1340, 1366])
def test_a_command_moves_nothing_under_the_pointer(browser: Browser, plant: Plant, width: int) -> None:
    watched = Watched(browser, viewport={"width": width, "height": 900})
    page = opened(watched.page, plant, "autonomous")
    expect(page.locator("#chip-bus")).to_have_text("350 V", timeout=30_000)
    height = "document.querySelector('.masthead').offsetHeight"
    before = page.evaluate(height)
    page.evaluate(
        f"""window.highest = 0;
        const fresh = document.querySelector('#chip-fresh');
        const look = () => {{
          if (fresh.dataset.kind === 'past') window.highest = Math.max(highest, {height});
          requestAnimationFrame(look);
        }};
        look();"""
    )
    page.locator("#stop-all").click()
    expect(page.locator("#stop-report")).to_contain_text(re.compile(r"seen after \d+\ss"), timeout=30_000)
    assert page.evaluate("highest") == before
    watched.close()


def test_a_schedule_can_be_read_whole_in_the_column(browser: Browser, plant: Plant) -> None:
    watched = Watched(browser, viewport={"width": 1340, "height": 900})
    page = opened(watched.page, plant, "autonomous")
    told = page.locator(".card-mode .schedule")
    assert page.locator("#schedule-time").evaluate("(element) => element.getClientRects().length") == 1, "-- is whole"
    plant.product.get("/setSchedule", params={"operation": "softStop", "value": "2099-01-02T03:04:00Z"})
    expect(told).to_contain_text("2099/01/02 03:04 UTC+00:00", timeout=SLOW)
    is_cut = (
        "(element) => element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1"
    )
    assert not told.evaluate(is_cut)
    expect(told).to_have_attribute("title", re.compile(r"^2099/01/02 03:04 UTC\+00:00, in "))
    plant.product.get("/setSchedule", params={"operation": "softStop"})
    watched.close()
