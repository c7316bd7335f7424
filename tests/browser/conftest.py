"""A real browser on the real product, pointed at a neighbour that the test plays. Nothing is bypassed."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.browser.firefox import PROGRAM
from tests.browser.fonts import environment
from tests.neighbour import Neighbour
from tests.running import Running, pointed, started

# Firefox too, where the machine has one.
collect_ignore = [] if PROGRAM else ["test_firefox.py"]

LAN_NAMES = "--host-resolver-rules=MAP *.lan 127.0.0.1"  # plain HTTP at a name, as on a LAN
FAST = ("--datacollectorinterval", "0.1", "--poll-timeout", "0.5", "--neighbour-timeout", "0.5")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path is not None, "the browser tests need Chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", LAN_NAMES], env=environment())
        yield chromium
        chromium.close()


class Watched:
    """A page whose errors fail the test: console errors, exceptions, violations of the content security policy."""

    def __init__(self, browser: Browser, **context: Any) -> None:
        self.errors: list[str] = []
        self.expects_failed_requests = False
        self._context = browser.new_context(**{"viewport": {"width": 1400, "height": 1000}, **context})
        self.page: Page = self._context.new_page()
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        if self.expects_failed_requests and message.text.startswith("Failed to load resource"):
            return
        self.errors.append(message.text)

    def poll_now(self) -> None:
        """What a browser tells the page when its tab comes to the front: it polls at once."""
        self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    def close(self) -> None:
        """Close, and fail on what was noted."""
        self._context.close()
        assert not self.errors


@pytest.fixture
def neighbour() -> Iterator[Neighbour]:
    """An apis-web that the test plays."""
    with Neighbour() as one:
        yield one


@pytest.fixture
def product(neighbour: Neighbour) -> Iterator[Running]:
    """The product on that apis-web, quick in its polls."""
    with started(*FAST, *pointed(neighbour.doors)) as running:
        yield running


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    """An empty page at 1400 x 1000."""
    one = Watched(browser)
    yield one
    one.close()
