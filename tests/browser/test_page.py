"""The page in a browser: old data, hostile data, themes, sizes, movement."""

import os
import re
import signal
import time
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import FAST, Watched
from tests.neighbour import Neighbour, node
from tests.running import Running, eventually, pointed, started

CHARGES = {"chargingUnit": "E002", "dischargingUnit": "E001", "requester": "E002", "responder": "E001"}
HOSTILE = [
    "<script>window.pwned = 1</script>",
    '"><img src=x onerror="window.pwned = 1">',
    "'; DROP/../TABLE",
    "X" * 1000,
    "__proto__",
    "constructor",
    "日本 🙂 \u202etxt",
    "{{7*7}} % end",
]


def _exchanging(second: int = 0) -> dict[str, Any]:
    """Two nodes that exchange 350 W, at a time of their own."""
    cluster = {name: node(name, f"2020/01/01-00:00:{second:02d}") for name in ("E001", "E002", "E003")}
    for name, watts, status in (("E001", -350, "0x0014"), ("E002", 350, "0x0041")):
        cluster[name]["dcdc"] = {"status": {"status": status}, "meter": {"wg": watts, "vg": 350}}
    return cluster


def _open_live(neighbour: Neighbour, product: Running, watched: Watched) -> Page:
    """The page with two fresh nodes in a deal and one beside them."""
    neighbour.cluster(_exchanging(1), [CHARGES])
    eventually(lambda: product.get("/get/logInfo").status_code == 200)
    neighbour.cluster(_exchanging(2), [CHARGES])
    eventually(lambda: product.json("/get/freshness")["nodes"]["E001"]["state"] == "fresh")
    watched.page.goto(product.url + "/")
    expect(watched.page.locator('#panels > li[data-state="fresh"]')).to_have_count(3)
    expect(watched.page.locator("#deals > li")).to_have_count(1)
    return watched.page


def test_apis_web_that_hangs_makes_the_picture_old_and_all_is_well_when_it_is_back(
    neighbour: Neighbour, product: Running, watched: Watched
) -> None:
    page = _open_live(neighbour, product, watched)
    expect(page.locator(".band-energy")).to_be_hidden()
    watched.expects_failed_requests = True  # other reads may wait for the hung door too, on a busy machine
    neighbour.hangs("/get/log")
    expect(page.locator(".band-energy")).to_contain_text(re.compile(r"This picture is \d+ s old: .+"), timeout=6000)
    expect(page.locator(".band-energy")).to_be_visible()
    expect(page.locator("#chip-fresh")).to_have_attribute("data-kind", "old")
    expect(page.locator("#energy-boxes > li[data-live]")).to_have_count(0)
    expect(page.locator("#panels > li")).to_have_count(3)
    neighbour.cluster(_exchanging(9), [CHARGES])
    expect(page.locator(".band-energy")).to_be_hidden(timeout=6000)
    expect(page.locator("#energy-boxes > li[data-live]")).to_have_count(3)


def test_a_server_that_is_gone_is_told_within_seconds_and_the_page_goes_on_by_itself(
    neighbour: Neighbour, product: Running, watched: Watched
) -> None:
    page = _open_live(neighbour, product, watched)
    watched.expects_failed_requests = True
    worker = product.worker_pid()
    os.kill(worker, signal.SIGSTOP)
    try:
        expect(page.locator(".band-energy")).to_contain_text("Main Controller does not answer", timeout=4500)
        expect(page.locator("#announce")).to_contain_text("Main Controller does not answer")
    finally:
        os.kill(worker, signal.SIGCONT)
    expect(page.locator(".band-energy")).to_be_hidden(timeout=15_000)


def test_requests_do_not_pile_up_while_the_server_is_silent(
    neighbour: Neighbour, product: Running, watched: Watched
) -> None:
    page = _open_live(neighbour, product, watched)
    watched.expects_failed_requests = True
    worker = product.worker_pid()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    os.kill(worker, signal.SIGSTOP)
    try:
        page.wait_for_timeout(4000)
    finally:
        os.kill(worker, signal.SIGCONT)
    assert len(asked) <= 6  # the poll under way and one that began as it ended


