"""Block 3: each control of one node, on the demo cluster."""

import re
from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import FAST, Watched
from tests.browser.plant import Plant, button, opened, panel, running, set_converter
from tests.browser.test_page import HOSTILE
from tests.neighbour import Neighbour, node
from tests.running import Running, eventually, pointed, started

SEEN = re.compile(r"seen after \d+\ss")
SLOW = 12_000


def _told(product: Running, text: str) -> bool:
    return text in product.get("/get/logInfo").text


@pytest.fixture(scope="module")
def plant() -> Iterator[Plant]:
    with running() as one:
        yield one


@pytest.mark.parametrize(("label", "value"), [("Soft Stop", "heteronomous"), ("Force Stop", "stop")])
def test_a_local_mode_is_set_seen_and_cleared(plant: Plant, watched: Watched, label: str, value: str) -> None:
    page = opened(watched.page, plant, "autonomous")
    one = panel(page, "E002")
    modes = one.locator(".local-list")
    assert modes.locator("option").all_text_contents() == ["--", "( clear )", "Soft Stop", "Force Stop"]
    button(one, "local-set").click()
    modes.select_option(label=label)
    button(one, "local-set").click()
    if value == "stop":
        expect(page.get_by_role("dialog")).to_contain_text("E002 leaves energy sharing at once.")
        page.get_by_role("dialog").get_by_role("button", name=label).click()
    expect(one.locator(".report")).to_contain_text(SEEN, timeout=SLOW)
    expect(one.locator('[data-text="local"]')).to_have_text(label)
    expect(one.locator('[data-text="effective"]')).to_have_text(label)
    modes.select_option(label="( clear )")
    button(one, "local-set").click()
    expect(one.locator('[data-text="local"]')).to_have_text("--", timeout=SLOW)
    paths = [query for _, query in plant.sent()]
    assert paths == [{"value": value, "unitId": "E002"}, {"value": "", "unitId": "E002"}]


def test_a_nodes_schedule_is_set_in_its_own_dialog_and_cleared(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "autonomous")
    one = panel(page, "E003")
    button(one, "schedule-set").click()
    dialog = page.get_by_role("dialog", name="E003 Soft Stop Schedule")
    dialog.get_by_label("Year").fill("2090")
    dialog.get_by_role("button", name="Set").click()
    expect(one.locator(".schedule-time")).to_contain_text("2090/")
    assert list(plant.product.json("/schedules")) == ["E003"]
    button(one, "schedule-clear").click()
    expect(one.locator(".schedule-time")).to_have_text("--")
    assert plant.product.json("/schedules") == {}


@pytest.mark.parametrize("mode", ["autonomous", "heteronomous", "stop"])
def test_the_converter_and_shut_down_are_disabled_with_a_reason_outside_manual(
    plant: Plant, watched: Watched, mode: str
) -> None:
    page = opened(watched.page, plant, mode)
    one = panel(page, "E001")
    for name in ("converter-set", "shut-down"):
        expect(button(one, name)).to_be_disabled()
        expect(button(one, name)).to_have_accessible_description(re.compile("Needs the Effective Mode Manual; it is"))
        button(one, name).focus()
        expect(page.locator("#tip")).to_contain_text("Needs the Effective Mode Manual; it is")
        page.keyboard.press("Enter")
    for field in one.locator("fieldset input").all():
        expect(field).to_be_disabled()
    for name in ("refresh", "local-set", "schedule-set", "schedule-clear"):
        expect(button(one, name)).to_be_enabled()
    expect(one.locator(".points")).to_be_hidden()
    assert page.get_by_role("dialog").count() == 0
    assert plant.sent() == []


def test_refresh_reads_the_node_now_and_fills_the_fields(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "manual")
    one = panel(page, "E001")
    current = one.locator(".grid-current")
    before = current.input_value()
    current.fill("7.5")
    one.locator('input[value="current"]').check()
    page.wait_for_timeout(1500)
    assert (current.input_value(), one.locator('input[value="current"]').is_checked()) == ("7.5", True)
    with page.expect_request(lambda request: request.url.endswith("/get/unit/E001?urgent=true")):
        button(one, "refresh").click()
    expect(one.locator(".report")).to_contain_text(re.compile(r"read at \d\d:\d\d:\d\d"))
    assert (current.input_value(), one.locator('input[value="stopped"]').is_checked()) == (before, True)
    plant.fault(door="emulator", kind="error")
    watched.expects_failed_requests = True
    button(one, "refresh").click()
    expect(one.locator(".report")).to_contain_text("not read")


