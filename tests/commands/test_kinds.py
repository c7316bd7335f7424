"""The table of commands: a new entry is routed, checked, recorded and looked for; nothing else has to know of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import orjson
import pytest

import startMain
from main_controller import nodes, settings, wiring
from main_controller.commands.asked import Asked
from main_controller.commands.kind import Kind, Kinds
from main_controller.commands.kinds import KINDS, Doors
from main_controller.commands.operations import Result
from main_controller.commands.seen import Seen, View
from main_controller.runtime.folders import PROGRAM, Folders
from main_controller.storage.ledger_row import Row
from main_controller.wiring import Product
from tests.neighbour import Neighbour, node
from tests.running import pointed
from tests.test_readme import table


def _lamp_is(row: Row, view: View) -> Seen:
    there = view.fresh.get(row.target)
    lamp = None if there is None else there.get("lamp")
    return Seen(done=lamp == row.values["to"], fresh=there is not None, instead=f"lamp {lamp}")


def _set_lamp(doors: Doors, asked: Asked) -> Result:
    to, unit = asked.values["to"], asked.values["node_id"]
    return doors.operations._run(asked.origin, "set/lamp", unit, {"to": to}, lambda: {"lamp": to})


LAMP = Kind(
    "set/lamp",
    "/set/lamp/<node_id>",
    _set_lamp,
    ("to",),
    ("to",),
    look=_lamp_is,
    overtaken=lambda later, earlier: later.command == "set/lamp" and later.target == earlier.target,
)


class Lamps:
    """A product whose table has one command more."""

    def __init__(self, neighbour: Neighbour, folder: Path) -> None:
        self._neighbour = neighbour
        self._polls = 0
        chosen = settings.load(vars(startMain), {}, pointed(neighbour.doors))[0]
        self.product: Product = wiring.build(chosen, Folders(PROGRAM, folder), 32)
        self.lamp = "off"
        self.poll()
        self.poll()

    def poll(self) -> None:
        self._polls += 1
        self._neighbour.cluster({"E001": node("E001", time=f"t{self._polls}") | {"lamp": self.lamp}})
        self.product.collector.step()

    def ask(self, path: str, query: str = "", **environ: str) -> tuple[int, Any]:
        given: dict[str, Any] = {"PATH_INFO": path, "QUERY_STRING": query, "REMOTE_ADDR": "127.0.0.1", **environ}
        setup_testing_defaults(given)
        told: list[str] = []
        body = b"".join(self.product.app(given, lambda status, *_: told.append(status)))
        return int(told[0].split()[0]), orjson.loads(body)

    def newest(self) -> Row:
        return self.product.ledger.newest(1)[0]


@pytest.fixture
def lamps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lamps]:
    monkeypatch.setitem(KINDS, "set/lamp", LAMP)
    with Neighbour() as neighbour:
        there = Lamps(neighbour, tmp_path)
        yield there
        there.product.ledger.close()


def test_a_new_entry_is_routed_recorded_and_observed(lamps: Lamps) -> None:
    assert lamps.ask("/set/lamp/E001", "to=on") == (200, {"lamp": "on"})
    row = lamps.newest()
    assert (row.command, row.target, row.values, row.outcome) == ("set/lamp", "E001", {"to": "on"}, "accepted")
    lamps.poll()
    assert lamps.newest().observed == "watching"
    lamps.lamp = "on"
    lamps.poll()
    assert lamps.newest().observed == "observed"


def test_a_new_entry_is_checked_like_all_others(lamps: Lamps) -> None:
    before = lamps.product.ledger.newest(9)
    for query, environ, status, word in (
        ("", {}, 400, "to: missing"),
        ("to=on&To=on", {}, 400, "'To'"),
        ("to=on&to=off", {}, 400, "twice"),
        ("to=on", {"HTTP_ORIGIN": "http://elsewhere"}, 403, "X-Requested-With"),
        ("to=on", {"HTTP_HOST": "elsewhere.example"}, 421, "elsewhere.example"),
    ):
        answered, body = lamps.ask("/set/lamp/E001", query, **environ)
        assert (answered, word in body["error"]) == (status, True), body
    assert lamps.product.ledger.newest(9) == before


def test_a_new_entry_is_overtaken_as_it_says(lamps: Lamps) -> None:
    lamps.ask("/set/lamp/E001", "to=on")
    first = lamps.newest()
    lamps.ask("/set/lamp/E001", "to=red")
    lamps.poll()
    overtaken = lamps.product.ledger.get(first.id)
    assert overtaken is not None
    assert overtaken.observed == f"superseded by {lamps.newest().id}"


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
    assert KINDS[command].only_stops(values) is stops


def test_only_stop_all_goes_ahead_whatever_its_query_says() -> None:
    assert [kind.command for kind in KINDS.values() if kind.is_urgent] == ["stopAll"]


def test_a_command_of_another_version_is_not_looked_for() -> None:
    assert not Kinds(KINDS).observable("set/lamp")


def test_the_readme_tells_every_command_with_its_parameters() -> None:
    rows = {row[0].strip("`").split("<")[0]: row[1] for row in table("routes") if row[1].startswith("command")}
    assert rows.keys() == {kind.route.split("<")[0] for kind in KINDS.values()}
    for kind in KINDS.values():
        told = rows[kind.route.split("<")[0]]
        missing = [name for name in kind.parameters if name not in {"was", "force"} and name not in told]
        assert not missing, kind.route
