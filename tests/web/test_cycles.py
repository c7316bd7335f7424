"""Reads leave nothing behind that only the search for cycles would free: it runs seldom, by choice."""

import gc
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import startMain
from main_controller import settings, wiring
from main_controller.runtime.folders import PROGRAM, Folders
from tests.running import demo, pointed


def _ask(app: Any, path: str) -> None:
    environ: dict[str, Any] = {}
    setup_testing_defaults(environ)
    environ |= {"PATH_INFO": path, "QUERY_STRING": "", "HTTP_ACCEPT_ENCODING": "gzip"}
    assert b"".join(app(environ, lambda *_: None))


def test_reads_leave_no_cycles(tmp_path: Path) -> None:
    with demo(nodes=2, gather=1) as doors:
        parts = wiring.build(settings.load(vars(startMain), {}, pointed(doors))[0], Folders(PROGRAM, tmp_path), 32)
        parts.collector.step()
        left = {}
        try:
            for path in ("/", "/get/logInfo", "/get/dealsInfo", "/get/freshness", "/schedules/state", "/commands"):
                _ask(parts.app, path)
                gc.collect()
                gc.set_debug(gc.DEBUG_SAVEALL)
                for _ in range(10):
                    _ask(parts.app, path)
                gc.collect()
                left[path] = len(gc.garbage)
                gc.set_debug(0)
                gc.garbage.clear()
        finally:
            gc.set_debug(0)
            gc.garbage.clear()
            parts.ledger.close()
    assert max(left.values()) < 10, left  # less than one thing a read
