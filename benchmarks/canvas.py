"""Frames, script and long tasks of the page in a headless Chromium without GPU, in Run with deals, 1400 x 1000.

.venv/bin/python benchmarks/canvas.py [--profile] [nodes ...]
"""

import argparse
import statistics
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.chromium import LOOP, chromium, frames_of, fresh
from benchmarks.parts import Going, quantile, row, show_load
from benchmarks.profiling import show_profile
from tests.neighbour import node
from tests.running import demo, eventually, pointed, started

FRAMES_S, TASKS_S, STILL_S = 10, 60, 5
TARGET = {200: 60, 1000: 60, 5000: 55}
LIVE = "document.querySelectorAll('#energy-boxes > li[data-live]').length"
FLOWING = "document.querySelectorAll('#energy-curves > li[data-dots]').length"


def rate(frames: list[dict[str, Any]], seconds: float) -> str:
    """Frames a second."""
    return f"{len(frames) / seconds:.1f} a second"


def told(tasks: list[dict[str, Any]]) -> str:
    """How many long tasks, and the longest."""
    return f"{len(tasks)}, longest {max(task['ms'] for task in tasks):.0f} ms" if tasks else "0"


def show_base(browser: Browser) -> None:
    """Print the frames of a page that does nothing else."""
    with fresh(browser) as page:
        page.goto("about:blank")
        page.evaluate(LOOP)
        row("empty page with a loop of frames", rate(frames_of(page, FRAMES_S), FRAMES_S), "the most there can be")
        tasks = page.evaluate("benchmark.longTasks")
        row(f"    tasks over 50 ms in {FRAMES_S} s", told(tasks), "more than none: the machine is busy")


def opened(page: Page, url: str, count: int) -> int:
    """The page once every node is live and energy flows; how many deals have dots."""
    page.goto(url + "/")
    eventually(lambda: page.evaluate(LIVE) == count, 120)
    eventually(lambda: page.evaluate(FLOWING) > 0, 120)
    page.wait_for_timeout(3000)
    return int(page.evaluate(FLOWING))


def show_frames(page: Page, target: str) -> None:
    """Print frames and script of 10 s."""
    frames = frames_of(page, FRAMES_S)
    drawn = [frame for frame in frames if frame["moving"]]
    row("    frames drawn", rate(drawn, FRAMES_S), target)
    row("    frames in which a script ran", rate(frames, FRAMES_S))
    for words, some in (
        ("dots alone", [frame["ms"] for frame in drawn if not frame["still"]]),
        ("everything", [frame["ms"] for frame in drawn if frame["still"]]),
    ):
        if some:
            figure = f"{statistics.median(some):.1f} and {quantile(some, 0.95):.1f} ms"
            row(f"    script of a frame that draws {words} ({len(some)}), median and p95", figure)


def show_tasks(page: Page) -> None:
    """Print the long tasks of opening the page, and those of one minute."""
    before = page.evaluate("benchmark.longTasks.splice(0)")
    page.wait_for_timeout(1000 * TASKS_S)
    for words, tasks in (
        ("until now, with opening the page", before),
        (f"in {TASKS_S} s", page.evaluate("benchmark.longTasks")),
    ):
        row(f"    tasks over 50 ms {words}", told(tasks), "none")


def show_still(browser: Browser, count: int) -> None:
    """Print how often is drawn while the nodes' clocks go on and nothing flows."""
    nodes = {f"E{number:05}": node(f"E{number:05}", mode="stop") for number in range(count)}
    with Going(nodes) as neighbour, started(*pointed(neighbour.doors)) as running, fresh(browser) as page:
        eventually(lambda: running.get("/get/logInfo").status_code == 200, 30)
        page.goto(running.url + "/")
        eventually(lambda: page.evaluate(LIVE) == count, 120)
        page.wait_for_timeout(3000)
        drawn = [frame for frame in frames_of(page, STILL_S) if frame["moving"] or frame["still"]]
        row(f"    frames drawn in {STILL_S} s while nothing moves", str(len(drawn)), "none")


def show(browser: Browser, count: int, *, profile: bool) -> None:
    """Print the rows of one cluster size."""
    target = f"{TARGET.get(count, 60)} a second"
    with demo(nodes=count, gather=5) as doors, started(*pointed(doors)) as running, fresh(browser) as page:
        eventually(lambda: running.get("/get/logInfo").status_code == 200, 30)
        flowing = opened(page, running.url, count)
        print(f"{count} nodes, {flowing} deals with dots")
        show_frames(page, target)
        show_tasks(page)
        if profile:
            show_profile(page)
    show_still(browser, count)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("nodes", type=int, nargs="*", default=[200, 1000, 5000])
    parser.add_argument("--profile", action="store_true", help="also print where the time goes")
    options = parser.parse_args()
    with chromium() as browser:
        show_base(browser)
        for count in options.nodes:
            show(browser, count, profile=options.profile)
    show_load()


if __name__ == "__main__":
    main()
