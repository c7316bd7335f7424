"""Each answer may have as many bytes as what it is for can need."""

import json
from collections.abc import Callable, Iterator

import pytest

import startMain
from main_controller import settings
from main_controller.errors import NeighbourFailedError
from main_controller.neighbours.apis_web import ApisWeb
from main_controller.neighbours.control import Budo, Converters
from main_controller.neighbours.devices import Devices
from main_controller.setting_table import Settings
from tests.neighbour import Neighbour, body, node
from tests.running import pointed

COMMAND, READ = 65536, 4194304


@pytest.fixture
def neighbour() -> Iterator[Neighbour]:
    with Neighbour() as running:
        yield running


def chosen(neighbour: Neighbour, *more: str) -> Settings:
    table = json.dumps({kind: f":{neighbour.port}/{kind}" for kind in ("dcdc", "meter", "emu")})
    arguments = [*pointed(neighbour.doors), "--emul-url", neighbour.url, "--url", table]
    return settings.load(vars(startMain), {}, [*arguments, "--ups-set-url", f":{neighbour.port}/ups", *more])[0]


def padded(value: object, size: int) -> bytes:
    return json.dumps(value).encode().ljust(size)


WAIT = {"mode": "0x0000", "dvg": "350", "dig": "2"}


@pytest.mark.parametrize(
    ("path", "value", "most", "ask"),
    [
        ("/deals", [], READ, lambda chosen: ApisWeb(chosen).deals()),
        ("/unitIds", [], READ, lambda chosen: ApisWeb(chosen).unit_ids(3)),
        ("/getStatus", {"active": True}, READ, lambda chosen: ApisWeb(chosen).active()),
        ("/meter", {"wg": 1}, READ, lambda chosen: Devices(chosen).read("meter", "127.0.0.1")),
        ("/stop", {"active": False}, COMMAND, lambda chosen: Budo(chosen).set_mode("stop")),
        ("/shutdown", {"succeeded": True}, COMMAND, lambda chosen: Budo(chosen).shut_down("E1")),
        ("/set/dcdc/E1", {"status": {}}, COMMAND, lambda chosen: Converters(chosen).set("E1", None, WAIT)),
    ],
)
def test_what_is_longer_is_no_answer(
    neighbour: Neighbour, path: str, value: object, most: int, ask: Callable[[Settings], object]
) -> None:
    neighbour.answers[path] = body(padded(value, most))
    ask(chosen(neighbour))
    neighbour.answers[path] = body(padded(value, most + 1))
    with pytest.raises(NeighbourFailedError, match=f"more than {most} bytes"):
        ask(chosen(neighbour))


def test_the_data_of_all_nodes_may_be_much_longer(neighbour: Neighbour) -> None:
    neighbour.answers["/get/log"] = body(padded({"E1": node("E1")}, 3 * READ))
    assert ApisWeb(chosen(neighbour)).log() == {"E1": node("E1")}
