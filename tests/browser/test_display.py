"""Block 1 and block 3: the detail of a node, zoom, find, hover, the keyboard among nodes, filter and address."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watched
from tests.browser.plant import Plant, opened, panel, running
from tests.running import eventually, started

CLOSE = ".detail-close"


@pytest.fixture(scope="module")
def plant() -> Iterator[Plant]:
    with running() as one:
        yield one


@pytest.fixture(scope="module")
def many(browser: Browser) -> Iterator[tuple[Page, str]]:
    """One page on a cluster of 1,000 nodes."""
    with started("--demo", "1000") as product:
        watched = Watched(browser)
        watched.expects_failed_requests = True  # until the first good poll
        watched.page.goto(product.url + "/")
        expect(watched.page.locator("#nodes-count")).to_have_text("1000", timeout=30_000)
        yield watched.page, product.url
        watched.page.goto("about:blank")
        watched.close()


def _open(watched: Watched, plant: Plant, hash_: str = "") -> Page:
    watched.page.goto(plant.product.url + "/" + hash_)
    expect(watched.page.locator('.panel[data-state="fresh"]').first).to_be_visible()
    return watched.page


def _focus(page: Page, node: str) -> None:
    page.locator(f'#energy-boxes > li[data-id="{node}"] button').focus()


def _focused(page: Page) -> str | None:
    found: str | None = page.evaluate("document.activeElement.closest('#energy-boxes > li')?.dataset.id ?? null")
    return found


def test_enter_opens_a_node_and_escape_goes_back_to_it(plant: Plant, watched: Watched) -> None:
    page = _open(watched, plant)
    _focus(page, "E002")
    page.keyboard.press("Enter")
    detail = page.get_by_role("dialog", name=re.compile("^E002 : "))
    expect(detail).to_be_visible()
    expect(page.locator(CLOSE)).to_be_focused()
    body = plant.product.json("/get/unit/E002")
    assert detail.locator('[data-text="pv"]').text_content() != "--"
    expect(detail.locator('[data-text="percent"]')).to_have_text(re.compile(rf"^{int(body['battery']['rsoc']) // 10}"))
    expect(detail).to_contain_text("no history is kept yet")
    assert page.url.endswith("#node=E002")
    page.keyboard.press("Escape")
    expect(detail).to_be_hidden()
    assert _focused(page) == "E002"
    assert "#" not in page.url


def test_a_click_beside_the_detail_goes_back_and_its_button_leads_to_the_controls(
    plant: Plant, watched: Watched
) -> None:
    page = _open(watched, plant, "#node=E003&find=E001")
    detail = page.locator("#detail")
    expect(detail).to_be_visible()
    detail.click(position={"x": 4, "y": 200})
    expect(detail).to_be_hidden()
    page.evaluate("location.hash = 'node=E003&find=E001'")
    expect(detail).to_be_visible()
    expect(panel(page, "E003")).to_have_count(0)
    page.locator(".detail-panel").click()
    expect(panel(page, "E003").locator(".local-list")).to_be_focused()
    expect(panel(page, "E003")).to_be_in_viewport()


def _spot(page: Page, node: str) -> tuple[float, float]:
    """Where the mouse finds a node on the canvas."""
    page.locator("#energy").scroll_into_view_if_needed()
    box = page.locator("#energy").bounding_box()
    assert box is not None
    tip = page.locator("#energy-tip")
    for y in range(int(box["y"]) + 10, int(box["y"] + box["height"]), 24):
        for x in range(int(box["x"]) + 10, int(box["x"] + box["width"]), 24):
            page.mouse.move(x, y)
            if not tip.is_hidden() and (tip.text_content() or "").startswith(node):
                return x, y
    raise AssertionError(f"{node} is not on the canvas")


def test_hover_tells_name_and_deals_and_a_click_opens_the_node(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "autonomous")
    expect(page.locator("#deals > li").first).to_be_visible(timeout=15_000)
    title = page.locator('#deals > li [data-text="title"]').first.text_content() or ""
    charging, giving = title.split(" charges from ")
    page.wait_for_timeout(500)
    x, y = _spot(page, charging)
    expect(page.locator("#energy-tip")).to_contain_text(re.compile(rf"charges from {giving} since \d{{4}}/"))
    page.mouse.click(x, y)
    expect(page.get_by_role("dialog", name=re.compile(f"^{charging} : "))).to_be_visible()
    page.keyboard.press("Escape")
    box = page.locator("#energy").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#energy-tip")).to_have_text(re.compile(r"^4 nodes connected\d exchanging energy$"))


def test_arrow_keys_walk_the_nodes_and_one_of_them_is_in_the_tab_order(plant: Plant, watched: Watched) -> None:
    page = _open(watched, plant)
    page.locator("#zoom-in").focus()
    page.keyboard.press("Tab")
    seen = {_focused(page)}
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "End", "Home"):
        page.keyboard.press(key)
        seen.add(_focused(page))
    assert None not in seen
    assert len(seen) > 1
    assert page.locator('#energy-boxes button[tabindex="0"]').count() == 1
    page.keyboard.press("Tab")
    assert _focused(page) is None


def test_wheel_buttons_and_keys_zoom_and_a_double_click_fits_all(plant: Plant, watched: Watched) -> None:
    page = _open(watched, plant)
    fit = page.locator("#zoom-fit")
    expect(fit).to_be_disabled()
    page.locator("#zoom-in").click()
    expect(fit).to_be_enabled()
    fit.click()
    expect(fit).to_be_disabled()
    box = page.locator("#energy").bounding_box()
    assert box is not None
    corner = (box["x"] + 6, box["y"] + box["height"] - 6)
    page.mouse.move(*corner)
    page.mouse.wheel(0, -300)
    expect(fit).to_be_enabled()
    assert page.evaluate("scrollY") == 0
    page.mouse.move(box["x"] + 300, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 100, box["y"] + 300, steps=5)
    page.mouse.up()
    expect(page.locator("#detail")).to_be_hidden()  # a drag is no click
    page.mouse.dblclick(*corner)
    expect(fit).to_be_disabled()
    page.mouse.wheel(0, 400)  # nothing to zoom out of: the page scrolls
    eventually(lambda: page.evaluate("scrollY") > 0)
    _focus(page, "E001")
    page.keyboard.press("+")
    expect(fit).to_be_enabled()
    page.keyboard.press("0")
    expect(fit).to_be_disabled()


def test_filter_and_sort_are_kept_by_the_address(plant: Plant, watched: Watched) -> None:
    plant.in_mode("stop")
    page = _open(watched, plant)
    panels = page.locator("#panels > .panel")
    page.locator("#filter-text").fill("E003")
    expect(panels).to_have_count(1)
    expect(page.locator("#nodes-count")).to_have_text("1 of 4")
    page.locator("#filter-cv").click()
    expect(panels).to_have_count(0)
    expect(page.locator("#nodes-none")).to_have_text("No node matches the filter.")
    assert page.url.endswith("#find=E003&only=cv")
    page.reload()
    expect(page.locator("#filter-text")).to_have_value("E003")
    expect(page.locator("#filter-cv")).to_have_attribute("aria-pressed", "true")
    page.locator("#filter-clear").click()
    expect(panels).to_have_count(4)
    page.locator("#filter-mode").select_option(label="Run")
    expect(panels).to_have_count(0)
    page.locator("#filter-mode").select_option(label="Force Stop")
    expect(panels).to_have_count(4)
    page.locator("#filter-sort").select_option(value="charge")
    charges = [float(text.split()[0]) for text in panels.locator(".battery strong").all_text_contents()]
    assert charges == sorted(charges)


def test_a_thousand_nodes_have_few_panels_in_the_document_and_all_can_be_reached(many: tuple[Page, str]) -> None:
    page, _ = many
    panels = page.locator("#panels > .panel")
    expect(panels.first).to_be_visible()
    assert panels.count() < 30
    assert "E777 : House 777" in (page.locator("#panels").text_content() or "")  # the browser's own search finds it
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(panel(page, "E1000")).to_be_visible()
    assert panels.count() < 40
    page.locator("#find-field").fill("E500")
    expect(page.locator("#zoom-fit")).to_be_enabled()
    page.evaluate("location.hash = 'node=E500'")
    page.locator(".detail-panel").click()
    expect(panel(page, "E500").locator(".local-list")).to_be_focused()


def test_what_was_entered_in_a_panel_is_kept_while_it_is_out_of_the_document(many: tuple[Page, str]) -> None:
    page, _ = many
    page.evaluate("scrollTo(0, 0)")
    panel(page, "E002").locator(".local-list").select_option(label="Soft Stop")
    page.locator("#filter-text").focus(timeout=5000)
    page.evaluate("scrollTo(0, 40000)")
    expect(panel(page, "E002")).to_have_count(0)
    page.evaluate("scrollTo(0, 0)")
    expect(panel(page, "E002").locator(".local-list")).to_have_value("heteronomous")
    panel(page, "E002").locator(".local-list").select_option(label="--")


def _memory(page: Page) -> tuple[int, int]:
    """Bytes of the heap and nodes of the document that are still held."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    nodes = session.send("Memory.getDOMCounters")["nodes"]
    session.detach()
    return int(used), int(nodes)


