"""The system's Chromium without a GPU, and the script that watches frames, drawing and long tasks in a page."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

SIZE: dict[str, Any] = {"viewport": {"width": 1400, "height": 1000}}

# frames: one entry for each animation frame in which a script ran: its time, the ms of all callbacks, and whether the
# moving and the standing canvas were drawn.
WATCH = """
(() => {
  const seen = (window.benchmark = { frames: [], longTasks: [] });
  let frame = { time: -1 };
  const ask = window.requestAnimationFrame;
  window.requestAnimationFrame = (callback) =>
    ask.call(window, (time) => {
      if (frame.time !== time) seen.frames.push((frame = { time, ms: 0, moving: false, still: false }));
      const began = performance.now();
      callback(time);
      frame.ms += performance.now() - began;
    });
  const clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...things) {
    if (this.canvas.id === "energy") frame.moving = true;
    if (this.canvas.id === "energy-still") frame.still = true;
    return clear.apply(this, things);
  };
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) seen.longTasks.push({ at: startTime, ms: duration });
  }).observe({ type: "longtask", buffered: true });
})();
"""

LOOP = "(() => { const loop = () => requestAnimationFrame(loop); loop(); })()"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        raise SystemExit("Chromium is needed (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def fresh(browser: Browser, script: str = WATCH) -> Iterator[Page]:
    """A page of 1400 x 1000 with nothing kept from others, in which ``script`` runs before all else."""
    context: BrowserContext = browser.new_context(**SIZE)
    try:
        page = context.new_page()
        page.add_init_script(script)
        yield page
    finally:
        context.close()


def frames_of(page: Page, seconds: float) -> list[dict[str, Any]]:
    """The frames of the next ``seconds``."""
    page.evaluate("benchmark.frames.length = 0")
    page.wait_for_timeout(1000 * seconds)
    frames: list[dict[str, Any]] = page.evaluate("benchmark.frames.slice()")
    return frames
