"""The page says when it cannot do its job, and Stop all works even then."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.conftest import Watched
from tests.browser.plant import Plant, opened, running
from tests.browser.proxy import nginx

SLOW = 20_000


@pytest.fixture(scope="module")
def plant() -> Iterator[Plant]:
    with running() as one:
        yield one


def test_a_name_that_is_not_allowed_is_told_before_anything_is_pressed(plant: Plant, watched: Watched) -> None:
    plant.in_mode("manual")
    page = watched.page
    watched.expects_failed_requests = True
    page.goto(f"http://control.lan:{plant.product.url.rsplit(':', 1)[1]}/")
    expect(page.locator("#notices")).to_contain_text(
        re.compile(r"^Commands from this address are refused: host 'control\.lan:\d+'.+allowed_hosts"), timeout=SLOW
    )
    page.locator("#stop-all").click()
    expect(page.locator("#stop-report")).to_contain_text("not sent: host 'control.lan")
    assert plant.sent() == []


def test_a_proxy_that_hides_the_host_is_told_too(plant: Plant, watched: Watched, tmp_path: Path) -> None:
    with nginx(tmp_path, plant.product.url, host="upstream_of_main_controller") as url:
        watched.page.goto(url + "/")
        expect(watched.page.locator("#notices")).to_contain_text("host 'upstream_of_main_controller'", timeout=SLOW)
        watched.page.goto("about:blank")


def test_under_its_own_name_nothing_is_said(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "manual")
    page.wait_for_timeout(1500)
    expect(page.locator("#notices")).to_be_hidden()
    expect(page.locator("#page-trouble")).to_be_hidden()


@pytest.mark.parametrize("file", ["data/api.js", "main.js"])
def test_without_one_of_its_modules_stop_all_works_and_the_page_comes_again(
    plant: Plant, browser: Browser, file: str
) -> None:
    plant.in_mode("manual")
    watched = Watched(browser)
    page = watched.page
    page.route(re.compile(rf"js/{file}"), lambda route: route.abort())
    page.goto(plant.product.url + "/")
    expect(page.locator("#page-trouble")).to_contain_text(
        re.compile(rf"This page could not be loaded whole: js/{file} did not come.+Stop all works"), timeout=SLOW
    )
    expect(page.locator("#page-trouble")).to_be_visible()
    expect(page.locator("#chip-fresh-text")).to_have_text("This page does not show data")
    page.locator("#stop-all").click()
    expect(page.locator("#stop-report")).to_have_text("✓ Stop all: accepted")
    assert len(plant.sent()) == 4
    page.unroute_all()
    page.goto(plant.product.url + "/")
    expect(page.locator("#panels > li")).to_have_count(4, timeout=SLOW)
    watched.errors.clear()
    watched.close()


def test_also_without_modules_only_main_controllers_own_answer_counts(plant: Plant, browser: Browser) -> None:
    watched = Watched(browser)
    page = watched.page
    page.route(re.compile(r"js/main\.js"), lambda route: route.abort())
    page.route("**/stopAll", lambda route: route.fulfill(json={"stopAll": "done.", "nodes": {}}))
    page.goto(plant.product.url + "/")
    expect(page.locator("#page-trouble")).to_be_visible(timeout=SLOW)
    page.locator("#stop-all").click()
    expect(page.locator("#stop-report")).to_contain_text("no answer from Main Controller: it may have taken effect")
    watched.errors.clear()
    watched.close()


def test_a_page_that_lost_a_module_loads_itself_again(plant: Plant, browser: Browser) -> None:
    watched = Watched(browser)
    page = watched.page
    left = [1]

    def once(route: Route) -> None:
        if left.pop(0) if left else False:
            route.abort()
        else:
            route.continue_()

    page.route(re.compile(r"js/canvas/scene\.js"), once)
    page.goto(plant.product.url + "/")
    expect(page.locator("#panels > li")).to_have_count(4, timeout=SLOW)
    expect(page.locator("#page-trouble")).to_be_hidden()
    watched.errors.clear()
    watched.close()


def test_a_file_that_hangs_on_its_way_does_not_hold_up_stop_all_and_may_still_come(
    plant: Plant, browser: Browser
) -> None:
    plant.in_mode("manual")
    watched = Watched(browser)
    page = watched.page
    held: list[Route] = []
    page.clock.install()
    page.route(re.compile(r"js/jquery\.js"), lambda route: held.append(route))
    page.goto(plant.product.url + "/", wait_until="commit")
    page.locator("#stop-all").click()
    expect(page.locator("#stop-report")).to_have_text("✓ Stop all: accepted")
    assert len(plant.sent()) == 4
    page.clock.fast_forward(11_000)
    expect(page.locator("#page-trouble")).to_contain_text("its scripts did not begin")
    held[0].continue_()
    page.clock.resume()
    expect(page.locator("#panels > li")).to_have_count(4, timeout=SLOW)
    expect(page.locator("#page-trouble")).to_be_hidden()
    watched.close()


def test_a_browser_that_lacks_something_is_told_what_and_stop_all_works(plant: Plant, browser: Browser) -> None:
    plant.in_mode("manual")
    watched = Watched(browser)
    page = watched.page
    page.add_init_script("delete Array.prototype.toSorted; delete AbortSignal.timeout;")
    page.goto(plant.product.url + "/")
    expect(page.locator("#page-trouble")).to_have_text(
        "This browser lacks what this page needs: AbortSignal.timeout, Array.prototype.toSorted. "
        "A newer one is needed. Stop all works."
    )
    page.locator("#stop-all").click()
    expect(page.locator("#stop-report")).to_have_text("✓ Stop all: accepted")
    assert len(plant.sent()) == 4
    watched.errors.clear()
    watched.close()


def test_clocks_that_are_apart_are_told_and_the_dialog_thinks_in_the_servers(plant: Plant, watched: Watched) -> None:
    ahead = datetime.now(UTC) + timedelta(hours=2)

    def later(route: Route) -> None:
        answer = route.fetch()
        moment = format_datetime(ahead, usegmt=True)
        route.fulfill(response=answer, headers=answer.headers | {"date": moment})

    page = opened(watched.page, plant, "manual")
    page.route(re.compile(r"get/|schedules/|commands"), later)
    expect(page.locator("#notices")).to_contain_text(
        re.compile(r"This computer's clock is 1 h 5\d min behind Main Controller's|clock is 2 h 00 min behind"),
        timeout=SLOW,
    )
    page.locator("#schedule-set").click()
    expect(page.get_by_role("dialog")).to_contain_text("By Main Controller's clock it is now")
    page.unroute_all(behavior="ignoreErrors")