def test_hostile_ids_and_names_are_only_ever_text(neighbour: Neighbour, product: Running, watched: Watched) -> None:
    cluster = {name: node(name) for name in HOSTILE}
    for name, body in cluster.items():
        body["oesunit"] = {"id": name, "display": name, "ip": name, "communityId": HOSTILE[0]}
        body["time"] = name
        body["apis"] = {"operation_mode": {"global": name, "local": name, "effective": name}}
        body["dcdc"] = {"status": {"status": name}, "meter": {"wg": name}}
    deals = [dict.fromkeys((*CHARGES, "request", "startTime"), name) for name in HOSTILE]
    neighbour.cluster({**cluster, "none": None}, [*deals, None, 3])
    eventually(lambda: product.get("/get/logInfo").status_code == 200)
    watched.page.goto(product.url + "/")
    page = watched.page
    names = page.locator("#panels h3")
    expect(names.filter(has_text="<script>")).to_have_count(1)
    assert {f"{name} : {name}" for name in HOSTILE} <= set(names.all_text_contents())
    expect(page.locator("#deals > li")).to_have_count(len(HOSTILE))
    page.wait_for_timeout(1500)
    assert page.evaluate("window.pwned") is None
    assert page.locator("main img, main script").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_node_that_comes_later_appears_without_a_reload_and_a_lost_one_stays(
    neighbour: Neighbour, product: Running, watched: Watched
) -> None:
    page = _open_live(neighbour, product, watched)
    cluster = _exchanging(3) | {"E004": node("E004")}
    neighbour.cluster(cluster, [CHARGES])
    expect(page.locator("#panels > li")).to_have_count(4)
    del cluster["E003"]
    neighbour.cluster(cluster, [CHARGES])
    expect(page.locator('#panels > li[data-id="E003"]')).to_have_attribute("data-state", "lost")
    expect(page.locator("#chip-fresh-detail")).to_contain_text("1 lost")


def test_nodes_that_disagree_about_the_mode_are_counted(
    neighbour: Neighbour, product: Running, watched: Watched
) -> None:
    page = _open_live(neighbour, product, watched)
    cluster = _exchanging(3)
    for name in ("E001", "E002"):
        cluster[name]["apis"] = node(name, mode="heteronomous")["apis"]
    neighbour.cluster(cluster, [CHARGES])
    expect(page.locator("#mode-word")).to_have_text("2 of 3 report Soft Stop")
    expect(page.locator("#mode-detail")).to_have_text("1 of 3 reports Run")


def test_the_theme_is_dark_until_another_is_chosen_and_that_is_remembered(
    neighbour: Neighbour, product: Running, watched: Watched
) -> None:
    page = _open_live(neighbour, product, watched)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator("#theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


@pytest.mark.parametrize("width", [360, 768, 1400, 3840])
def test_no_width_needs_sideways_scrolling_and_the_header_stays_in_view(
    neighbour: Neighbour, product: Running, watched: Watched, width: int
) -> None:
    watched.page.set_viewport_size({"width": width, "height": 700})
    page = _open_live(neighbour, product, watched)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("#title")).to_be_in_viewport()
    expect(page.locator("#chip-mode-word")).to_be_in_viewport()


CUT_NAMES = """
[...document.querySelectorAll(".readings div")].map((cell) => {
  const name = document.createRange();
  name.selectNodeContents(cell.querySelector("dt"));
  return [name.toString(), cell.getBoundingClientRect().right - name.getBoundingClientRect().right];
}).filter(([, room]) => room < 3)
"""


def test_no_name_of_a_reading_is_cut_at_any_width(neighbour: Neighbour, product: Running, watched: Watched) -> None:
    page = _open_live(neighbour, product, watched)
    assert page.locator(".readings dt").count() == 18
    for width in range(320, 2000, 40):
        watched.page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate(CUT_NAMES) == [], width


def _frames(page: Page) -> int:
    """Frames drawn in a second, after what just changed has come to rest."""
    page.wait_for_timeout(1200)
    before = page.evaluate("window.frames_drawn")
    page.wait_for_timeout(1000)
    return int(page.evaluate("window.frames_drawn")) - int(before)


COUNT_FRAMES = """
window.frames_drawn = 0;
const clear = CanvasRenderingContext2D.prototype.clearRect;
CanvasRenderingContext2D.prototype.clearRect = function (...things) {
  if (this.canvas.id === "energy") window.frames_drawn += 1;
  return clear.apply(this, things);
};
"""


