"""What is old is never told as live, and an operator in trouble can always go on: keyboard, lost nodes, restarts."""

import re
import socket
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import FAST, Watched
from tests.browser.plant import Plant, button, opened, panel, running, says
from tests.neighbour import Neighbour, node
from tests.running import eventually, pointed, started

SLOW = 15_000


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
            re.compile(r"Careful: 2 of 2 nodes are not fresh, the data are up to \d+ s old")
        )
        neighbour.cluster({name: node(name, "2020/01/01-00:00:02") for name in names})
        expect(band).to_be_hidden(timeout=SLOW)
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
    says(page, "#stop-report", "Stop all")
    eventually(lambda: len(plant.sent()) == 4)
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


def test_back_closes_the_detail_and_the_address_brings_it_into_view(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "stop")
    page.locator('#energy-boxes > li[data-id="E002"] button').press("Enter")
    expect(page.locator("#detail")).to_be_visible()
    page.go_back()
    expect(page.locator("#detail")).to_be_hidden()
    assert page.url == plant.product.url + "/"
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.evaluate("location.hash = 'node=E003'")
    expect(page.locator(".detail-card")).to_be_in_viewport(ratio=0.9)


def _free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return str(probe.getsockname()[1])


def test_a_page_of_an_earlier_start_is_loaded_again_unless_something_is_entered(
    neighbour: Neighbour, watched: Watched
) -> None:
    neighbour.cluster({"E001": node("E001")})
    watched.expects_failed_requests = True
    page, address = watched.page, ("--b-port", _free_port())
    field = page.locator("#bus-voltage")
    for most in ("400", "390", "380"):
        with started(*FAST, *pointed(neighbour.doors), *address, "--dvg-max", most) as product:
            if most == "400":
                page.goto(product.url + "/")
            if most == "380":
                expect(page.locator("#renewal")).to_be_visible(timeout=SLOW)
                expect(field).to_have_value("333")
                page.locator("#renewal-reload").click()
            expect(field).to_have_attribute("max", most, timeout=SLOW)
            expect(page.locator(".panel")).to_have_count(1)
            if most == "390":
                field.fill("333")
    page.goto("about:blank")