def test_a_number_is_sent_as_it_was_meant_or_not_at_all(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "manual")
    one = panel(page, "E001")
    current, send = one.locator(".grid-current"), button(one, "converter-set")
    one.locator('input[value="current"]').check()
    for text in ("1,000", "2 5", "2.5.0", "１", "1e1", ""):
        current.fill(text)
        expect(send).to_have_text("Set")
        send.click()
        expect(one.locator(".report")).to_contain_text("Grid current must be a number")
    assert plant.sent() == []
    current.fill("2,5")
    expect(send).to_have_text("Set +2.5 A")
    current.hover()
    page.mouse.wheel(0, 100)
    current.press("ArrowUp")
    current.press("ArrowDown")
    assert current.input_value() == "2,5"
    send.click()
    page.locator(".ui-dialog .button-danger").click()
    eventually(lambda: [query["dig"] for path, query in plant.sent() if path == "/set/dcdc/E001"] == ["2.5"])


def test_two_nodes_share_by_hand(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "manual")
    expect(panel(page, "E001").locator(".points li")).to_have_count(4)
    report = set_converter(page, "E001", "voltage", "5")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("E001 takes the bus to 350 V and holds it there, with at most 5 A.")
    dialog.get_by_role("button", name="Voltage control").click()
    expect(report).to_contain_text(SEEN, timeout=SLOW)
    expect(page.locator("#chip-bus")).to_have_text("350 V", timeout=SLOW)
    report = set_converter(page, "E002", "current", "2")
    expect(report).to_contain_text(SEEN, timeout=SLOW)
    expect(panel(page, "E002").locator('[data-text="wg"]')).to_have_text("+700 W")
    expect(panel(page, "E001").locator('[data-text="wg"]')).to_have_text("-700 W")
    expect(page.locator("#energy-curves > li[data-dots]")).to_have_count(2)
    report = set_converter(page, "E002", "current", "-2")
    expect(report).to_contain_text(SEEN, timeout=SLOW)
    expect(panel(page, "E002").locator('[data-text="wg"]')).to_have_text("-700 W")
    expect(panel(page, "E002").locator(".grid-current")).to_have_value("-2")
    report = set_converter(page, "E001", "stopped")
    expect(dialog).to_contain_text("E001 holds the bus voltage and E002 still runs.")
    page.keyboard.press("Escape")
    set_converter(page, "E002", "stopped")
    expect(panel(page, "E002").locator('[data-text="wg"]')).to_have_text("0 W", timeout=SLOW)
    expect(set_converter(page, "E001", "stopped")).to_contain_text(SEEN, timeout=SLOW)
    expect(page.locator("#energy-curves > li")).to_have_count(0)
    assert plant.sent() == [
        ("/set/dcdc/E001", {"mode": "0x0014", "dvg": "350", "dig": "5"}),
        ("/set/dcdc/E002", {"mode": "0x0041", "dvg": "350", "dig": "2"}),
        ("/set/dcdc/E002", {"mode": "0x0002", "dvg": "370", "dig": "2"}),
        ("/set/dcdc/E002", {"mode": "0x0000", "dvg": "350", "dig": "2"}),
        ("/set/dcdc/E001", {"mode": "0x0000", "dvg": "350", "dig": "2"}),
    ]


def test_current_control_without_a_bus_asks_first_and_names_the_point(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "manual")
    set_converter(page, "E002", "current", "2")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("no other node holds the bus voltage")
    dialog.get_by_role("button", name="Cancel").click()
    assert plant.sent() == []


def test_a_set_without_a_number_says_so_and_sends_nothing(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "manual")
    expect(set_converter(page, "E002", "current", "")).to_contain_text("Grid current must be a number of amperes.")
    expect(set_converter(page, "E002", "voltage", "-1")).to_contain_text("0 A or more")
    assert plant.sent() == []


def test_a_node_is_shut_down_after_a_question_and_is_lost(watched: Watched) -> None:
    with running() as plant:
        page = opened(watched.page, plant, "manual")
        one = panel(page, "E004")
        button(one, "shut-down").dblclick()
        dialog = page.get_by_role("dialog", name="E004 Shut Down?")
        expect(dialog).to_contain_text("nothing here starts it again")
        dialog.get_by_role("button", name="Shut Down").click()
        expect(one).to_have_attribute("data-state", "lost", timeout=SLOW)
        expect(one.locator(".report")).to_contain_text(SEEN, timeout=SLOW)
        assert plant.sent() == [("/shutdown", {"unitId": "E004"})]
        expect(button(one, "converter-set")).to_be_disabled()
        expect(button(one, "shut-down")).to_have_accessible_description("Needs Manual mode, and E004 is lost.")
        watched.page.goto("about:blank")


