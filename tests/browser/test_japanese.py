"""The page in Japanese: whole, without an English sentence, and without a text that is too long, in either language."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watched
from tests.browser.plant import Plant, button, opened, panel, running

SLOW = 25_000

# All that a person can read or hear: texts, titles, names for screen readers, placeholders, reasons.
READ = """
    () => {
      const texts = [];
      const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const { parentElement, textContent } = walker.currentNode;
        if (!parentElement.matches("script, style, template")) texts.push(textContent.trim());
      }
      for (const element of document.querySelectorAll("*")) {
        for (const name of ["title", "aria-label", "placeholder", "data-reason", "data-title", "label"]) {
          if (element.hasAttribute(name)) texts.push(element.getAttribute(name));
        }
      }
      for (const template of document.querySelectorAll("template")) texts.push(template.content.textContent);
      return texts.filter(Boolean);
    }
"""
# Names of the screen, of programs and of the plant, which no language changes.
NAMES = re.compile(
    r"Soft Stop|Force Stop|Grid Master|Stop all|Main Controller [\d.]+|Main Controller|Global Mode|Local Mode"
    r"|Effective Mode|House \d|demo_community|apis-web|https?://\S+|masterDeal|Budo Emulator|Emulator Emulator"
    r"|\{\"error\":[^}]*\}"  # a neighbour's own words
)
SENTENCE = re.compile(r"[A-Za-z]{2,} +[A-Za-z]{2,}")

# Elements whose text is wider than they are, and whatever sticks out of the page; what is cut on purpose says so by its
# title, or scrolls.
TOO_WIDE = """
    () => [...document.querySelectorAll("body *")].filter((element) => {
      if (element.closest("[hidden], .unseen, canvas, svg, template, script")) return false;
      if (!element.checkVisibility()) return false;
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== "");
      const style = getComputedStyle(element);
      const isCut = style.overflowX !== "visible" || element.matches("select, option, input");
      const { right, width } = element.getBoundingClientRect();
      const isOut = width > 0 && right > innerWidth + 1 && style.position !== "fixed";
      return (own && !isCut && element.scrollWidth > element.clientWidth + 1 && style.display !== "inline") || isOut;
    }).map((element) => `${element.tagName}.${element.className}: ${element.textContent.trim().slice(0, 60)}`)
"""


@pytest.fixture(scope="module")
def plant() -> Iterator[Plant]:
    with running() as one:
        yield one


@pytest.fixture
def japanese(browser: Browser) -> Iterator[Watched]:
    one = Watched(browser, locale="ja-JP")
    yield one
    one.close()


def _english(page: Page) -> list[str]:
    return [text for text in page.evaluate(READ) if SENTENCE.search(NAMES.sub("・", text))]


def test_the_browsers_language_is_taken_and_another_can_be_chosen(plant: Plant, japanese: Watched) -> None:
    page = opened(japanese.page, plant, "autonomous")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect(page.locator("#stop-all")).to_have_text("全停止（Stop all）")
    expect(page.locator("#language")).to_have_value("ja")
    expect(page.locator("#chip-fresh-text")).to_have_text(re.compile("^最新"), timeout=SLOW)
    page.locator("#language").select_option("en")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#stop-all")).to_have_text("Stop all")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")  # what was chosen is kept
    page.goto(plant.product.url + "/?lang=ja")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    page.locator("#language").select_option("en")  # which wins over the address, that would win over it
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert "lang=" not in page.url
    assert page.locator("#language option").evaluate_all("all => all.map((one) => one.lang)") == ["en", "ja"]


def test_the_whole_page_with_dialogs_reports_and_reasons_holds_no_english_sentence(
    plant: Plant, japanese: Watched
) -> None:
    page = opened(japanese.page, plant, "autonomous")
    expect(page.locator("#chip-fresh-text")).to_have_text(re.compile("^最新"), timeout=SLOW)
    page.locator("#debug").check()
    assert _english(page) == []
    for mode in ("stop", "manual"):  # the questions
        page.locator("#mode-list").select_option(mode)
        page.locator("#mode-set").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        assert _english(page) == []
        page.keyboard.press("Escape")
    one = panel(page, "E001")
    button(one, "schedule-set").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.locator('.schedule-form [name="month"]').fill("13")
    assert _english(page) == []
    page.keyboard.press("Escape")
    page.evaluate("location.hash = 'node=E002'")
    expect(page.locator("#detail")).to_be_visible()
    assert _english(page) == []
    page.keyboard.press("Escape")
    page.locator("#mode-list").select_option("heteronomous")
    page.locator("#mode-set").click()
    expect(page.locator("#mode-report")).to_contain_text("受付")
    expect(page.locator("#last-commands")).to_contain_text("Global Mode Soft Stop", timeout=SLOW)
    button(one, "refresh").click()
    expect(one.locator(".report")).to_contain_text("読込済み")
    assert _english(page) == []
    page.locator("#stop-all").click()
    expect(page.locator("#stop-report")).to_contain_text(re.compile("受付|反映済み"))
    assert _english(page) == []


def test_what_goes_wrong_is_told_in_japanese_too(plant: Plant, japanese: Watched) -> None:
    page = opened(japanese.page, plant, "autonomous")
    japanese.expects_failed_requests = True
    expect(page.locator("#chip-fresh-text")).to_have_text(re.compile("^最新"), timeout=SLOW)
    plant.fault(door="emulator", kind="lost", node="E003")
    one = panel(page, "E003")
    expect(one).to_have_attribute("data-state", "lost", timeout=SLOW)
    button(one, "refresh").click()
    expect(one.locator(".report")).to_contain_text("通信途絶")
    assert _english(page) == []
    for kind, door in (("error", "budo"), ("hang", "emulator"), ("error", "emulator"), ("refuse", "emulator")):
        plant.fault(door=door, kind=kind)
        where = "#deals-note" if door == "budo" else ".band-energy"
        expect(page.locator(where)).to_be_visible(timeout=SLOW)
        assert _english(page) == []
        plant.fault(kind="none")
        expect(page.locator(where)).to_be_hidden(timeout=SLOW)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_text_is_too_long_at_360_px(plant: Plant, browser: Browser, language: str) -> None:
    watched = Watched(browser, viewport={"width": 360, "height": 740}, has_touch=True)
    page = watched.page
    plant.in_mode("manual")
    page.goto(f"{plant.product.url}/?lang={language}")
    expect(page.locator("#panels > li")).to_have_count(4, timeout=SLOW)
    page.evaluate("document.querySelector('#debug').click()")
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    button(panel(page, "E001"), "schedule-set").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate(TOO_WIDE) == []
    page.keyboard.press("Escape")
    page.locator("#mode-list").select_option("stop")
    page.locator("#mode-set").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate(TOO_WIDE) == []
    page.keyboard.press("Escape")
    page.evaluate("location.hash = 'node=E001'")
    expect(page.locator("#detail")).to_be_visible()
    assert page.evaluate(TOO_WIDE) == []
    watched.close()
