"""The rooms of docs/architecture.md: its tables say what the code does. The order of the rooms is import-linter's."""

import ast
import os.path
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import grimp
import pytest

from tests.running import ROOT

PACKAGE = ROOT / "main_controller"
PLAN = (ROOT / "docs" / "architecture.md").read_text()
JS = ROOT / "js"
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")
SCRIPTS = sorted(JS.rglob("*.js"))
# What a pure file may not name, for Node's test runner, and whoever reads it, to know that nothing else plays in.
IMPURE = re.compile(
    r"\b(document|window|fetch|performance|setTimeout|localStorage|matchMedia|requestAnimationFrame)\b[.(]"
)


def table(name: str) -> list[list[str]]:
    """The rows of a table of the plan, as cells."""
    part = PLAN.split(f"<!-- {name} -->")[1].split(f"<!-- /{name} -->")[0]
    rows = [line.strip().strip("|").split(" | ") for line in part.strip().splitlines()]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def listed(cell: str) -> set[str]:
    return set() if cell == "–" else set(cell.split(", "))


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("main_controller", cache_dir=None)


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def test_the_plan_tells_what_each_room_imports() -> None:
    found: dict[str, set[str]] = {room(module): set() for module in graph().modules if room(module)}
    for module in graph().modules:
        for other in graph().find_modules_directly_imported_by(module):
            if room(module) and room(other) and room(other) != room(module):
                found[room(module)].add(room(other))
    assert {name: listed(imports) for name, _, imports in table("rooms")} == found


def test_every_file_is_in_the_plan_and_every_one_there_exists() -> None:
    told = {name for name, _ in table("files")}
    rooms = {name for name, *_ in table("rooms")} - {"demo"}  # whose files its own package tells
    there = {str(path.relative_to(PACKAGE)) for path in FILES if path.parent != PACKAGE}
    assert told == {name for name in there if name.split("/")[0] in rooms}


def _names(cell: str) -> list[str]:
    return re.findall(r"\w+", cell.replace("*pure:*", ""))


def test_the_plan_tells_every_script_and_what_each_room_of_them_imports() -> None:
    top, *rooms = table("scripts")
    assert {path.stem for path in SCRIPTS if path.parent == JS} == set(listed(top[0]))
    assert {name: set(_names(files)) for name, files, _ in rooms} == {
        folder.name: {path.stem for path in folder.glob("*.js")} for folder in JS.iterdir() if folder.is_dir()
    }
    found: dict[str, set[str]] = {name: set() for name, *_ in table("scripts")}
    for path in SCRIPTS:
        mine = path.parent.name if path.parent != JS else top[0]
        for target in re.findall(r'^(?:import|export) .*"(\.[^"]+)";$', path.read_text(), re.M):
            other = (path.parent / target).resolve()
            assert other.is_file(), f"{path}: {target}"
            if other.parent != path.parent:
                found[mine].add(os.path.relpath(other.parent, JS))
    assert {name: listed(imports) for name, _, imports in table("scripts")} == found


def _pure() -> list[str]:
    return [
        f"{name}/{file}.js"
        for name, files, _ in table("scripts")[1:]
        if "*pure:*" in files
        for file in _names(files.split("*pure:*")[1])
    ]


def test_there_are_pure_files() -> None:
    assert len(_pure()) > 15


@pytest.mark.parametrize("name", _pure())
def test_a_pure_file_knows_no_document(name: str) -> None:
    assert not IMPURE.search((JS / name).read_text())


def test_only_neighbours_speak_http_outward() -> None:
    outward = {"requests", "urllib3", "http.client", "urllib.request"}
    for path in FILES:
        names = {
            name
            for entry in ast.walk(ast.parse(path.read_text()))
            if isinstance(entry, ast.Import | ast.ImportFrom)
            for name in ([entry.module or ""] if isinstance(entry, ast.ImportFrom) else [n.name for n in entry.names])
        }
        assert path.parent.name == "neighbours" or not names & outward, path


def test_the_parent_imports_nothing_of_what_the_worker_works_with() -> None:
    loaded = "import sys, main_controller.launch; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True)
    modules = set(done.stdout.split())
    assert "main_controller.runtime.server" in modules
    assert not modules & {"main_controller.wiring", "bottle", "orjson", "requests", "sqlite3"}


def test_no_script_uses_the_part_of_jquery_ui_that_has_a_known_hole() -> None:
    for path in SCRIPTS:
        assert not re.search(r"checkboxradio|controlgroup|buttonset", path.read_text()), path


@pytest.mark.parametrize("path", [*FILES, *SCRIPTS], ids=lambda path: str(Path(path).relative_to(ROOT)))
def test_no_file_is_over_300_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300
