"""The table of commands: a new entry is routed, checked, recorded, observed and described; nothing else knows of it."""

import ast
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

import startMain
from main_controller import nodes, settings
from main_controller.commands.asked import Asked
from main_controller.commands.described import described
from main_controller.commands.kind import Kind, Kinds
from main_controller.commands.kinds import KINDS
from main_controller.setting_table import Settings
from main_controller.storage.ledger_row import Row
from tests.commands.lamp import LAMP
from tests.commands.plant import Plant
from tests.neighbour import Neighbour, body, node
from tests.running import ROOT, eventually, pointed, started
from tests.test_readme import table

SCRIPT = {"User-Agent": "script/1"}


def chosen(*arguments: str) -> Settings:
    return settings.load(vars(startMain), {}, list(arguments))[0]


class House(Plant):
    """A product whose table has one command more, and a house whose lamp obeys it, unless it is ``stuck``."""

    def __init__(self, neighbour: Neighbour, running: Any) -> None:
        super().__init__({"apis_emul_port": neighbour.port}, running)
        self.neighbour = neighbour
        self.stuck = False

    def lamps(self) -> list[str]:
        return [path for path in self.neighbour.requests if path.startswith("/lamp")]

    def set(self, query: str, unit: str = "E001", **headers: str) -> requests.Response:
        return self.command(f"/set/lamp/{unit}?{query}", headers=SCRIPT | headers)


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with Neighbour() as neighbour:
        arguments = [*pointed(neighbour.doors), "--datacollectorinterval", "0.1", "--neighbour-timeout", "0.5"]
        polls = iter(range(10**9))
        lit = "off"

        def log(connection: socket.socket) -> None:
            there = node("E001", time=f"t{next(polls)}") | {"lamp": lit}
            body(json.dumps({"E001": there}).encode())(connection)

        def lamp(connection: socket.socket) -> None:
            nonlocal lit
            if not found.stuck:
                lit = "on" if "to=on" in found.lamps()[-1] else "off"
            body(b'{"lamp": "obeys"}')(connection)

        neighbour.cluster({})
        neighbour.answers |= {"/get/log": log, "/lamp": lamp}
        with started(*arguments, program=("-m", "tests.commands.lamp")) as running:
            found = House(neighbour, running)
            eventually(lambda: running.json("/get/freshness")["nodes"].get("E001", {}).get("state") == "fresh")
            yield found


def test_a_new_entry_is_routed_recorded_and_observed(house: House) -> None:
    for to, level in (("on", "100"), ("off", "2.5")):
        answer = house.set(f"to={to}" + ("" if level == "100" else f"&level={level}"))
        assert (answer.status_code, answer.json()) == (200, {"lamp": "obeys"})
        assert house.lamps()[-1] == f"/lamp?to={to}&level={level}"
        row = house.observed(answer)
        assert (row["command"], row["target"], row["values"]) == ("set/lamp", "E001", {"to": to, "level": level})
        assert (row["outcome"], row["state"], row["observed"]) == ("accepted", "observed", "observed")


@pytest.mark.parametrize(
    ("query", "headers", "status", "words"),
    [
        ("", {}, 400, "to: missing"),
        ("to=red", {}, 400, "to: 'red' is not allowed; allowed: on, off"),
        ("to=on&level=51", {}, 400, "level: '51' is not allowed; a number from 0 to 50"),
        ("to=on&To=on", {}, 400, "unknown parameter 'To'; allowed: _, callback, level, to"),
        ("to=on&to=off", {}, 400, "parameter 'to' is given twice"),
        ("to=on", {"Origin": "http://elsewhere"}, 403, "X-Requested-With"),
        ("to=on", {"Host": "elsewhere.example"}, 421, "elsewhere.example"),
    ],
)
def test_a_new_entry_is_checked_like_all_others(
    house: House, query: str, headers: dict[str, str], status: int, words: str
) -> None:
    rows, sent = house.running.json("/commands"), house.lamps()
    answer = house.set(query, **headers)
    assert (answer.status_code, answer.headers["X-Not-Sent"]) == (status, "true")
    assert words in answer.json()["error"]
    assert (house.running.json("/commands"), house.lamps()) == (rows, sent)


def test_a_new_entry_is_let_in_by_what_it_needs(house: House) -> None:
    answer = house.set("to=on", unit="E009")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_node")
    assert house.command("/set/lamp/E001?to=on", method="HEAD").status_code == 405


def test_a_new_entry_is_superseded_as_it_says(house: House) -> None:
    house.stuck = True
    first, second = house.set("to=on"), house.set("to=on")
    row = house.observed(first)
    house.stuck = False
    by = int(second.headers["X-Command-Id"])
    assert (row["state"], row["state_params"], row["observed"]) == ("superseded", {"by": by}, f"superseded by {by}")


