"""A node's address may only be an address, and who asks the same device at the same time shares the answer."""

from concurrent.futures import ThreadPoolExecutor

import pytest

import startMain
from main_controller import settings
from main_controller.errors import AddressNotAllowedError, NeighbourLateError
from main_controller.neighbours.devices import Devices, device_url
from tests.neighbour import Neighbour
from tests.running import eventually

SETTINGS = settings.load(vars(startMain), {}, [])[0]
NETWORKS = SETTINGS.device_networks


@pytest.mark.parametrize(
    ("ip", "host"),
    [
        ("192.168.2.11", "192.168.2.11"),
        ("10.1.2.3", "10.1.2.3"),
        ("172.31.255.255", "172.31.255.255"),
        ("169.254.7.7", "169.254.7.7"),
        ("100.64.0.1", "100.64.0.1"),
        ("127.0.0.1", "127.0.0.1"),
        ("::1", "[::1]"),
        ("fd00::1", "[fd00::1]"),
        ("[fd00::1]", "[fd00::1]"),
        ("FE80:0::1%eth0", "[fe80::1%eth0]"),
        ("::ffff:192.168.2.11", "192.168.2.11"),
    ],
)
def test_addresses(ip: str, host: str) -> None:
    assert device_url(ip, ":4380/remote/get", NETWORKS) == f"http://{host}:4380/remote/get"


@pytest.mark.parametrize(
    "ip",
    [
        "192.0.2.11",
        "8.8.8.8",
        "172.32.0.1",
        "100.128.0.1",
        "2001:db8::1",
        "0.0.0.0",
        "::",
        "::ffff:8.8.8.8",
        "224.0.0.1",
    ],
)
def test_an_address_outside_the_networks_of_devices_gets_nothing(ip: str) -> None:
    with pytest.raises(AddressNotAllowedError, match="not in device_networks") as error:
        device_url(ip, ":4380/remote/get", NETWORKS)
    assert (error.value.sent, error.value.code) == (False, "address_not_allowed")


def test_other_networks_can_be_set() -> None:
    arguments = ["--device-networks", " 192.0.2.0/24 ,2001:db8::7"]
    networks = settings.load(vars(startMain), {}, arguments)[0].device_networks
    assert device_url("192.0.2.11", "/x", networks) == "http://192.0.2.11/x"
    assert device_url("2001:db8::7", "/x", networks) == "http://[2001:db8::7]/x"
    for ip in ("127.0.0.1", "2001:db8::8"):
        with pytest.raises(AddressNotAllowedError):
            device_url(ip, "/x", networks)


@pytest.mark.parametrize(
    "ip",
    [
        "",
        "a b",
        "10.0.0.11/evil",
        "10.0.0.11:80",
        "user@10.0.0.11",
        "10.0.0.11#",
        "10.0.0.11?x=",
        "10.0.0.1:80\\",
        "127.0.0.1%@127.0.0.1:1/evil?x=",
        "::1%]@127.0.0.1:1/evil?x=",
        "[fe80",
        "00:11:22:33:44:55",
        "１２７.0.0.1",
        "localhost\r\nX: y",
        "x\0",
        "localhost",
        "house-1.local",
        "127.1",
        "0177.0.0.1",
        "2130706433",
        "127.0.0.1%eth0",
        "[127.0.0.1",
        "[[::1]]",
    ],
)
def test_what_is_none_sends_nothing(ip: str) -> None:
    with pytest.raises(AddressNotAllowedError, match="no IP address") as error:
        device_url(ip, ":4380/remote/get", NETWORKS)
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
