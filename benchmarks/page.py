"""How soon the page shows data: when it is opened, when the product starts, when something changes.

A picture counts from the frame after the one that shows it.

.venv/bin/python benchmarks/page.py
"""

import random
import statistics
import sys
import threading
import time
from pathlib import Path
from typing import Any

import orjson
from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import startMain
from benchmarks.chromium import chromium, fresh
from benchmarks.log_info import nodes
from benchmarks.parts import Going, row, show_load, until_it_answers
from tests.neighbour import body
from tests.running import demo, eventually, pointed, started

NODES, OPENINGS, STARTS, CHANGES = 1000, 7, 5, 5
# Nodes, and within which time the page is to be open; None: no target of its own.
CLUSTERS = ((8, None), (NODES, 1.5), (5000, None))
CHANGED = "E00007"
PAGE_POLL_S = 1
GATHER_S = 5.0
SETTLING_S = 25
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


class Gathering(Going):
    """Gathers as apis-web does: every GATHER_S all clocks change, and with them one node's charge."""

    def __init__(self) -> None:
        super().__init__(nodes(NODES))
        self.gathered: list[float] = []  # wall clock, s
        self._ended = threading.Event()
        self._gather()
        threading.Thread(target=self._go_on, daemon=True).start()

    def __exit__(self, *error: Any) -> None:
        self._ended.set()
        super().__exit__(*error)

    def _go_on(self) -> None:
        while not self._ended.wait(max(0.0, GATHER_S - (time.time() - self.gathered[-1]))):
            self._gather()

    def _gather(self) -> None:
        number = len(self.gathered)
        going = {unit: node | {"time": f"gathered {number}"} for unit, node in self.nodes.items()}
        going[CHANGED] |= {"battery": {"rsoc": 20 + number % 60}}
        content = orjson.dumps(going)
        self.answers["/get/log"] = body(content)
        self.gathered.append(time.time())


def changes_ms(browser: Browser, *, in_step: bool) -> tuple[list[float], float]:
    """From a gathering to the pixels, ms; and how many polls came in one interval."""
    program = [] if in_step else ["benchmarks/out_of_step.py"]
    seen_ms: list[float] = []
    neighbour = Gathering()
    time.sleep(random.uniform(0, GATHER_S))  # noqa: S311
    with (
        neighbour,
        started(*pointed(neighbour.doors), program=program) as running,
        fresh(browser, watch(NODES)) as page,
    ):
        until_it_answers(running)
        page.goto(running.url + "/")
        picture_s(page)
        page.wait_for_timeout(SETTLING_S * 1000)
        polls, began = 0, 0.0
        for number in range(1 + CHANGES):
            page.evaluate("benchmark.expect()")
            eventually(lambda: page.evaluate("benchmark.changed") is not None, 60)
            changed = float(page.evaluate("benchmark.changed"))
            if number == 0:  # polls are counted from one change to another: else a part of an interval counts as whole
                polls, began = neighbour.polls, time.monotonic()
            else:
                seen_ms.append(changed - 1000 * max(at for at in neighbour.gathered if 1000 * at <= changed))
        spent_s = time.monotonic() - began
        return seen_ms, (neighbour.polls - polls) / spent_s * startMain.datacollectorinterval


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
        for words, in_step in (("polled at the interval", False), ("polled in step", True)):
            # Out of step the two lock at the distance of the start, which differs from start to start.
            runs = [changes_ms(browser, in_step=in_step) for _ in range(STARTS)]
            some = [seen_ms for one, _ in runs for seen_ms in one]
            polls = statistics.mean(polls for _, polls in runs)
            row(
                f"change at apis-web to the pixels, {words}, median and worst of {STARTS * CHANGES}",
                f"{statistics.median(some):.0f} and {max(some):.0f} ms",
                "< 1500 and 3000 ms" if in_step else "",
            )
            row("    polls an interval", f"{polls:.2f}", "< 1.3" if in_step else "")
    show_load()


if __name__ == "__main__":
    main()