def test_frames_are_drawn_while_energy_flows_and_none_when_all_stands_still(
    neighbour: Neighbour, product: Running, watched: Watched
) -> None:
    watched.page.add_init_script(COUNT_FRAMES)
    page = _open_live(neighbour, product, watched)
    assert _frames(page) > 10
    neighbour.cluster({name: node(name, "2020/01/01-00:00:09") for name in ("E001", "E002", "E003")})
    expect(page.locator("#deals > li")).to_have_count(0)
    expect(page.locator("#energy-boxes > li[data-near]")).to_have_count(0)
    assert _frames(page) <= 1


def test_nothing_moves_for_those_who_asked_for_reduced_motion(
    neighbour: Neighbour, product: Running, browser: Browser
) -> None:
    watched = Watched(browser, reduced_motion="reduce")
    watched.page.add_init_script(COUNT_FRAMES)
    page = _open_live(neighbour, product, watched)
    assert _frames(page) <= 1
    watched.close()


def test_the_demo_says_that_it_is_one_and_shows_its_nodes(watched: Watched) -> None:
    with started("--demo", "4") as demo:
        eventually(lambda: demo.get("/get/logInfo").status_code == 200)
        watched.page.goto(demo.url + "/")
        banner = watched.page.locator("#demo-banner")
        expect(banner).to_contain_text("DEMO")
        expect(watched.page.locator("#panels > li")).to_have_count(4)
        watched.page.evaluate("scrollTo(0, document.body.scrollHeight)")
        expect(banner).to_be_in_viewport()
        expect(watched.page.locator('#panels > li[data-state="fresh"]')).to_have_count(4, timeout=20_000)
        watched.page.goto("about:blank")


AT_FIRST = """
    new MutationObserver((_, observer) => {
      const boxes = [...document.querySelectorAll("#energy-boxes > li")];
      if (boxes.length === 0) return;
      observer.disconnect();
      const data = performance.getEntriesByType("resource").filter(({ name }) => name.includes("/get/"));
      window.atFirst = {
        asked: data.map(({ name, initiatorType }) => [name.split("/get/")[1], initiatorType]),
        states: boxes.map((box) => box.dataset.state),
      };
    }).observe(document, { childList: true, subtree: true });
"""


def test_the_first_picture_is_fetched_with_the_page(neighbour: Neighbour, product: Running, watched: Watched) -> None:
    neighbour.cluster(_exchanging(1), [CHARGES])
    eventually(lambda: product.get("/get/logInfo").status_code == 200)
    watched.page.add_init_script(AT_FIRST)
    watched.page.goto(product.url + "/")
    asked = eventually(lambda: watched.page.evaluate("window.atFirst"))["asked"]
    assert asked[0] == ["picture", "link"]


def test_data_that_have_grown_old_on_a_slow_way_are_told_as_old_at_first_sight(
    neighbour: Neighbour, watched: Watched
) -> None:
    def slowly(route: Route) -> None:
        time.sleep(2)
        route.continue_()

    with started(*FAST, "--stale-after", "1", *pointed(neighbour.doors)) as product:
        for second in (1, 2):  # from here on all clocks stand still
            neighbour.cluster(_exchanging(second), [CHARGES])
            eventually(lambda: "E001" in product.json("/get/freshness")["nodes"])
        eventually(lambda: product.json("/get/freshness")["nodes"]["E001"]["state"] == "fresh")
        watched.page.add_init_script(AT_FIRST)
        watched.page.route("**/js/main.js", slowly)
        watched.page.goto(product.url + "/")
        states = eventually(lambda: watched.page.evaluate("window.atFirst"))["states"]
        assert len(states) == 3
        assert "fresh" not in states
        watched.page.goto("about:blank")


def test_a_frame_is_drawn_once(neighbour: Neighbour, product: Running, watched: Watched) -> None:
    watched.page.add_init_script("""
        window.draws = new Map();
        const clear = CanvasRenderingContext2D.prototype.clearRect;
        CanvasRenderingContext2D.prototype.clearRect = function (...things) {
          const { currentTime } = document.timeline; // stands still during a frame
          if (this.canvas.id === "energy") draws.set(currentTime, (draws.get(currentTime) ?? 0) + 1);
          return clear.apply(this, things);
        };
    """)
    page = _open_live(neighbour, product, watched)
    page.evaluate("draws.clear()")
    eventually(lambda: page.evaluate("draws.size") > 20)
    assert set(page.evaluate("[...draws.values()]")) == {1}
