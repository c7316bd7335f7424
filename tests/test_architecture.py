"""The rooms of docs/architecture.md: who may import whom."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import ROOT

PACKAGE = ROOT / "main_controller"
# Each room, and what of main_controller it may import. The order is that of the arrows.
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "process": set(),
    "nodes": set(),
    "representation": set(),
    "setting_kinds": set(),
    "settings": {"errors", "setting_kinds"},
    "places": {"errors"},
    "logs": {"errors"},
    "waiting_room": {"errors"},
    "daemon": set(),
    "rhythm": set(),
    "date_watch": set(),
    "based_on": {"data_collector", "errors", "nodes"},
    "command_values": {"errors", "nodes", "schedules", "settings"},
    "before_command": {"freshness", "ledger_row", "rhythm"},
    "freshness": {"nodes", "rhythm"},
    "snapshot": {"freshness", "nodes", "representation"},
    "neighbours": {"errors", "settings"},
    "held": {"nodes", "rhythm"},
    "data_collector": {
        "daemon",
        "errors",
        "freshness",
        "held",
        "neighbours",
        "nodes",
        "rhythm",
        "settings",
        "snapshot",
    },
    "deals": {"errors", "neighbours", "representation"},
    "schedules": {"errors"},
    "ledger_row": set(),
    "ledger_store": {"ledger_row"},
    "ledger": {"ledger_row", "ledger_store"},
    "observer": {"data_collector", "freshness", "ledger", "ledger_row", "neighbours", "nodes", "rhythm"},
    "recorder": {"before_command", "data_collector", "ledger", "ledger_row", "observer"},
    "outcomes": {"errors", "ledger_row"},
    "fan_out": set(),
    "gates": {"data_collector", "errors", "ledger", "ledger_row", "neighbours", "nodes", "observer", "settings"},
    "operations": {
        "based_on",
        "command_values",
        "data_collector",
        "errors",
        "fan_out",
        "freshness",
        "gates",
        "ledger_row",
        "neighbours",
        "nodes",
        "observer",
        "outcomes",
        "recorder",
        "schedules",
        "settings",
    },
    "stop_all": {
        "based_on",
        "command_values",
        "data_collector",
        "deals",
        "errors",
        "freshness",
        "ledger",
        "ledger_row",
        "neighbours",
        "nodes",
        "observer",
        "operations",
        "outcomes",
        "recorder",
        "shared_calls",
    },
    "shared_calls": {"fan_out"},
    "scheduler": {
        "date_watch",
        "daemon",
        "errors",
        "ledger",
        "ledger_row",
        "nodes",
        "observer",
        "operations",
        "recorder",
        "schedules",
    },
    "web": {
        "before_command",
        "date_watch",
        "recorder",
        "data_collector",
        "deals",
        "errors",
        "ledger",
        "operations",
        "scheduler",
        "schedules",
        "stop_all",
        "neighbours",
        "nodes",
        "representation",
        "settings",
        "snapshot",
        "waiting_room",
    },
    "server": set(),
    "demo": {"process"},
    "demo_process": {"errors", "places", "settings"},
    "launch": {"demo_process", "errors", "logs", "places", "server", "settings", "wiring"},
}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for entry in ast.walk(ast.parse(path.read_text())):
        if isinstance(entry, ast.ImportFrom) and entry.module == "main_controller":
            found |= {name.name for name in entry.names}
        elif isinstance(entry, ast.ImportFrom) and entry.module:
            names = [entry.module]
            found |= {name.split(".")[1] for name in names if name.startswith("main_controller.")}
        elif isinstance(entry, ast.Import):
            found |= {n.name.split(".")[1] for n in entry.names if n.name.startswith("main_controller.")}
    return found - {"__version__"}


FILES = sorted(path for path in PACKAGE.glob("**/*.py") if path != PACKAGE / "__init__.py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_what_it_may(path: Path) -> None:
    if room(path) != "wiring":
        assert imported(path) - {room(path)} <= MAY_IMPORT[room(path)]


def test_only_neighbours_speak_http_outward() -> None:
    outward = {"requests", "urllib3", "http.client", "urllib.request"}
    for path in FILES:
        names = {
            name
            for entry in ast.walk(ast.parse(path.read_text()))
            if isinstance(entry, ast.Import | ast.ImportFrom)
            for name in ([entry.module or ""] if isinstance(entry, ast.ImportFrom) else [n.name for n in entry.names])
        }
        assert room(path) in {"neighbours"} or not names & outward, path


def test_the_parent_imports_nothing_of_what_the_worker_works_with() -> None:
    loaded = "import sys, main_controller.launch; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True)
    modules = set(done.stdout.split())
    assert "main_controller.server" in modules
    assert not modules & {"main_controller.wiring", "bottle", "orjson", "requests", "sqlite3"}


def test_every_room_is_in_the_plan() -> None:
    assert {room(path) for path in FILES} == {*MAY_IMPORT, "wiring"}
    plan = (ROOT / "docs" / "architecture.md").read_text()
    for name in MAY_IMPORT:
        assert f"{name}.py" in plan or f"{name}/" in plan, name


def test_every_module_of_the_front_end_is_in_the_plan() -> None:
    plan = (ROOT / "docs" / "architecture.md").read_text()
    modules = sorted(path.name for path in (ROOT / "js").glob("*.js"))
    assert modules
    assert [name for name in modules if name not in plan] == []


def _pure_modules() -> list[str]:
    rows = [line for line in (ROOT / "docs" / "architecture.md").read_text().splitlines() if "(pure)" in line]
    return [name for line in rows for name in re.findall(r"(\w+)\.js", line.split("(pure)")[0])]


PURE = _pure_modules()


@pytest.mark.parametrize("name", PURE)
def test_pure_modules_of_the_front_end_know_no_document(name: str) -> None:
    text = (ROOT / "js" / f"{name}.js").read_text()
    assert not re.search(r"\b(document|window|fetch|performance|setTimeout|localStorage)\b[.(]", text)
