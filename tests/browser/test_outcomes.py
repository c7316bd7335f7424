"""An outcome is only what Main Controller itself said; a report goes when it is no longer so."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Watched
from tests.browser.plant import Plant, opened, running, says
from tests.browser.proxy import FORBIDDEN, SHORT_LIMIT, SIGN_IN, nginx

SLOW = 25_000
UNCLEAR = "no answer from Main Controller: it may have taken effect"
NO_RECORD = "no answer, and Main Controller has no record of it so far"


@pytest.fixture(scope="module")
def plant() -> Iterator[Plant]:
    with running() as one:
        yield one


def _at(page: Page, url: str) -> Page:
    page.goto(url + "/")
    expect(page.locator("#panels > li")).to_have_count(4, timeout=SLOW)
    return page


@pytest.mark.parametrize(
    ("extra", "what"), [(SIGN_IN, "a redirect"), (FORBIDDEN, "HTTP 403")], ids=["sign-in", "forbidden"]
)
def test_what_a_proxy_says_is_no_answer(plant: Plant, watched: Watched, tmp_path: Path, extra: str, what: str) -> None:
    plant.in_mode("manual")
    watched.expects_failed_requests = True
    with nginx(tmp_path, plant.product.url, extra=extra) as url:
        page = _at(watched.page, url)
        page.locator("#stop-all").click()
        report = page.locator("#stop-report")
        expect(report).to_contain_text(f"{UNCLEAR} (something else answered: {what})")
        expect(report).to_have_attribute("data-kind", "unclear")
        expect(report).to_contain_text(NO_RECORD, timeout=SLOW)
        expect(report).to_have_attribute("data-kind", "bad")
        assert plant.sent() == []
        page.goto("about:blank")


def test_a_proxy_that_gives_up_early_does_not_make_what_was_carried_out_not_sent(
    plant: Plant, watched: Watched, tmp_path: Path
) -> None:
    plant.in_mode("autonomous")
    plant.fault(door="budo", kind="slow", seconds="2.5")
    watched.expects_failed_requests = True
    with nginx(tmp_path, plant.product.url, location=SHORT_LIMIT) as url:
        page = _at(watched.page, url)
        page.locator("#mode-list").select_option(label="Soft Stop")
        page.locator("#mode-set").click()
        report = page.locator("#mode-report")
        expect(report).to_contain_text(f"{UNCLEAR} (something else answered: HTTP 504)", timeout=SLOW)
        expect(report).not_to_contain_text("not sent")
        expect(report).to_contain_text("Global Mode Soft Stop: accepted", timeout=SLOW)
        assert [path for path, _ in plant.sent()] == ["/setOperationMode"]
        page.goto("about:blank")
    plant.fault(kind="none")


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 200, "body": "<html>sign in</html>", "content_type": "text/html"},
        {"status": 200, "body": '{"succeeded": true}', "content_type": "application/json"},
        {"status": 404, "body": '{"error": "no such thing"}', "content_type": "application/json"},
        {"status": 502, "body": "bad gateway", "content_type": "text/html"},
    ],
)
def test_an_answer_without_our_marks_says_nothing_of_the_command(
    plant: Plant, watched: Watched, answer: dict[str, str | int]
) -> None:
    page = opened(watched.page, plant, "manual")
    watched.expects_failed_requests = True

    def other(route: Route) -> None:
        route.fulfill(**answer)  # type: ignore[arg-type]

    page.route(re.compile("stopAll"), other)
    page.locator("#stop-all").click()
    expect(page.locator("#stop-report")).to_contain_text(UNCLEAR)
    assert "accepted" not in str(page.locator("#stop-report").text_content())
    page.unroute_all(behavior="wait")


def test_a_report_goes_when_it_is_no_longer_so(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "autonomous")
    page.locator("#mode-list").select_option(label="Soft Stop")
    page.locator("#mode-set").click()
    says(page, "#mode-report", "Global Mode Soft Stop: seen after")
    plant.command("/setOperationMode?value=manual")
    expect(page.locator("#mode-report")).to_have_text("", timeout=SLOW)
    expect(page.locator("#last-commands")).to_contain_text("Global Mode Soft Stop")


def test_what_changed_while_a_dialog_was_open_is_not_overwritten_unseen(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "manual")
    panel = page.locator('.panel[data-id="E001"]')
    panel.locator('[data-do="schedule-set"]').click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    parameters = {"operation": "softStop", "unitId": "E001", "value": "2099-01-01T00:00:00Z"}
    plant.product.get("/setSchedule", params=parameters)
    expect(dialog).to_contain_text("It was set meanwhile: 2099/01/01", timeout=SLOW)
    page.keyboard.press("Escape")
    # The page does not know the schedule yet when the button is pressed.
    page.route("**/get/picture*", _changed(lambda body: body.update(schedules={})))
    page.reload()
    expect(panel.locator(".schedule-time")).to_have_text("--", timeout=SLOW)
    watched.expects_failed_requests = True
    panel.locator('[data-do="schedule-clear"]').click()
    expect(panel.locator(".report")).to_contain_text(
        "not sent: changed since it was shown: the schedule of E001 was none"
    )
    assert "E001" in plant.product.json("/schedules")
    page.unroute_all(behavior="wait")


def test_what_only_stops_goes_although_something_changed(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "autonomous")

    def in_manual(body: dict[str, Any]) -> None:
        for one in body["nodes"].values():
            one["apis"]["operation_mode"]["global"] = "manual"  # what this page was shown

    page.route("**/get/picture*", _changed(in_manual))
    page.reload()
    expect(page.locator("#mode-word")).to_have_text("Manual", timeout=SLOW)
    page.locator("#mode-list").select_option(label="Soft Stop")
    page.locator("#mode-set").click()
    expect(page.locator("#mode-report")).to_contain_text(
        "changed since it was shown: the global mode was Manual and is Run now", timeout=SLOW
    )
    assert ("/setOperationMode", {"value": "heteronomous"}) in plant.sent()
    page.unroute_all(behavior="wait")


def _changed(change: Callable[[dict[str, Any]], None]) -> Callable[[Route], None]:
    """Answers a page's question for the picture whole, and with ``change``."""

    def answering(route: Route) -> None:
        headers = {name: value for name, value in route.request.headers.items() if name != "if-none-match"}
        answer = route.fetch(url=route.request.url.partition("?")[0], headers=headers)
        body = answer.json()
        change(body)
        route.fulfill(json=body, headers=answer.headers)

    return answering
