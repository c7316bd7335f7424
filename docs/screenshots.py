"""Takes every picture of the documents anew: ``python -m docs.screenshots [NAME ...]``, from the top folder.

The cluster is the demo's, gathered quickly; the browser is the system's Chromium.
"""

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from main_controller.demo.server import Demo
from tests.browser.fonts import environment
from tests.browser.plant import Plant, opened, panel, set_converter
from tests.browser.proxy import SIGN_IN, nginx
from tests.running import eventually, pointed, started

DOCS = Path(__file__).resolve().parent
PICTURES = DOCS / "pictures"
MOST_BYTES = 200_000
QUICK = ("--datacollectorinterval", "0.2", "--schedulerInterval", "0.2", "--stale-after", "4")
SLOW = 40_000
SEEN = re.compile(r"seen after \d+\ss")
DESKTOP: dict[str, Any] = {"viewport": {"width": 1340, "height": 900}}
SMALLER: dict[str, Any] = {"viewport": {"width": 1180, "height": 740}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}

Picture = Callable[[Page, Plant], Locator | None]


@contextmanager
def plant_of(nodes: int, gather: float = 0.2) -> Iterator[Plant]:
    """A demo cluster of so many nodes and the product on it."""
    with Demo(nodes, gather=gather) as demo, started(*QUICK, *pointed(demo.settings)) as product:
        plant = Plant(demo, product)
        eventually(lambda: product.get("/get/logInfo").status_code == 200, 30)
        yield plant


def exchanging(page: Page, plant: Plant) -> None:
    """The page in Run, all nodes fresh, three deals with dots."""
    plant.in_mode("autonomous")
    page.goto(plant.product.url + "/")
    expect(page.locator("#mode-word")).to_have_text("Run")
    expect(page.locator("#chip-bus")).to_have_text("350 V", timeout=SLOW)
    eventually(lambda: page.locator("#energy-curves > li[data-dots]").count() >= 3, 60)
    page.wait_for_timeout(1500)


def run(page: Page, plant: Plant) -> None:
    """Figure 4-1: deals in Run."""
    exchanging(page, plant)


def light(page: Page, plant: Plant) -> None:
    """The same in the light theme."""
    exchanging(page, plant)
    page.locator("#theme").click()


def phone(page: Page, plant: Plant) -> None:
    """The same on a phone."""
    exchanging(page, plant)


def detail(page: Page, plant: Plant) -> Locator:
    """Figure 4-4: one node by itself."""
    exchanging(page, plant)
    page.locator("#energy-boxes > li[data-crown] button").press("Enter")
    page.wait_for_timeout(400)
    return page.locator(".card-energy")


def node(page: Page, plant: Plant) -> Locator:
    """Figure 4-6: the panel of a node with a local mode of its own, which was just set."""
    exchanging(page, plant)
    one = panel(page, "E002")
    one.locator(".local-list").select_option(label="Soft Stop")
    one.locator('[data-do="local-set"]').click()
    expect(one.locator(".report")).to_contain_text(SEEN, timeout=SLOW)
    return one


def debug(page: Page, plant: Plant) -> Locator:
    """Figure 4-9: what the debug checkbox adds, on the Grid Master."""
    exchanging(page, plant)
    page.locator("#debug").check()
    page.wait_for_timeout(500)
    return page.locator(".panel[data-grid-master]")


def schedule(page: Page, plant: Plant) -> None:
    """Figure 4-5: the pop-up of a schedule, for tomorrow noon."""
    exchanging(page, plant)
    page.locator("#schedule-set").click()
    tomorrow = page.evaluate(
        "() => { const d = new Date(Date.now() + 864e5); return [d.getFullYear(), d.getMonth() + 1, d.getDate()] }"
    )
    for name, value in zip(("year", "month", "day"), tomorrow, strict=True):
        page.locator(f'[name="{name}"]').fill(f"{value:02d}")
    page.locator('[name="hour"]').fill("12")
    page.locator('[name="minute"]').fill("00")
    page.wait_for_timeout(400)


