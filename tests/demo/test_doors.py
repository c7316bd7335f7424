"""The doors over real HTTP, as the product knocks at them."""

import http.client
import json
import socket
import time
from typing import Any

import pytest

from main_controller.demo.server import Demo
from main_controller.demo.simulation import Simulation

from .knock import Knock


def test_the_log_is_gathered_and_the_deals_are_live(knock: Knock) -> None:
    first = knock.emulator()
    assert sorted(first) == [f"E00{number}" for number in range(1, 9)]
    assert first["E001"]["oesunit"]["display"] == "House 1"
    assert first["E001"]["oesunit"]["communityId"] == "demo_community"
    assert knock.emulator() == first
    knock.emulator("/demo/step?n=20")
    assert len(knock.budo("/deals")) >= 2
    second = knock.emulator()
    assert all(second[node]["time"] > first[node]["time"] for node in first)


def test_time_passes_by_itself_and_the_log_follows() -> None:
    with Demo(nodes=4, gather=0.1, speed=600) as demo:
        knock = Knock(demo)
        first = knock.emulator()
        knock.until(lambda: knock.emulator()["E001"]["time"] > first["E001"]["time"])
        knock.until(lambda: any(node["dcdc"]["meter"]["vg"] for node in knock.emulator().values()), 8)


@pytest.mark.parametrize(
    ("route", "mode", "active"),
    [
        ("/active", "autonomous", True),
        ("/quiet", "heteronomous", True),
        ("/stop", "stop", False),
        ("/manual", "manual", False),
    ],
)
@pytest.mark.parametrize("door", ["apis_budo_port", "budo_port"])
def test_mode_routes_answer_as_get_status(knock: Knock, door: str, route: str, mode: str, active: bool) -> None:
    port = knock.settings[door]
    assert knock.json(port, route) == knock.json(port, "/getStatus") == {"active": active}
    knock.emulator("/demo/step?n=1")
    assert {body["apis"]["operation_mode"]["global"] for body in knock.emulator().values()} == {mode}


def test_operation_modes_global_local_and_wrong_ones(knock: Knock) -> None:
    assert knock.budo("/setOperationMode?value=heteronomous&unitId=E002") == {"succeeded": True}
    assert knock.budo("/setOperationMode?value=stop&unitId=E999") == {"succeeded": False, "error": "no node E999"}
    assert knock.emulator()["E002"]["apis"]["operation_mode"]["local"] is None, "not gathered yet"
    knock.emulator("/demo/step?n=1")
    assert knock.emulator()["E002"]["apis"]["operation_mode"]["local"] == "heteronomous"
    assert knock.budo("/setOperationMode?value=&unitId=E002") == {"succeeded": True}
    assert knock.budo("/setOperationMode?value=nonsense") == {"succeeded": True}
    knock.emulator("/demo/step?n=1")
    assert knock.emulator()["E002"]["apis"]["operation_mode"] == {"global": "stop", "local": None, "effective": "stop"}


def test_one_node_is_shut_down(knock: Knock) -> None:
    ip = knock.ip("E003")
    assert knock.budo("/shutdown?unitId=E003") == {"succeeded": True}
    knock.emulator("/demo/step?n=1")
    assert "E003" not in knock.emulator()
    assert "E003" in knock.budo("/unitIds")
    with pytest.raises(OSError):  # a reset or a close, whichever comes first
        knock.raw(knock.driver_port, "/remote/get", host=ip)
    assert knock.budo("/shutdown?unitId=E003")["succeeded"] is False


def test_after_a_shutdown_of_all_apis_web_is_gone(knock: Knock) -> None:
    port = knock.settings["apis_emul_port"]
    kept = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    kept.request("GET", "/get/log")
    kept.getresponse().read()
    assert knock.budo("/shutdown") == {"succeeded": True}
    knock.until(lambda: not connects(port))
    knock.until(lambda: not connects(knock.settings["apis_budo_port"]))
    assert kept.sock is not None
    assert kept.sock.recv(1) == b"", "kept connections are closed as well"
    kept.close()
    assert knock.hardware("/demo/state")["gone"] is True


