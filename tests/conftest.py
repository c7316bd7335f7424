"""Fixtures for all tests, and where the others are.

``tests.running.started("--demo", ...)`` starts the whole product (parent, worker, demo) and gives a ``Running`` with
``url``. ``main_controller.runtime.demo_process.running(DemoChoice(...))`` starts a demo cluster alone and gives its
settings; ``tests.running.pointed(settings)`` turns them into arguments for ``started``. No test may leave a thread
behind.
"""

import threading
import time
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    ends_at = time.monotonic() + 3
    left: list[threading.Thread] = []
    while time.monotonic() < ends_at:
        left = [thread for thread in threading.enumerate() if thread not in before and thread.is_alive()]
        if not left:
            return
        time.sleep(0.02)
    pytest.fail(f"threads left behind: {left}")