def question(page: Page, plant: Plant) -> Locator:
    """What a dangerous command asks first."""
    exchanging(page, plant)
    page.locator("#mode-list").select_option("stop")
    page.locator("#mode-set").click()
    page.wait_for_timeout(400)
    return page.get_by_role("dialog")


def manual(page: Page, plant: Plant) -> None:
    """Figure 4-7: two nodes share by hand, one in CV and one in CC."""
    opened(page, plant, "manual")
    report = set_converter(page, "E001", "voltage", "5", agree=True)
    expect(report).to_contain_text(SEEN, timeout=SLOW)
    expect(page.locator("#chip-bus")).to_have_text("350 V", timeout=SLOW)
    report = set_converter(page, "E002", "current", "2")
    expect(report).to_contain_text(SEEN, timeout=SLOW)
    expect(page.locator("#energy-curves > li[data-dots]")).to_have_count(2, timeout=SLOW)
    panel(page, "E001").evaluate("element => element.scrollIntoView()")
    page.wait_for_timeout(800)


def stop_all(page: Page, plant: Plant) -> Locator:
    """Stop all, and what became of it."""
    exchanging(page, plant)
    page.locator("#stop-all").click()
    expect(page.locator("#stop-report")).to_contain_text(SEEN, timeout=SLOW)
    page.wait_for_timeout(1500)
    return page.locator(".card-stop")


def old(page: Page, plant: Plant) -> None:
    """A stale and a lost node."""
    exchanging(page, plant)
    outside = page.locator("#energy-boxes > li:not([data-near])")
    names = [outside.nth(index).get_attribute("data-id") or "" for index in range(2)]
    plant.fault(door="emulator", kind="frozen", node=names[0])
    plant.fault(door="emulator", kind="lost", node=names[1])
    expect(panel(page, names[0])).to_have_attribute("data-state", "stale", timeout=SLOW)
    expect(panel(page, names[1])).to_have_attribute("data-state", "lost", timeout=SLOW)
    page.locator("#filter-old").click()
    page.wait_for_timeout(6000)


def just_stopped(page: Page, plant: Plant) -> None:
    """Just after Stop all, when all that is shown is from before it."""
    exchanging(page, plant)
    page.locator("#stop-all").click()
    expect(page.locator("#stop-report")).to_contain_text("accepted", timeout=SLOW)
    expect(page.locator("#chip-fresh-text")).to_contain_text("Before the command")


def just_stale(page: Page, plant: Plant) -> None:
    """A node of a deal that has just become stale."""
    exchanging(page, plant)
    name = page.locator("#energy-boxes > li[data-near]:not([data-crown])").first.get_attribute("data-id") or ""
    plant.fault(door="emulator", kind="frozen", node=name)
    expect(panel(page, name)).to_have_attribute("data-state", "stale", timeout=SLOW)
    page.wait_for_timeout(500)


def lost_charging(page: Page, plant: Plant) -> None:
    """A node that was lost while its converter charged."""
    manual(page, plant)
    page.set_viewport_size({"width": 1180, "height": 680})
    plant.fault(door="emulator", kind="lost", node="E002")
    expect(panel(page, "E002")).to_have_attribute("data-state", "lost", timeout=SLOW)
    panel(page, "E002").evaluate("element => element.scrollIntoView()")
    page.wait_for_timeout(800)


def foreign_answer(url: str, page: Page, plant: Plant) -> Locator:
    """A proxy's sign-in page answers a command."""
    exchanging(page, plant)
    page.goto(url + "/")
    expect(page.locator("#mode-word")).to_have_text("Run")
    page.locator("#stop-all").click()
    expect(page.locator("#stop-report")).to_have_attribute("data-kind", "unclear", timeout=SLOW)
    return page.locator(".card-stop")


def without_modules(page: Page, plant: Plant) -> None:
    """A page of which a script did not come."""
    plant.in_mode("manual")
    page.route(re.compile("js/main.js"), lambda route: route.abort())
    page.goto(plant.product.url + "/")
    expect(page.locator("#page-trouble")).to_contain_text("could not be loaded", timeout=SLOW)
    page.locator("#stop-all").click()
    expect(page.locator("#stop-report")).to_contain_text("accepted")


