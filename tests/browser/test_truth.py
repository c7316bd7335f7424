"""What is old is never told as live, and an operator in trouble can always go on: keyboard, lost nodes, restarts."""

import itertools
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import FAST, Watched
from tests.browser.plant import Plant, button, opened, panel, running, says
from tests.neighbour import Neighbour, node
from tests.running import eventually, pointed, started

SLOW = 15_000
# Whether the middle of one of the two bands, and its whole height, can be seen.
BAND_IN_SIGHT = """[...document.querySelectorAll(".band")].some((band) => {
  const { left, right, top, bottom } = band.getBoundingClientRect();
  const seen = (y) => band.contains(document.elementFromPoint((left + right) / 2, y));
  return bottom > top && seen(top + 2) && seen(bottom - 2);
})"""


@pytest.fixture(scope="module")
def plant() -> Iterator[Plant]:
    with running() as one:
        yield one


def _ask_force_stop(page: Page) -> None:
    page.locator("#mode-list").select_option(label="Force Stop")
    page.locator("#mode-set").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_a_cluster_whose_clocks_stand_still_is_old_as_a_whole(neighbour: Neighbour, watched: Watched) -> None:
    names = ("E001", "E002")
    neighbour.cluster({name: node(name, "2020/01/01-00:00:01") for name in names})
    with started(*FAST, *pointed(neighbour.doors), "--stale-after", "1") as product:
        eventually(lambda: product.get("/get/logInfo").status_code == 200)
        watched.page.goto(product.url + "/")
        expect(watched.page.locator("#chip-fresh-text")).to_have_text(re.compile("^Not confirmed yet$|^Not live"))
        band = watched.page.locator(".band-energy")
        expect(band).to_contain_text("no node's clock moves", timeout=SLOW)
        _ask_force_stop(watched.page)
        expect(watched.page.get_by_role("dialog")).to_contain_text(
            "Careful: 2 of 2 nodes are not fresh, how old the data are is not known"
        )
        seconds = itertools.count(2)

        def moves() -> bool:
            neighbour.cluster({name: node(name, f"2020/01/01-00:{next(seconds):02d}:00") for name in names})
            return band.is_hidden()

        eventually(moves, 15)
        watched.page.goto("about:blank")


def test_deals_that_cannot_be_read_look_old_and_dialogs_say_so(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "autonomous")
    curves = page.locator("#energy-curves > li")
    expect(curves.first).to_have_attribute("data-live", "", timeout=SLOW)
    watched.expects_failed_requests = True
    plant.fault(door="budo", kind="error")
    expect(page.locator("#chip-deals")).to_have_text(re.compile(r"^\d deals?, old$"), timeout=SLOW)
    expect(page.locator("#energy-curves > li[data-live]")).to_have_count(0)
    _ask_force_stop(page)
    expect(page.get_by_role("dialog")).to_contain_text(re.compile(r"Careful: the deals are as of \d+ s ago"))
    page.keyboard.press("Escape")
    plant.fault(kind="none")


def test_stop_all_is_reached_by_tab_from_an_open_dialog(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "manual")
    _ask_force_stop(page)
    seen = []
    for _ in range(8):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
        if seen[-1] == "stop-all":
            break
    assert seen[-1] == "stop-all", seen
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.closest('.ui-dialog') !== null")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    says(page, "#stop-report", re.compile("accepted|seen after"))
    assert len(plant.sent()) == 4
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.ui-dialog') !== null")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_local_mode_for_a_lost_node_is_sent_after_a_question(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "autonomous")
    plant.fault(door="emulator", kind="lost", node="E003")
    one = panel(page, "E003")
    expect(one).to_have_attribute("data-state", "lost", timeout=SLOW)
    one.locator(".local-list").select_option(label="Soft Stop")
    button(one, "local-set").click()
    expect(page.get_by_role("dialog")).to_contain_text("E003 is lost: what it does now is not known.")
    assert plant.sent() == []
    page.get_by_role("button", name="Send it all the same").click()
    expect(one.locator(".report")).to_contain_text("accepted")
    assert plant.sent() == [("/setOperationMode", {"value": "heteronomous", "unitId": "E003"})]
    watched.expects_failed_requests = True
    button(one, "refresh").click()
    expect(one.locator(".report")).to_contain_text(re.compile(r"not read: .*last seen \d\d:\d\d:\d\d"))
    plant.fault(kind="none")


