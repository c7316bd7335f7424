"""A node's address may only be an address."""

import pytest

from main_controller.errors import NeighbourFailedError
from main_controller.neighbours.devices import device_url


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