def connects(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except (ConnectionRefusedError, ConnectionResetError):
        return False
    return True


def test_converters_by_the_hardware_emulator(knock: Knock) -> None:
    knock.budo("/manual")
    answer = knock.hardware("/set/dcdc/E001?mode=0x0014&dvg=350&dig=5&drg=0.1")
    assert answer.keys() == {"status", "meter", "vdis", "param"}
    assert answer["status"]["status"] == "0x0014"
    assert answer["vdis"] == {"dvg": 350.0, "drg": 0.1}
    knock.emulator("/demo/step?n=20")
    assert knock.hardware("/set/dcdc/E002?mode=0x0041&dvg=350&dig=2")["meter"]["wg"] == 700
    knock.emulator("/demo/step?n=1")
    log = knock.emulator()
    assert log["E001"]["dcdc"]["meter"]["wg"] == -700
    assert knock.hardware("/get/log")["E001"]["dcdc"]["meter"] == log["E001"]["dcdc"]["meter"]


def test_drivers_are_told_apart_by_their_address(knock: Knock) -> None:
    knock.budo("/manual")
    knock.driver("E003", "/remote/set?mode=0x0014&dvg=350&dig=5")
    knock.emulator("/demo/step?n=20")
    assert knock.driver("E003", "/remote/get")["status"]["status"] == "0x0014"
    assert knock.driver("E004", "/remote/get")["status"]["status"] == "0x0000"
    assert knock.driver("E003", "/inquiry/09") == knock.hardware("/get/log")["E003"]["dcdc"]["meter"]
    assert knock.driver("E003", "/1/log/data") == knock.hardware("/get/log")["E003"]["emu"]
    assert knock.driver("E005", "/1/ups1/operation/mode", "PUT", b'{"operation_mode": 5}') == {"operation_mode": 5}
    modes = {node: body["emu"]["ups_operation_mode"]["mode"] for node, body in knock.hardware("/get/log").items()}
    assert [node for node, mode in modes.items() if mode == 5] == ["E005"]
    with pytest.raises(OSError):  # nobody lives here
        knock.raw(knock.driver_port, "/remote/get", host="127.0.0.1")


def test_every_setting_points_at_this_machine_alone(knock: Knock) -> None:
    assert knock.settings["apis_host"] == "127.0.0.1"
    ips = {body["oesunit"]["ip"] for body in knock.emulator().values()}
    assert len(ips) == 8
    assert all(ip.startswith("127.1.") for ip in ips)
    assert knock.settings["set_url"].endswith("/remote/set?")
    assert knock.settings["url"].keys() == {"dcdc", "meter", "emu"}


@pytest.mark.parametrize("to_device", [True, False])
def test_nobody_outside_loopback_is_answered_at_the_drivers(monkeypatch: pytest.MonkeyPatch, to_device: bool) -> None:
    monkeypatch.setattr(Simulation, "node_at", lambda *_: "E001")
    if not to_device:  # as where the system does not have it or does not permit it
        monkeypatch.delattr(socket, "SO_BINDTODEVICE")
    own = own_address()
    with Demo() as demo:
        knock = Knock(demo)
        assert knock.raw(knock.driver_port, "/remote/get", host="127.9.9.9")[0] == 200
        with pytest.raises((OSError, http.client.HTTPException)):  # refused or closed
            knock.raw(knock.driver_port, "/remote/get", host=own)


def own_address() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: it asks which address would be used
        except OSError:
            pytest.skip("no other interface here")
        own: str = probe.getsockname()[0]
    return own


@pytest.mark.parametrize(
    ("door", "path", "status"),
    [
        ("apis_emul_port", "/nothing", 404),
        ("apis_budo_port", "/get/log", 404),
        ("emul_port", "/set/dcdc/E999?mode=0x0000&dvg=350&dig=2", 404),
        ("emul_port", "/set/dcdc/E001?mode=0x9999&dvg=350&dig=2", 400),
        ("emul_port", "/set/dcdc/E001?mode=0x0014&dvg=nan&dig=2", 400),
        ("emul_port", "/set/dcdc/E001?mode=0x0014&dvg=350&dig=-2", 400),
        ("budo_port", "/unitIds", 404),
        ("apis_emul_port", "/demo/fault?door=nothing&kind=hang", 400),
        ("apis_emul_port", "/demo/fault?door=budo&kind=nothing", 400),
        ("apis_emul_port", "/demo/step?n=0", 400),
    ],
)
def test_wrong_requests_are_answered_in_json(knock: Knock, door: str, path: str, status: int) -> None:
    got, kind, content = knock.raw(knock.settings[door], path)
    assert (got, kind) == (status, "application/json")
    assert json.loads(content)["error"]


def test_a_wrong_method_or_body_is_refused(knock: Knock) -> None:
    assert knock.raw(knock.settings["apis_budo_port"], "/deals", "POST")[0] == 405
    ip = knock.ip("E001")
    for body in (b"", b"[]", b'{"operation_mode": 8}', b'{"operation_mode": "1"}'):
        assert knock.raw(knock.driver_port, "/1/ups1/operation/mode", "PUT", body, ip)[0] == 400


def test_every_command_is_noted_in_its_order(knock: Knock) -> None:
    knock.budo("/deals")
    knock.budo("/setOperationMode?value=&unitId=E002")
    knock.hardware("/set/dcdc/E00%31?mode=0x0000&dvg=350&dig=2")
    knock.driver("E004", "/remote/set?mode=0x0000&dvg=350&dig=2")
    knock.driver("E005", "/1/ups1/operation/mode", "PUT", b'{"operation_mode": 3}')
    knock.json(knock.settings["budo_port"], "/stop")
    noted = knock.emulator("/demo/requests?clear=1")
    assert [(one["door"], one["method"], one["path"], one["node"]) for one in noted] == [
        ("budo", "GET", "/setOperationMode", "E002"),
        ("hardware", "GET", "/set/dcdc/E001", "E001"),
        ("driver", "GET", "/remote/set", "E004"),
        ("ups", "PUT", "/1/ups1/operation/mode", "E005"),
        ("former", "GET", "/stop", None),
    ]
    assert noted[0]["query"] == {"value": "", "unitId": "E002"}
    assert json.loads(noted[3]["body"]) == {"operation_mode": 3}
    assert knock.emulator("/demo/requests") == []


def test_connections_are_kept_and_answers_come_without_delay(knock: Knock) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", knock.settings["apis_budo_port"], timeout=5)
    took = []
    for _ in range(20):
        started = time.perf_counter()
        connection.request("GET", "/deals")
        connection.getresponse().read()
        took.append(time.perf_counter() - started)
    assert connection.sock is not None
    connection.close()
    assert sorted(took)[10] < 0.02


def test_a_recording_is_played_at_the_doors(player: Knock, recorded: list[dict[str, Any]]) -> None:
    for number, record in enumerate(recorded):
        assert player.emulator() == record["log"]
        assert player.budo("/deals") == record["deals"]
        assert player.budo("/getStatus") == record["status"]
        assert player.emulator("/demo/state")["step"] == number
        player.emulator("/demo/step?n=1")
    assert len(player.budo("/unitIds")) == 4
    assert player.budo("/setOperationMode?value=stop") == {"succeeded": True}
    assert player.hardware("/set/dcdc/E001?mode=0x0000&dvg=350&dig=2")["status"]["status"] == "0x0000"
    assert len(player.emulator("/demo/requests")) == 2
    assert player.emulator() == recorded[-1]["log"]