def large(page: Page, plant: Plant) -> None:
    """A large cluster in Run."""
    page.goto(plant.product.url + "/")
    expect(page.locator("#chip-bus")).to_have_text("350 V", timeout=SLOW)
    eventually(lambda: page.locator("#energy-curves > li[data-dots]").count() > 20, 60)
    expect(page.locator("#chip-fresh-detail")).to_have_text("", timeout=SLOW)
    page.wait_for_timeout(2500)


EIGHT: dict[str, Picture] = {
    "run": run, "light": light, "detail": detail, "node": node, "debug": debug, "schedule": schedule,
    "question": question, "stop-all": stop_all, "stale-and-lost": old,
}  # fmt: skip
EIGHT_SMALLER: dict[str, Picture] = {
    "just-stopped": just_stopped, "just-stale": just_stale, "without-modules": without_modules,
}  # fmt: skip
JAPANESE: dict[str, Picture] = {
    "japanese-run": run, "japanese-question": question, "japanese-detail": detail, "japanese-phone": phone,
}  # fmt: skip
FOUR: dict[str, Picture] = {"manual": manual, "lost-charging": lost_charging}


def take(browser: Browser, plant: Plant, name: str, picture: Picture, **context: Any) -> None:
    """One picture, in a browser that knows nothing of the ones before."""
    opening = browser.new_context(**{**DESKTOP, **context})
    page = opening.new_page()
    where = picture(page, plant)
    path = DOCS / "page.png" if name == "page" else PICTURES / f"{name}{'.jpg' if picture is large else '.png'}"
    if picture is large:  # thousands of dots make a PNG too large
        page.screenshot(path=path, type="jpeg", quality=70)
    elif where is None:
        page.screenshot(path=path)
    else:
        where.screenshot(path=path)
    opening.close()
    size = path.stat().st_size
    print(f"{path.relative_to(DOCS.parent)}  {size // 1000} kB")
    if size > MOST_BYTES:
        raise SystemExit(f"{path} is larger than {MOST_BYTES // 1000} kB")


def take_all(browser: Browser, wanted: set[str]) -> None:
    """All pictures that are wanted; of an empty set, all there are."""

    def is_wanted(name: str) -> bool:
        return not wanted or name in wanted

    if any(is_wanted(name) for name in (*EIGHT, *EIGHT_SMALLER, *JAPANESE, "page", "phone")):
        with plant_of(8) as plant:
            if is_wanted("page"):
                take(browser, plant, "page", run)
            if is_wanted("phone"):
                take(browser, plant, "phone", phone, **PHONE)
            for name in filter(is_wanted, EIGHT):
                take(browser, plant, name, EIGHT[name])
            for name in filter(is_wanted, EIGHT_SMALLER):
                take(browser, plant, name, EIGHT_SMALLER[name], **SMALLER)
            for name in filter(is_wanted, JAPANESE):
                screen = PHONE if JAPANESE[name] is phone else DESKTOP
                take(browser, plant, name, JAPANESE[name], locale="ja-JP", **screen)
    for name in filter(is_wanted, FOUR):
        with plant_of(4) as plant:
            take(browser, plant, name, FOUR[name], **SMALLER)
    if is_wanted("foreign-answer"):
        with (
            plant_of(8) as plant,
            TemporaryDirectory() as folder,
            nginx(Path(folder), plant.product.url, extra=SIGN_IN) as url,
        ):
            take(browser, plant, "foreign-answer", partial(foreign_answer, url))
    for nodes in (200, 1000):
        if is_wanted(f"nodes-{nodes}"):
            with plant_of(nodes, gather=2.0) as plant:
                take(browser, plant, f"nodes-{nodes}", large)


def main() -> None:
    """Names of pictures as arguments, or none for all."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"], env=environment())
        take_all(browser, set(sys.argv[1:]))
        browser.close()


if __name__ == "__main__":
    main()
