"""Where a page's time goes: Chromium's own profile of the scripts, and what the main thread did beside them."""

from collections import Counter
from typing import Any

from playwright.sync_api import CDPSession, Page

from benchmarks.parts import row

SECONDS, MOST, STEP_US = 20, 18, 200
MEASURES = {"TaskDuration": "all tasks", "ScriptDuration": "scripts", "LayoutDuration": "layout"}
MEASURES |= {"RecalcStyleDuration": "styles"}


def _measures(session: CDPSession) -> dict[str, float]:
    said = session.send("Performance.getMetrics")["metrics"]
    return {one["name"]: one["value"] for one in said if one["name"] in MEASURES}


def _self_ms(profile: dict[str, Any]) -> Counter[str]:
    names = {}
    for one in profile["nodes"]:
        frame = one["callFrame"]
        file = frame["url"].rpartition("/")[2] or "(browser)"
        names[one["id"]] = f"{frame['functionName'] or '(nameless)'} {file}:{frame['lineNumber'] + 1}"
    spent: Counter[str] = Counter()
    for number, delta_us in zip(profile["samples"], profile["timeDeltas"], strict=True):
        spent[names[number]] += delta_us
    return spent


def show_profile(page: Page) -> None:
    """Print what the main thread did in 20 s, and the functions that cost most by themselves."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    session.send("Profiler.enable")
    session.send("Profiler.setSamplingInterval", {"interval": STEP_US})
    before = _measures(session)
    session.send("Profiler.start")
    page.wait_for_timeout(1000 * SECONDS)
    profile = session.send("Profiler.stop")["profile"]
    after = _measures(session)
    for name, words in MEASURES.items():
        row(f"    main thread, {words}", f"{100 * (after[name] - before[name]) / SECONDS:.1f} %")
    for name, spent_us in _self_ms(profile).most_common(MOST):
        row(f"        {name}", f"{spent_us / 1000 / SECONDS:.2f} ms a second")
    session.detach()
