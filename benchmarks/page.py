"""How soon the page shows data: when it is opened, when the product starts, when something changes.

A picture counts from the frame after the one that shows it.

.venv/bin/python benchmarks/page.py
"""

import random
import statistics
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import startMain
from benchmarks.chromium import chromium, fresh
from benchmarks.log_info import nodes
from benchmarks.parts import Going, row, show_load, until_it_answers
from tests.running import demo, eventually, pointed, started

NODES, OPENINGS, CHANGES = 1000, 7, 15
# Nodes, and within which time the page is to be open; None: no target of its own.
CLUSTERS = ((8, None), (NODES, 1.5), (5000, None))
CHANGED = "E00007"
PAGE_POLL_S = 1
POLL_NOW = "document.dispatchEvent(new Event('visibilitychange'))"  # as when a tab comes to the front
# One look a frame. `picture`: when the standing canvas was drawn with every box and the page counts all nodes.
# `changed`: when the standing canvas was drawn with another percentage of one node than at `expect`.
# NODES stands for their number.
WATCH = f"""
(() => {{
  const seen = (window.benchmark = {{ picture: null, changed: null }});
  let [rectangles, drawn] = [0, null];
  const percent = () => document.querySelector('#energy-boxes > li[data-id="{CHANGED}"]')?.dataset.percent ?? null;
  const still = (canvas) => canvas.id === "energy-still";
  const {{ clearRect, fillRect }} = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function (...things) {{
    if (still(this.canvas)) {{
      rectangles = 0;
      drawn = percent();
    }}
    return clearRect.apply(this, things);
  }};
  CanvasRenderingContext2D.prototype.fillRect = function (...things) {{
    if (still(this.canvas)) rectangles += 1;
    return fillRect.apply(this, things);
  }};
  const opening = () => {{
    const told = document.getElementById("nodes-count")?.textContent;
    if (rectangles < NODES || told !== "NODES") requestAnimationFrame(opening);
    else requestAnimationFrame(() => (seen.picture = performance.timeOrigin + performance.now()));
  }};
  requestAnimationFrame(opening);
  seen.expect = () => {{
    const before = percent();
    drawn = seen.changed = null;
    const look = () => {{
      if (drawn === null || drawn === before) requestAnimationFrame(look);
      else requestAnimationFrame(() => (seen.changed = Date.now()));
    }};
    look();
  }};
}})();
"""


def picture_s(page: Page) -> float:
    """When the first picture with data was seen (wall clock, s)."""
    eventually(lambda: page.evaluate("benchmark.picture") is not None, 60)
    return float(page.evaluate("benchmark.picture")) / 1000


def watch(count: int) -> str:
    """The script that watches a page with ``count`` nodes."""
    return WATCH.replace("NODES", str(count))


def opening_s(browser: Browser, url: str, count: int) -> float:
    """From the start of the navigation in a browser without a cache to the first picture."""
    with fresh(browser, watch(count)) as page:
        page.goto(url + "/")
        return picture_s(page) - float(page.evaluate("performance.timeOrigin")) / 1000


def start_s(browser: Browser, doors: list[str], count: int) -> tuple[float, float]:
    """From the start of the product to its first data, and to the first picture of a page that is opened at once."""
    with fresh(browser, watch(count)) as page:
        began = time.time()
        with started(*doors) as running:
            page.goto(running.url + "/")
            picture = picture_s(page) - began
            page.goto("about:blank")
        began = time.time()
        with started(*doors) as running:
            until_it_answers(running)
            return time.time() - began, picture


def changes_ms(browser: Browser) -> tuple[list[float], list[float]]:
    """From a change in apis-web's data to the pixels, and of this from the poll that brought it."""
    whole, from_poll = [], []
    with (
        Going(nodes(NODES)) as neighbour,
        started(*pointed(neighbour.doors)) as running,
        fresh(browser, watch(NODES)) as page,
    ):
        until_it_answers(running)
        page.goto(running.url + "/")
        picture_s(page)
        for number in range(CHANGES):
            page.wait_for_timeout(random.uniform(0, 1000 * startMain.datacollectorinterval))  # noqa: S311
            page.evaluate(POLL_NOW)  # or all changes would meet the page at the same moment between two polls
            page.wait_for_timeout(random.uniform(0, 1000 * PAGE_POLL_S))  # noqa: S311
            page.evaluate("benchmark.expect()")
            began, began_wall = time.monotonic(), time.time()
            changed = neighbour.nodes[CHANGED] | {"battery": {"rsoc": 20 + number}}
            neighbour.nodes = neighbour.nodes | {CHANGED: changed}
            eventually(lambda: page.evaluate("benchmark.changed") is not None, 60)
            seen_ms = float(page.evaluate("benchmark.changed")) - 1000 * began_wall
            polled = neighbour.arrivals.first_after(began, "/get/log")
            if polled is None:
                raise SystemExit("something else changed than what a poll brought")
            whole.append(seen_ms)
            from_poll.append(seen_ms - 1000 * (polled - began))
    return whole, from_poll


def show_openings(browser: Browser, count: int, limit_s: float | None) -> None:
    """Print the rows of opening and starting with ``count`` nodes."""
    with demo(nodes=count, gather=5) as doors:
        with started(*pointed(doors)) as running:
            until_it_answers(running)
            times = [opening_s(browser, running.url, count) for _ in range(OPENINGS)]
        starts = [start_s(browser, pointed(doors), count) for _ in range(OPENINGS)]
    print(f"{count} nodes, median and worst of {OPENINGS}")
    for words, some, target in (
        ("opening to the first picture", times, "" if limit_s is None else f"< {limit_s} s"),
        ("start of the product to the first data", [start[0] for start in starts], "< 1 s"),
        ("start to the first picture of a page opened at once", [start[1] for start in starts], "< 1 s"),
    ):
        row(f"    {words}", f"{statistics.median(some):.2f} and {max(some):.2f} s", target)


def main() -> None:
    """Print the table."""
    with chromium() as browser:
        for count, limit_s in CLUSTERS:
            show_openings(browser, count, limit_s)
        whole, from_poll = changes_ms(browser)
    limit = 1000 * (startMain.datacollectorinterval + PAGE_POLL_S) + 100
    for words, some, most in (
        ("change at apis-web to the pixels", whole, limit),
        ("    of this from the product's poll", from_poll, 1000 * PAGE_POLL_S + 100),
    ):
        row(
            f"{words}, median and worst of {CHANGES}",
            f"{statistics.median(some):.0f} and {max(some):.0f} ms",
            f"< {most} ms",
        )
    show_load()


if __name__ == "__main__":
    main()
