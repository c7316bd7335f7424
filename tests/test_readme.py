"""The README's tables are true."""

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
