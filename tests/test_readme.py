"""The README's tables are true."""

import ast
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import startMain
from main_controller import setting_table, settings, wiring
from main_controller.commands.described import described
from main_controller.commands.kinds import KINDS
from main_controller.runtime.folders import Folders
from main_controller.storage.ledger_row import RowState
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


def _values(one: dict[str, Any]) -> str:
    """The limits of a parameter, in the README's words."""
    return "; ".join(filter(None, _limits(one)))


def _limits(one: dict[str, Any]) -> list[str]:
    match one["kind"]:
        case "one_of":
            of_node = _listed(one["values_of_node"]) if "values_of_node" in one else ""
            return [_listed(one["values"]), of_node and f"with `unitId`: {of_node}"]
        case "number":
            highest = f"{one['highest']:g}" + (f" (`{one['setting']}`)" if "setting" in one else "")
            defaults = [
                f"{value} where `mode` is `{mode}`" for mode, value in one.get("left_out", {"mode": {}})["mode"].items()
            ]
            return [f"{one['lowest']:g} to {highest} {one['unit']}", *defaults]
        case "whole_number":
            return [f"{one['lowest']} to {one['highest']}"]
        case "boolean":
            return ["`true`, `false`", "only with `unitId`" if one["only_of_node"] else ""]
        case "node":
            return ["the id of a node", "" if one["required"] else f"{_left_out(one)}: the cluster"]
        case "time_to_come":
            return ["a date and time to come, ISO 8601 with offset", "empty or left out: clear"]
        case "was":
            who = {"cluster": "the cluster", "node": "a node"}
            return [f"what was shown of {who[target]}: `{basis}`" for target, basis in one["of"].items()]
    raise AssertionError(one)


def _left_out(one: dict[str, Any]) -> str:
    return "empty or left out" if one["may_be_empty"] else "left out"


def _listed(values: list[str]) -> str:
    return ", ".join(f"`{value}`" if value else "empty (clear)" for value in values)


def test_every_parameter_of_every_command_is_in_the_table_with_its_limits() -> None:
    commands = described(KINDS, settings.load(vars(startMain), {}, [])[0])
    assert table("parameters") == [
        [
            f"`{command}`",
            f"`{name}`" + (" in the path" if one["in"] == "route" else ""),
            _values(one),
            "yes" if one["required"] else "no",
        ]
        for command, told in commands.items()
        for name, one in told["parameters"].items()
    ]


def test_every_state_of_a_row_is_in_the_table() -> None:
    assert [row[0] for row in table("states")] == [f"`{state}`" for state in RowState]


def _called(path: Path, function: str, place: int) -> set[str]:
    """The codes that are given to calls of ``function`` in a file, at this place of the arguments."""
    calls = [part for part in ast.walk(ast.parse(path.read_text())) if isinstance(part, ast.Call)]
    return set().union(*(_text(call.args[place]) for call in calls if ast.unparse(call.func) == function))


def test_every_note_of_an_answer_is_in_the_table_and_every_one_there_exists() -> None:
    files = (ROOT / "main_controller" / "commands").glob("*.py")
    assert {row[0].strip("`") for row in table("notes")} == set().union(*(_called(path, "Note", 0) for path in files))


def test_every_reason_for_which_a_schedule_is_pending_is_in_the_table() -> None:
    states = ROOT / "main_controller" / "commands" / "schedule_states.py"
    assert {row[0].strip("`") for row in table("reasons")} == _called(states, "_pending", 1)


def test_every_code_of_what_is_seen_instead_is_told() -> None:
    seen = ROOT / "main_controller" / "commands" / "seen.py"
    codes = _called(seen, "Instead", 2)
    assert codes
    assert {code for code in codes if f"`{code}`" not in README} == set()