def test_a_question_about_a_node_that_vanishes_says_so_and_the_page_goes_on(
    neighbour: Neighbour, watched: Watched
) -> None:
    names = ("E001", "E002")
    neighbour.cluster({name: node(name, "2020/01/01-00:00:01") for name in names})
    with started(*FAST, *pointed(neighbour.doors)) as product:
        eventually(lambda: product.get("/get/logInfo").status_code == 200)
        page = watched.page
        page.goto(product.url + "/")
        one = panel(page, "E002")
        one.locator(".local-list").select_option(label="Force Stop")
        button(one, "local-set").click()
        expect(page.get_by_role("dialog")).to_contain_text("E002")
        page.route("**/get/picture*", _without_the_second)
        expect(page.get_by_role("dialog")).to_contain_text("E002 is no longer known.", timeout=SLOW)
        expect(panel(page, "E001").locator(".node-clock")).to_have_text("2020/01/01 00:00:07")
        page.goto("about:blank")


def _without_the_second(route: Route) -> None:
    answer = route.fetch(url=route.request.url.partition("?")[0])
    body = answer.json()
    body["known"].pop("E002", None)
    body["nodes"] = {"E001": {"time": "2020/01/01-00:00:07"}}
    route.fulfill(json=body, headers=answer.headers | {"ETag": '"other"'})


def test_the_band_is_in_sight_at_every_scroll_position_and_beside_a_detail(
    neighbour: Neighbour, watched: Watched
) -> None:
    neighbour.cluster({f"E00{number}": node(f"E00{number}") for number in range(1, 5)})
    with started(*FAST, *pointed(neighbour.doors)) as product:
        eventually(lambda: product.get("/get/logInfo").status_code == 200)
        page = watched.page
        page.goto(product.url + "/")
        expect(page.locator(".panel")).to_have_count(4)
        neighbour.hangs("/get/log")
        expect(page.locator(".band-text").last).to_contain_text("This picture is", timeout=SLOW)
        for width, height in ((360, 740), (1400, 700), (1400, 1000)):
            page.set_viewport_size({"width": width, "height": height})
            for top in range(0, 1000, 60):
                page.evaluate(f"scrollTo(0, {top})")
                eventually(lambda: page.evaluate(BAND_IN_SIGHT))
        page.evaluate("scrollTo(0, 0)")
        page.evaluate("location.hash = 'node=E001'")
        expect(page.locator("#detail")).to_be_visible()
        eventually(lambda: page.evaluate(BAND_IN_SIGHT))
        page.goto("about:blank")


def test_back_closes_the_detail_and_the_address_brings_it_into_view(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "stop")
    page.locator('#energy-boxes > li[data-id="E002"] button').press("Enter")
    expect(page.locator("#detail")).to_be_visible()
    entries = page.evaluate("history.length")
    page.go_back()
    expect(page.locator("#detail")).to_be_hidden()
    assert page.url == plant.product.url + "/"
    for _ in range(3):
        page.locator('#energy-boxes > li[data-id="E002"] button').press("Enter")
        expect(page.locator("#detail")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#detail")).to_be_hidden()
        expect(page).to_have_url(plant.product.url + "/")
    assert page.evaluate("history.length") == entries  # none that shows the same again
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.evaluate("location.hash = 'node=E003'")
    expect(page.locator(".detail-card")).to_be_in_viewport(ratio=0.9)


def test_a_page_of_an_earlier_start_is_loaded_again_unless_something_is_entered(
    neighbour: Neighbour, watched: Watched
) -> None:
    neighbour.cluster({"E001": node("E001")})
    watched.expects_failed_requests = True
    page, port = watched.page, "0"
    field = page.locator("#bus-voltage")
    for most in ("400", "390", "380"):
        with started(*FAST, *pointed(neighbour.doors), "--b-port", port, "--dvg-max", most) as product:
            if most == "400":
                page.goto(product.url + "/")
                port = product.url.rpartition(":")[2]
            if most == "380":
                expect(page.locator("#reload")).to_be_visible(timeout=SLOW)
                expect(field).to_have_value("333")
                page.locator("#reload-now").click()
            expect(page.locator("#bus-why")).to_have_text(re.compile(f"from 0 to {most} V"), timeout=SLOW)
            expect(page.locator(".panel")).to_have_count(1)
            if most == "390":
                field.fill("333")
                field.blur()
    page.goto("about:blank")