def test_a_new_entry_is_described() -> None:
    told = described({LAMP.command: LAMP}, chosen("--dig-max", "8"))
    assert json.loads(json.dumps(told)) == {
        "set/lamp": {
            "route": "/set/lamp/<node_id>",
            "parameters": {
                "node_id": {"in": "route", "required": True, "kind": "node", "may_be_empty": False},
                "to": {"in": "query", "required": True, "kind": "one_of", "values": ["on", "off"]},
                "level": {
                    "in": "query",
                    "required": False,
                    "kind": "number",
                    "lowest": 0.0,
                    "highest": 8.0,
                    "unit": "%",
                    "setting": "dig_max",
                },
            },
            "only_stops": {"to": ["off"]},
            "observable": True,
            "urgent": False,
            "sets_mode": False,
            "sets_converter": False,
            "needs": {"node": ["known"]},
        }
    }


def test_every_command_is_described_with_its_targets_and_what_each_needs() -> None:
    told = json.loads(json.dumps(described(KINDS, chosen())))
    assert told.keys() == KINDS.keys()
    assert told["shutDown"]["needs"] == {
        "node": ["only_with_apis", "only_manual"],
        "cluster": ["only_with_apis", "all_manual"],
    }
    assert told["set/dcdc"]["needs"] == {"node": ["inactive_now", "only_manual"]}
    assert told["stopAll"]["needs"] == {"cluster": []}
    value = told["setOperationMode"]["parameters"]["value"]
    assert value["values"] == ["autonomous", "heteronomous", "stop", "manual"]
    assert value["values_of_node"] == ["", "heteronomous", "stop"]
    was = told["setOperationMode"]["parameters"]["was"]
    assert was["of"] == {"cluster": "global_mode", "node": "local_mode"}
    assert told["set/dcdc"]["parameters"]["dvg"]["left_out"] == {"mode": {"0x0000": "350"}}
    assert {command: one["only_stops"] for command, one in told.items() if one["only_stops"]} == {
        "set/budo": {"mode": ["quiet", "stop"]},
        "setOperationMode": {"value": ["heteronomous", "stop"]},
        "set/dcdc": {"mode": ["0x0000"]},
        "stopAll": True,
    }


@pytest.mark.parametrize(
    ("command", "values", "stops"),
    [
        ("stopAll", {}, True),
        ("setOperationMode", {"value": "stop"}, True),
        ("setOperationMode", {"value": "heteronomous"}, True),
        ("setOperationMode", {"value": "autonomous"}, False),
        ("setOperationMode", {"value": ""}, False),
        ("setOperationMode", {}, False),
        ("set/budo", {"mode": "quiet"}, True),
        ("set/budo", {"mode": "active"}, False),
        ("set/dcdc", {"mode": nodes.WAIT}, True),
        ("set/dcdc", {"mode": nodes.CC_CHARGE}, False),
        ("shutDown", {}, False),
        ("upsMode", {"mode": 0}, False),
    ],
)
def test_what_only_stops_is_told_by_the_table(command: str, values: dict[str, Any], stops: bool) -> None:
    assert KINDS[command].is_stop(values) is stops


def test_only_stop_all_goes_ahead_whatever_its_query_says() -> None:
    assert [kind.command for kind in KINDS.values() if kind.is_urgent] == ["stopAll"]


def test_no_parameter_hinders_what_is_urgent() -> None:
    urgent = Kind("stop/lamp", "/stop/lamp", print, LAMP.parameters, is_urgent=True)
    order = urgent.order(Asked("x", {"to": "nonsense", "level": "nonsense"}), chosen())
    assert (order.target, order.values) == (nodes.CLUSTER, {})


def test_a_command_of_another_version_is_not_looked_for() -> None:
    row = Row(1, datetime.now(UTC), "x", "set/lamp", "E001", {})
    assert not Kinds(KINDS).is_observable(row)


def test_no_part_but_the_table_names_a_command() -> None:
    files = [path for path in (ROOT / "main_controller").rglob("*.py") if "demo" not in path.parts]
    assert {path.name for path in files if _texts(path) & KINDS.keys()} == {"kinds.py"}


def _texts(path: Path) -> set[object]:
    """The texts in a file, but the keys of answers: ``{"stopAll": "done."}``."""
    parts = list(ast.walk(ast.parse(path.read_text())))
    keys = {id(key) for part in parts if isinstance(part, ast.Dict) for key in part.keys}
    keys |= {id(part.slice) for part in parts if isinstance(part, ast.Subscript)}
    return {part.value for part in parts if isinstance(part, ast.Constant) and id(part) not in keys}


def test_the_readme_tells_every_command_with_its_parameters() -> None:
    rows = {row[0].strip("`").split("<")[0]: row[1] for row in table("routes") if row[1].startswith("command")}
    assert rows.keys() == {kind.route.split("<")[0] for kind in KINDS.values()}
    for kind in KINDS.values():
        words = rows[kind.route.split("<")[0]]
        missing = [name for name in kind.in_query if name not in {"was", "force"} and name not in words]
        assert not missing, kind.route
