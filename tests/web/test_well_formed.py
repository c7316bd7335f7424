"""What is no well-formed HTTP is refused before anything runs."""

import json
import socket
from collections.abc import Iterator

import pytest

from tests.neighbour import Neighbour
from tests.running import Running, eventually, pointed, started
from tests.web.cluster import NODES


def raw_answer(running: Running, request: bytes) -> tuple[int, dict[str, object]]:
    """Status and JSON of the answer to these very bytes."""
    host, port = running.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(request)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), json.loads(body) if body else {}


def request(method: str = "GET", path: str = "/stopAll", version: str = "1.1", *headers: str) -> bytes:
    lines = [f"{method} {path} HTTP/{version}", *headers, "Connection: close"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


OURS = "Host: localhost"
BAD = [
    request("get", "/stopAll", "1.1", OURS),
    request("Post", "/stopAll", "1.1", OURS),
    request("GET", "/stopAll", "1.1"),
    request("GET", "/stopAll", "1.1", "Host:"),
    request("GET", "/stopAll", "1.1", OURS, OURS),
    request("GET", "/stopAll", "1.1", OURS, "Host: evil.example"),
    request("GET", "/stopAll", "1.1", "Host: evil.example", OURS),
    request("GET", "/stopAll", "1.1", "Host: " + "a" * 301),
    request("GET", "/stopAll", "1.1", "Host: localhost, localhost"),
    request("GET", "/stopAll", "1.1", "Host: " + "a" * 301),
    request("GET", "/stopAll", "1.1", "Host: local host"),
    request("GET", "/stopAll", "1.1", "Host: " + "a" * 301),
    request("GET", "/stopAll", "1.1", "Host: localhost/"),
    request("GET", "/stopAll", "1.1", "Host: user@localhost"),
    request("GET", "/stopAll", "1.1", "Host: http://localhost"),
    request("GET", "/stopAll", "1.1", "Host: " + "a" * 301),
    request("GET", "/stopAll", "1.1", "Host: localhost:port"),
    request("GET", "/stopAll", "1.1", "Host: [::1"),
    request("GET", "/stopAll", "1.1", "Host: " + "a" * 301),
    request("GET", "/stopAll", "1.1", "Host: l\xf6calhost"),
    request("GET", "/stopAll", "1.0", "Host: a b"),
    request("get", "/get/logInfo", "1.1", OURS),
    request("GET", "/get/logInfo", "1.1", OURS, OURS),
    request("GET", "/", "1.1"),
]


@pytest.mark.parametrize("wrong", BAD, ids=[line.split(b"\r\nConn")[0][:60].decode("latin-1") for line in BAD])
def test_it_is_400_and_nothing_runs(product: Running, neighbour: Neighbour, wrong: bytes) -> None:
    before, commands = waits(neighbour), product.json("/commands")
    status, answer = raw_answer(product, wrong)
    assert status == 400
    assert answer["code"] in {"method_malformed", "host_malformed"}
    assert (waits(neighbour), product.json("/commands")) == (before, commands)


def waits(neighbour: Neighbour) -> int:
    return sum(path.startswith(("/set/dcdc", "/stop")) for path in neighbour.requests)


@pytest.mark.parametrize(
    "good",
    [
        request("GET", "/get/logInfo", "1.1", OURS),
        request("GET", "/get/logInfo", "1.1", "Host: localhost:4382"),
        request("GET", "/get/logInfo", "1.1", "Host: main_controller.local:"),
        request("GET", "/get/logInfo", "1.1", "Host: [fe80::1%eth0]:4382"),
        request("GET", "/get/logInfo", "1.1", "host: 192.0.2.1"),
        request("GET", "/get/logInfo", "1.0"),
    ],
)
def test_what_browsers_and_scripts_send_is_answered(product: Running, good: bytes) -> None:
    eventually(lambda: raw_answer(product, good) == (200, NODES), 3)


@pytest.fixture(scope="module")
def odd_environment(neighbour: Neighbour) -> Iterator[Running]:
    odd = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest", "HTTP_ORIGIN": "http://evil.example", "CONTENT_LENGTH": "7"}
    with started(*pointed(neighbour.doors), env=odd) as running:
        eventually(lambda: running.get("/get/logInfo").status_code == 200)
        yield running


def test_the_environment_of_the_program_adds_no_header(odd_environment: Running) -> None:
    answer = odd_environment.get("/setSchedule?operation=softStop", headers={"User-Agent": "script"})
    assert answer.status_code == 200
    browser = odd_environment.get("/setSchedule?operation=softStop", headers={"User-Agent": "Mozilla/5.0"})
    assert browser.json()["code"] == "not_our_page"