def test_the_cluster_is_shut_down_after_a_question(watched: Watched) -> None:
    with running() as plant:
        page = opened(watched.page, plant, "manual")
        watched.expects_failed_requests = True
        page.locator("#shut-down").click()
        page.get_by_role("dialog").get_by_role("button", name="Shut Down").click()
        expect(page.locator("#mode-report")).to_contain_text(re.compile("accepted|seen after"), timeout=SLOW)
        expect(page.locator(".band-energy")).to_be_visible(timeout=SLOW)
        watched.page.goto("about:blank")


def test_hostile_ids_are_commanded_as_they_are_and_only_ever_text(neighbour: Neighbour, watched: Watched) -> None:
    page = watched.page
    neighbour.says("/setOperationMode", {"succeeded": True})
    with started(*FAST, *pointed(neighbour.doors)) as product:
        for second in range(3):
            neighbour.cluster({name: node(name, f"2020/01/01-00:00:0{second}") for name in HOSTILE})
            ends = f":0{second}"
            eventually(partial(_told, product, ends))
        page.goto(product.url + "/")
        expect(page.locator('.panel[data-state="fresh"]')).to_have_count(len(HOSTILE))
        for name in HOSTILE:
            index = page.evaluate(
                "(id) => [...document.querySelectorAll('.panel')].findIndex((p) => p.dataset.id === id)", name
            )
            one = page.locator(".panel").nth(index)
            one.locator(".local-list").select_option(label="Force Stop")
            button(one, "local-set").click()
            dialog = page.get_by_role("dialog")
            expect(dialog).to_contain_text(name)
            dialog.get_by_role("button", name="Force Stop").click()
            expect(one.locator(".report")).to_contain_text(re.compile("accepted|seen after"))
        assert page.evaluate("window.pwned") is None
        assert page.locator("main img, main script, .ui-dialog img").count() == 0
        told = {row["target"] for row in product.json("/commands")}
        assert told == set(HOSTILE)
        watched.page.goto("about:blank")


def test_of_a_node_whose_clock_stands_only_a_stop_can_be_sent(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "manual")
    one = panel(page, "E002")
    one.locator('input[value="current"]').check()
    one.locator(".grid-current").fill("2")
    plant.fault(door="emulator", kind="frozen", node="E002")
    expect(one).to_have_attribute("data-state", "stale", timeout=20_000)
    expect(button(one, "converter-set")).to_be_disabled()
    expect(button(one, "converter-set")).to_have_accessible_description("Needs live data, and those of E002 are old.")
    expect(button(one, "shut-down")).to_be_disabled()
    assert one.locator('input[value="current"]').is_checked(), "what was chosen stays"
    one.locator('input[value="stopped"]').check()
    expect(button(one, "converter-set")).to_be_enabled(timeout=1)
    one.locator('input[value="current"]').check()
    expect(button(one, "converter-set")).to_be_disabled(timeout=1)
    assert plant.sent() == []
    plant.fault(kind="none")
    expect(button(one, "converter-set")).to_be_enabled(timeout=20_000)


def test_a_picture_that_is_old_for_a_moment_disables_nothing_and_loses_no_choice(
    plant: Plant, watched: Watched
) -> None:
    page = opened(watched.page, plant, "manual")
    one = panel(page, "E002")
    one.locator('input[value="current"]').check()
    watched.expects_failed_requests = True
    plant.fault(door="emulator", kind="error")
    expect(page.locator(".band-energy")).to_be_visible(timeout=20_000)
    expect(one).to_have_attribute("data-state", "stale")
    page.wait_for_timeout(1200)  # so long that it has been shown
    expect(button(one, "converter-set")).to_be_enabled(timeout=1)
    assert one.locator('input[value="current"]').is_checked()
    plant.fault(kind="none")


def test_what_was_said_of_a_field_goes_when_the_field_changes(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "manual")
    report = set_converter(page, "E001", "current", "x")
    expect(report).to_contain_text("Grid current must be a number")
    panel(page, "E001").locator(".grid-current").fill("6")
    expect(report).to_be_empty()
    assert plant.sent() == []
