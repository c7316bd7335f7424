"""A demo that misbehaves does so in the way asked for, where asked for, and for no longer."""

import contextlib
import socket
import time

import pytest

from main_controller.demo.server import Demo

from .knock import Knock


@pytest.mark.parametrize(
    ("kind", "status", "content"),
    [
        ("error", 500, b"internal server error"),
        ("empty", 200, b"{}"),
        ("html", 200, b"<html>"),
        ("half", 200, b'{"met'),
        ("null", 200, b"null"),
        ("slow", 200, b"House 1"),
    ],
)
def test_a_door_misbehaves_until_told_otherwise(knock: Knock, kind: str, status: int, content: bytes) -> None:
    port = knock.settings["apis_emul_port"]
    knock.emulator(f"/demo/fault?door=emulator&kind={kind}&seconds=0.2")
    got = knock.raw(port, "/get/log")
    assert got[0] == status
    assert content in got[2]
    assert knock.budo("/getStatus") == {"active": True}, "the other doors are well"
    knock.emulator("/demo/fault?door=emulator&kind=none")
    assert len(knock.emulator()) == 8


def test_empty_deals_are_an_empty_array(knock: Knock) -> None:
    knock.emulator("/demo/step?n=20")
    knock.emulator("/demo/fault?door=budo&kind=empty")
    assert knock.budo("/deals") == []


def test_a_frozen_door_repeats_itself(knock: Knock) -> None:
    knock.emulator("/demo/fault?door=emulator&kind=frozen")
    first = knock.emulator()
    knock.emulator("/demo/step?n=60")
    assert knock.emulator() == first
    knock.emulator("/demo/fault?kind=none")
    assert knock.emulator() != first


def test_a_node_is_frozen_or_lost_alone(knock: Knock) -> None:
    first = knock.emulator()
    knock.emulator("/demo/fault?door=emulator&kind=frozen&node=E002")
    knock.emulator("/demo/fault?door=emulator&kind=lost&node=E003")
    knock.emulator("/demo/step?n=60")
    second = knock.emulator()
    assert [node for node in second if second[node]["time"] == first[node]["time"]] == ["E002"]
    assert first.keys() - second.keys() == {"E003"}


def test_a_hung_door_never_answers_until_it_is_well(knock: Knock) -> None:
    knock.emulator("/demo/fault?door=emulator&kind=hang")
    with socket.create_connection(("127.0.0.1", knock.settings["apis_emul_port"])) as client:
        client.settimeout(0.3)
        client.sendall(b"GET /get/log HTTP/1.1\r\nHost: x\r\n\r\n")
        with pytest.raises(TimeoutError):
            client.recv(1)
        knock.emulator("/demo/fault?door=emulator&kind=none")
        client.settimeout(2)
        with contextlib.suppress(ConnectionResetError):
            assert client.recv(1) == b""
    assert len(knock.emulator()) == 8


def test_one_nodes_converter_hangs_and_the_others_answer(knock: Knock) -> None:
    knock.emulator("/demo/fault?door=hardware&kind=error&node=E002")
    knock.emulator("/demo/fault?door=ups&kind=error&node=E003")
    port, query = knock.settings["emul_port"], "mode=0x0000&dvg=350&dig=2"
    assert knock.raw(port, f"/set/dcdc/E002?{query}")[0] == 500
    assert knock.raw(port, f"/set/dcdc/E001?{query}")[0] == 200
    ip = knock.ip("E003")
    assert knock.raw(knock.driver_port, "/1/ups1/operation/mode", "PUT", b'{"operation_mode": 1}', ip)[0] == 500
    assert knock.raw(knock.driver_port, "/remote/get", host=ip)[0] == 200
    noted = knock.emulator("/demo/requests")
    assert [(one["node"], one["fault"]) for one in noted] == [("E002", "error"), ("E001", None), ("E003", "error")]


def test_a_demo_ends_at_once_even_while_clients_hang() -> None:
    with Demo(nodes=2) as demo:
        demo.shared.faults.put("emulator", "hang")
        client = socket.create_connection(("127.0.0.1", demo.settings["apis_emul_port"]))
        client.sendall(b"GET /get/log HTTP/1.1\r\nHost: x\r\n\r\n")
        idle = socket.create_connection(("127.0.0.1", demo.settings["apis_budo_port"]))
        time.sleep(0.05)
        started = time.monotonic()
    assert time.monotonic() - started < 0.5
    client.close()
    idle.close()
