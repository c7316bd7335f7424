"""Block 2: each control of the whole cluster, on the demo cluster."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.plant import Plant, opened, running, says, set_converter

ACCEPTED = re.compile("accepted|seen after")
SEEN = re.compile(r"seen after \d+\ss")


@pytest.fixture(scope="module")
def plant() -> Iterator[Plant]:
    with running() as one:
        yield one


def _set_mode(page: Page, label: str) -> None:
    page.locator("#mode-list").select_option(label=label)
    page.locator("#mode-set").click()


def test_no_choice_and_set_does_nothing(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "autonomous")
    page.locator("#mode-set").click()
    page.wait_for_timeout(300)
    assert plant.sent() == []
    assert page.locator("#mode-list option").all_text_contents() == ["--", "Run", "Soft Stop", "Force Stop", "Manual"]


def test_soft_stop_asks_nothing_and_is_followed_until_it_is_seen(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "autonomous")
    _set_mode(page, "Soft Stop")
    says(page, "#mode-report", SEEN)
    assert plant.sent() == [("/setOperationMode", {"value": "heteronomous"})]
    expect(page.locator("#mode-word")).to_have_text("Soft Stop")
    expect(page.locator("#mode-list")).to_have_value("none")
    says(page, "#last-commands > li:first-child", "Global Mode Soft Stop")
    says(page, "#last-commands > li:first-child", SEEN)


@pytest.mark.parametrize(("label", "value"), [("Force Stop", "stop"), ("Manual", "manual")])
def test_a_dangerous_mode_asks_first_and_cancel_sends_nothing(
    plant: Plant, watched: Watched, label: str, value: str
) -> None:
    page = opened(watched.page, plant, "autonomous")
    expect(page.locator("#deals > li").first).to_be_visible(timeout=15_000)
    _set_mode(page, label)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(re.compile(r"Cuts \d deals?: E00\d charges from E00\d"))
    expect(dialog).to_contain_text(re.compile(r"The data are at most \d s old"))
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert plant.sent() == []
    _set_mode(page, label)
    dialog.get_by_role("button", name=label).click()
    says(page, "#mode-report", SEEN)
    assert plant.sent() == [("/setOperationMode", {"value": value})]


def test_a_double_click_sends_once(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "autonomous")
    page.locator("#mode-list").select_option(label="Soft Stop")
    page.locator("#mode-set").dblclick()
    page.locator("#stop-all").dblclick()
    says(page, "#stop-report", ACCEPTED)
    times = Counter(path for path, _ in plant.sent())
    assert (times["/setOperationMode"], times["/stop"], max(times.values())) == (1, 1, 1)


def test_stop_all_is_one_click_and_reports_what_became_of_it(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "manual")
    page.locator("#stop-all").click()
    says(page, "#stop-report", SEEN)
    assert sorted(path for path, _ in plant.sent()) == [f"/set/dcdc/E00{number}" for number in range(1, 5)]


@pytest.mark.parametrize(("width", "height"), [(360, 640), (800, 500), (1400, 900), (3840, 2160)])
def test_stop_all_is_in_reach_at_any_width_and_scroll_position_and_beside_a_dialog(
    plant: Plant, watched: Watched, width: int, height: int
) -> None:
    watched.page.set_viewport_size({"width": width, "height": height})
    page = opened(watched.page, plant, "manual")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for top in ("0", "document.body.scrollHeight"):
        page.evaluate(f"scrollTo(0, {top})")
        expect(page.locator("#stop-all")).to_be_in_viewport(ratio=1)
    page.evaluate("scrollTo(0, 0)")
    _set_mode(page, "Force Stop")
    expect(page.get_by_role("dialog")).to_be_in_viewport(ratio=1)
    page.locator("#stop-all").click()
    says(page, "#stop-report", ACCEPTED)
    assert len(plant.sent()) == 4
    page.keyboard.press("Escape")


def test_flush_cache_reads_at_once_and_says_so(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "autonomous")
    page.get_by_role("button", name="Flush cache").click()
    says(page, "#flush-report", "Flush cache: accepted")
    expect(page.locator("#flush")).not_to_have_attribute("aria-busy", "true")
    plant.fault(door="emulator", kind="error")
    watched.expects_failed_requests = True
    page.get_by_role("button", name="Flush cache").click()
    expect(page.locator("#flush-report")).to_have_attribute("data-kind", "bad")
    plant.fault(kind="none")


def test_what_apis_web_refuses_is_told_in_its_words(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "autonomous")
    plant.fault(door="budo", kind="error")
    watched.expects_failed_requests = True
    _set_mode(page, "Soft Stop")
    expect(page.locator("#mode-report")).to_have_attribute("data-kind", "bad")
    says(page, "#mode-report", "500")
    expect(page.locator("#mode-list")).to_have_value("heteronomous")
    expect(page.locator("#last-commands > li").first).to_have_attribute("data-kind", "bad")
    plant.fault(kind="none")


def test_shut_down_is_disabled_with_its_reason_unless_all_are_in_manual(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "autonomous")
    button = page.locator("#shut-down")
    expect(button).to_be_disabled()
    expect(button).to_have_accessible_description("Needs every node in Manual; 4 of 4 report Run.")
    button.focus()
    expect(page.locator("#tip")).to_have_text("Needs every node in Manual; 4 of 4 report Run.")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("#tip")).to_be_hidden()
    assert page.get_by_role("dialog").count() == 0
    plant.command("/setOperationMode?value=manual")
    expect(button).to_be_enabled()
    button.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("and apis-web with them")
    dialog.get_by_role("button", name="Cancel").click()
    assert plant.sent() == [("/setOperationMode", {"value": "manual"})]


def test_the_schedule_dialog_says_what_is_wrong_sets_and_clears(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "autonomous")
    page.get_by_role("button", name="Set the Global Soft Stop Schedule").click()
    dialog = page.get_by_role("dialog", name="Global Soft Stop Schedule")
    assert dialog.get_by_label("Year").input_value() == str(datetime.now(UTC).year)
    dialog.get_by_label("Month").fill("13")
    dialog.get_by_role("button", name="Set").click()
    expect(dialog).to_contain_text("The month must be a number from 1 to 12.")
    at = datetime.now(UTC) + timedelta(days=40)
    for label, value in (("Year", at.year), ("Month", at.month), ("Day", at.day), ("Hour", 12), ("Minute", 30)):
        dialog.get_by_label(label).fill(str(value))
    expect(dialog).to_contain_text("12:30 UTC+00:00, in ")
    dialog.get_by_label("Minute").press("Enter")
    expect(dialog).to_have_count(0)
    says(page, "#schedule-time", f"{at:%Y/%m/%d} 12:30 UTC+00:00")
    assert plant.product.json("/schedules") == {"": {"softStop": f"{at:%Y-%m-%d}T12:30:00+00:00"}}
    page.get_by_role("button", name="Set the Global Soft Stop Schedule").click()
    assert dialog.get_by_label("Month").input_value() == f"{at:%m}"
    dialog.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Clear the Global Soft Stop Schedule").click()
    expect(page.locator("#schedule-time")).to_have_text("--")
    assert plant.product.json("/schedules") == {}


def test_a_schedule_that_is_due_fires_is_in_force_and_is_deleted_by_hand(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "autonomous")
    page.locator("#schedule-set").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("takes effect at once")
    dialog.get_by_role("button", name="Set").click()
    expect(dialog).to_contain_text("Press Set again")
    assert plant.sent() == []
    dialog.get_by_role("button", name="Set").click()
    says(page, "#schedule-detail", "in force")
    says(page, "#mode-word", "Soft Stop")
    says(page, "#last-commands", "schedule")
    _set_mode(page, "Run")
    says(page, "#mode-report", "deleted")
    expect(page.locator("#schedule-time")).to_have_text("--")


def test_debug_adds_the_readings_of_the_figure_and_is_remembered(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "autonomous")
    extra = page.locator(".panel .extra").first
    expect(extra).to_be_hidden()
    page.get_by_label("debug").check()
    names = ["Operating power", "Charge discharge power", "PVC charge power", "P1: total elec demand"]
    expect(extra).to_be_visible()
    for name in [*names, "P2: UPS input power", "UPS output power", "Converter error", "EMU error"]:
        expect(extra).to_contain_text(name)
    expect(extra.locator('[data-text="operating"]')).to_contain_text(" W")
    page.reload()
    expect(extra).to_be_visible()


def test_the_bus_voltage_field_is_checked_and_used(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "manual")
    field = page.get_by_label("Bus voltage")
    expect(field).to_have_value("350")
    expect(page.locator("#bus-why")).to_have_class(re.compile("unseen"))
    field.fill("401")
    expect(page.locator("#bus-why")).not_to_have_class(re.compile("unseen"))
    report = set_converter(page, "E001", "voltage", "3")
    expect(report).to_contain_text("Bus voltage must be a number from 0 to 400 V.")
    field.fill("340")
    report = set_converter(page, "E001", "voltage", "3", agree=True)
    expect(report).to_contain_text(SEEN, timeout=12_000)
    assert plant.sent() == [("/set/dcdc/E001", {"mode": "0x0014", "dvg": "340", "dig": "3"})]


def test_a_schedule_that_somebody_else_changes_takes_its_report_along_and_a_clear_of_it_is_not_sent(
    plant: Plant, watched: Watched
) -> None:
    page = opened(watched.page, plant, "autonomous")
    watched.expects_failed_requests = True
    page.locator("#schedule-set").click()
    dialog = page.get_by_role("dialog", name="Global Soft Stop Schedule")
    dialog.get_by_label("Year").fill(str(datetime.now(UTC).year + 1))
    dialog.get_by_role("button", name="Set").click()
    says(page, "#mode-report", "Global Soft Stop Schedule: accepted")
    page.wait_for_timeout(4000)  # the page has seen it
    page.route("**/get/picture*", lambda _: None)  # the page learns nothing
    later = f"{datetime.now(UTC).year + 2}-01-01T00:00:00Z"
    plant.product.get("/setSchedule", params={"operation": "softStop", "value": later}).raise_for_status()
    page.locator("#schedule-clear").click()  # before the page knows
    says(page, "#mode-report", "Clear Global Soft Stop Schedule: not sent: changed since it was shown")
    assert "cleared" not in page.locator("#mode-report").inner_text()
    page.unroute("**/get/picture*")
    page.locator("#schedule-set").click()
    dialog.get_by_role("button", name="Set").click()
    says(page, "#mode-report", "Global Soft Stop Schedule: accepted")
    page.wait_for_timeout(4000)
    later = later.replace("-01-01", "-02-01")
    plant.product.get("/setSchedule", params={"operation": "softStop", "value": later}).raise_for_status()
    expect(page.locator("#mode-report")).to_be_empty(timeout=10_000)
