"""A node's address may only be an address, and who asks the same device at the same time shares the answer."""

from concurrent.futures import ThreadPoolExecutor

import pytest

import startMain
from main_controller import settings
from main_controller.errors import NeighbourFailedError, NeighbourLateError
from main_controller.neighbours.devices import Devices, device_url
from tests.neighbour import Neighbour
from tests.running import eventually


@pytest.mark.parametrize(
    ("ip", "host"),
    [
        ("192.0.2.11", "192.0.2.11"),
        ("house-1.local", "house-1.local"),
        ("fd00::1", "[fd00::1]"),
        ("[fd00::1]", "[fd00::1]"),
        ("fe80::1%eth0", "[fe80::1%eth0]"),
    ],
)
def test_addresses(ip: str, host: str) -> None:
    assert device_url(ip, ":4380/remote/get") == f"http://{host}:4380/remote/get"


@pytest.mark.parametrize(
    "ip",
    [
        "",
        "a b",
        "192.0.2.11/evil",
        "192.0.2.11:80",
        "user@192.0.2.11",
        "192.0.2.11#",
        "192.0.2.11?x=",
        "10.0.0.1:80\\",
        "127.0.0.1%@127.0.0.1:1/evil?x=",
        "::1%]@127.0.0.1:1/evil?x=",
        "[fe80",
        "00:11:22:33:44:55",
        "１２７.0.0.1",
        "localhost\r\nX: y",
        "x\0",
    ],
)
def test_what_is_none_sends_nothing(ip: str) -> None:
    with pytest.raises(NeighbourFailedError) as error:
        device_url(ip, ":4380/remote/get")
    assert not error.value.sent


def test_all_who_ask_a_device_that_hangs_share_its_failure() -> None:
    with Neighbour() as driver, ThreadPoolExecutor(20) as pool:
        table = f'{{"dcdc": ":{driver.port}/dcdc", "meter": ":1/", "emu": ":1/"}}'
        devices = Devices(settings.load(vars(startMain), {}, ["--url", table, "--neighbour-timeout", "0.5"])[0])
        driver.hangs("/dcdc")
        first = pool.submit(devices.read, "dcdc", "127.0.0.1")
        eventually(lambda: driver.requests == ["/dcdc"])
        others = [pool.submit(devices.read, "dcdc", "127.0.0.1") for _ in range(19)]
        for asked in [first, *others]:
            with pytest.raises(NeighbourLateError, match=r"did not answer within 0\.5 s"):
                asked.result(5)
        assert driver.requests == ["/dcdc"] * 2
