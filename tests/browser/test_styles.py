"""The style sheets as a browser takes them: each asked for once, with the page, and every rule in a layer."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Watched
from tests.neighbour import Neighbour, node
from tests.running import Running

LAYERS = ["jquery-ui", "base", "parts", "widths", "print", "states"]
READ = """() => {
  const [sheet, ...others] = document.styleSheets;
  const [order, ...imports] = sheet.cssRules;
  return {
    others: others.length,
    order: order.nameList,
    imports: imports.map((one) => [one.layerName, one.styleSheet.cssRules.length > 0]),
    asked: performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".css"))
      .map(({ name, initiatorType }) => [name.split("/css/")[1], initiatorType]),
  };
}"""


def test_every_style_sheet_comes_once_with_the_page_and_lies_in_a_layer(
    neighbour: Neighbour, product: Running, watched: Watched
) -> None:
    neighbour.cluster({"E001": node("E001")})
    warnings: list[str] = []
    watched.page.on("console", lambda message: warnings.append(message.text) if message.type == "warning" else None)
    watched.page.goto(product.url + "/")
    expect(watched.page.locator("#panels > li")).to_have_count(1)
    read = watched.page.evaluate(READ)
    assert read["others"] == 0
    assert read["order"] == LAYERS
    assert {layer for layer, _ in read["imports"]} == set(LAYERS)
    assert all(has_rules for _, has_rules in read["imports"])
    files = [file for file, _ in read["asked"]]
    assert len(files) == len(set(files)) == len(read["imports"]) + 1
    assert {how for _, how in read["asked"]} == {"link"}
    watched.page.wait_for_timeout(100)
    assert not [text for text in warnings if "preload" in text]


def test_what_is_hidden_is_hidden_whatever_else_is_said_of_it(
    neighbour: Neighbour, product: Running, watched: Watched
) -> None:
    neighbour.cluster({"E001": node("E001")})
    watched.page.goto(product.url + "/")
    expect(watched.page.locator("#panels > li")).to_have_count(1)
    shown = watched.page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((element) => {
          element.setAttribute("hidden", "");
          const { display } = getComputedStyle(element);
          element.removeAttribute("hidden");
          return display !== "none";
        }).map((element) => element.outerHTML.slice(0, 80))"""
    )
    assert shown == []


@pytest.mark.parametrize("width", [360, 1280])
def test_stop_all_lies_above_the_shade_of_a_dialog(
    neighbour: Neighbour, product: Running, watched: Watched, width: int
) -> None:
    neighbour.cluster({"E001": node("E001")})
    page = watched.page
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(product.url + "/")
    expect(page.locator("#panels > li")).to_have_count(1)
    page.locator("#schedule-set").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    seen = page.evaluate(
        """() => {
          const { left, top, width, height } = document.getElementById("stop-all").getBoundingClientRect();
          return document.elementFromPoint(left + width / 2, top + height / 2).id;
        }"""
    )
    assert seen == "stop-all"
