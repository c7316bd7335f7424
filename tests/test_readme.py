"""The README's tables are true."""

import ast
import json
import re
from collections.abc import Mapping
from pathlib import Path

import startMain
from main_controller import setting_table, settings, wiring
from main_controller.runtime.folders import Folders
from tests.running import ROOT

README = (ROOT / "README.md").read_text()


def table(name: str) -> list[list[str]]:
    part = README.split(f"<!-- {name} -->")[1].split(f"<!-- /{name} -->")[0]
    rows = [line.strip().strip("|").split(" | ") for line in part.strip().splitlines()]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_start_main_has_each_setting_of_the_table_with_its_default() -> None:
    variables = {name: value for name, value in vars(startMain).items() if name[0] != "_" and name != "sys"}
    assert list(variables.items()) == [(spec.name, spec.default) for spec in setting_table.SPECS]


def test_every_setting_is_in_the_table_with_its_default_and_meaning() -> None:
    expected = []
    for spec in setting_table.SPECS:
        shown = json.dumps(spec.default) if isinstance(spec.default, Mapping) else str(spec.default)
        expected.append([f"`{spec.name}`", f"`{shown}`" if shown else "empty", spec.meaning])
    assert table("settings") == expected


def test_every_route_is_in_the_table_and_every_one_there_exists(tmp_path: Path) -> None:
    chosen = settings.load(vars(startMain), {}, [])[0]
    product = wiring.build(chosen, Folders(ROOT, tmp_path), threads=32)
    product.ledger.close()
    routes = {re.sub(r"<\w+:re:.*?>$", "<x>", route.path) for route in product.app.routes}
    told = " ".join(" ".join(row) for row in table("routes"))
    assert {re.sub(r"<\w+>", "<x>", path) for path in re.findall(r"`(/[^`? ]*)`", told)} == routes


def _codes(path: Path) -> set[str]:
    """The codes that a file gives its errors: the second argument of an error, ``code = ``, ``"code": ``."""
    found: set[str] = set()
    for part in ast.walk(ast.parse(path.read_text())):
        if isinstance(part, ast.Call) and ast.unparse(part.func).endswith("Error") and len(part.args) > 1:
            found |= _text(part.args[1])
        elif isinstance(part, ast.Assign) and ast.unparse(part.targets[0]) in {"code", "VALUE_NOT_ALLOWED"}:
            found |= _text(part.value)
        elif isinstance(part, ast.Dict):
            pairs = zip(part.keys, part.values, strict=True)
            found |= {text for key, value in pairs if key and _text(key) == {"code"} for text in _text(value)}
    return found


def _text(part: ast.AST) -> set[str]:
    value = part.value if isinstance(part, ast.Constant) else None
    return {value} if isinstance(value, str) and re.fullmatch("[a-z_]+", value) else set()


def test_every_code_of_an_error_is_in_the_table_and_every_one_there_exists() -> None:
    files = [path for path in (ROOT / "main_controller").rglob("*.py") if "demo" not in path.parts]
    assert {row[0].strip("`") for row in table("codes")} == set().union(*map(_codes, files))