def _polls(page: Page, rounds: int) -> None:
    """As many polls, one upon the other, with a node opened and closed in between."""
    for number in range(rounds):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        page.evaluate("(id) => { location.hash = id }", f"node=E00{number % 4 + 1}" if number % 10 == 5 else "")
        page.wait_for_timeout(20)


def test_hundreds_of_polls_leave_nothing_behind_in_memory(plant: Plant, watched: Watched) -> None:
    page = opened(watched.page, plant, "autonomous")
    _polls(page, 100)
    heap, nodes = _memory(page)
    _polls(page, 300)
    heap_after, nodes_after = _memory(page)
    assert heap_after - heap < 500_000
    assert nodes_after - nodes < 300


def test_the_hub_tells_how_many_by_keyboard_and_by_finger(plant: Plant, browser: Browser) -> None:
    counts = re.compile(r"^4 nodes connected\d exchanging energy")
    watched = Watched(browser, has_touch=True)
    page = opened(watched.page, plant, "autonomous")
    tip = page.locator("#energy-tip")
    page.locator("#energy-boxes button[tabindex='0']").focus()
    page.keyboard.press("Tab")
    expect(page.locator("#energy-hub")).to_be_focused()
    expect(page.locator("#energy-hub")).to_have_text(re.compile(r"^Hub: 4 nodes connected, \d exchanging energy"))
    expect(tip).to_have_text(counts)
    page.keyboard.press("Tab")
    expect(tip).to_be_hidden()
    box = page.locator("#energy").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(tip).to_have_text(counts)
    page.touchscreen.tap(box["x"] + 6, box["y"] + box["height"] - 6)
    expect(tip).to_be_hidden()
    watched.close()
