"""Whoever makes requests hang keeps nobody out of Stop all, commands or reads (measured in benchmarks/attacks.py)."""

import contextlib
import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
import requests

from main_controller.runtime.server import THREADS
from main_controller.web.waiting_room import COMMANDS_OF_ONE_ADDRESS, READ_SEATS, STOP_ALL_SEATS
from tests.neighbour import Neighbour, node
from tests.running import Running, eventually, pointed, started

UNITS = ("E000", "E001")  # whose converters answer, and hang
WAIT = "?mode=0x0000&dvg=350&dig=2&force=true"


@pytest.fixture
def neighbour() -> Iterator[Neighbour]:
    with Neighbour() as running:
        running.says("/set/dcdc/E000", {"status": {"status": "0x0000"}})
        running.cluster({unit: node(unit, mode="manual", time="t0") for unit in UNITS})
        running.hangs("/set/dcdc/E001")
        yield running


@pytest.fixture
def product(neighbour: Neighbour) -> Iterator[Running]:
    # What hangs hangs for longer than a test takes, and the nodes stay fresh meanwhile.
    arguments = [*pointed(neighbour.doors), "--emul-url", neighbour.url, "--stale-after", "600"]
    with started(*arguments, "--neighbour-timeout", "20", "--poll-timeout", "20") as running:
        eventually(lambda: running.get("/get/logInfo").status_code == 200)
        neighbour.says("/get/log", {unit: node(unit, mode="manual", time="t1") for unit in UNITS})
        assert running.get("/flushCache").status_code == 200
        assert {known["state"] for known in running.json("/get/freshness")["nodes"].values()} == {"fresh"}
        yield running


@contextmanager
def asked(running: Running, neighbour: Neighbour, path: str, times: int) -> Iterator[list[requests.Response]]:
    """``path`` asked for by so many at the same time; gives the answers that have come. At the end nothing hangs."""
    answers: list[requests.Response] = []
    asking = [
        threading.Thread(target=lambda: answers.append(requests.get(running.url + path, timeout=30)))
        for _ in range(times)
    ]
    for thread in asking:
        thread.start()
    try:
        yield answers
    finally:
        neighbour.released.set()
        for thread in asking:
            thread.join(30)


def nobody_is_locked_out(running: Running, neighbour: Neighbour) -> None:
    for read in ("/get/logInfo", "/get/dealsInfo", "/get/freshness", "/schedules", "/commands?key=some-key", "/"):
        assert running.get(read).status_code == 200
    for command in ("/setSchedule?operation=softStop", f"/set/dcdc/E000{WAIT}"):
        assert status_from("127.0.0.2", running, command) == 200
    stop_all_is_sent_at_once(running, neighbour)


def stop_all_is_sent_at_once(running: Running, neighbour: Neighbour) -> None:
    before = waits(neighbour)
    pressing = threading.Thread(target=requests.get, args=(running.url + "/stopAll",), kwargs={"timeout": 30})
    pressing.start()
    eventually(lambda: waits(neighbour) > before, 3)
    neighbour.released.set()
    pressing.join(30)


def stop_alls(running: Running) -> int:
    return sum(row["command"] == "stopAll" for row in running.json("/commands"))


def waits(neighbour: Neighbour) -> int:
    return sum(path.startswith("/set/dcdc/E000") for path in neighbour.requests)


def status_from(source: str, running: Running, path: str) -> int:
    connection = http.client.HTTPConnection(urlsplit(running.url).netloc, timeout=10, source_address=(source, 0))
    with contextlib.closing(connection):
        connection.request("GET", path)
        return connection.getresponse().status


def test_many_hung_stop_alls(product: Running, neighbour: Neighbour) -> None:
    many = THREADS + 20
    with asked(product, neighbour, "/stopAll", many) as answers:
        eventually(lambda: len(answers) == many - STOP_ALL_SEATS)  # only so many wait
        assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(504, "not_awaited")}
        assert not [answer for answer in answers if "X-Not-Sent" in answer.headers]
        nobody_is_locked_out(product, neighbour)


def test_a_stop_all_that_nobody_waits_for_is_carried_out_and_found_by_its_key(
    product: Running, neighbour: Neighbour
) -> None:
    with asked(product, neighbour, "/stopAll", STOP_ALL_SEATS):
        eventually(lambda: stop_alls(product) == STOP_ALL_SEATS)
        before = waits(neighbour)
        answer = product.get("/stopAll?callback=f", headers={"X-Command-Key": "the-key-of-it"})
        assert answer.json()["code"] == "not_awaited"
        eventually(lambda: waits(neighbour) > before)
        (row,) = eventually(lambda: product.json("/commands?key=the-key-of-it"))
        assert (row["command"], row["outcome"]) == ("stopAll", "sending")
    eventually(lambda: product.json("/commands?key=the-key-of-it")[0]["outcome"] != "sending")


def test_many_hung_urgent_reads(product: Running, neighbour: Neighbour) -> None:
    neighbour.hangs("/get/log")
    with asked(product, neighbour, "/get/unit/E000?urgent=true", READ_SEATS + 5) as answers:
        eventually(lambda: [answer.status_code for answer in answers] == [503] * 5)
        nobody_is_locked_out(product, neighbour)


def test_many_hung_commands_of_one_address(product: Running, neighbour: Neighbour) -> None:
    with asked(product, neighbour, f"/set/dcdc/E001{WAIT}", COMMANDS_OF_ONE_ADDRESS + 5) as answers:
        eventually(lambda: [answer.status_code for answer in answers] == [503] * 5)
        assert {answer.headers["X-Not-Sent"] for answer in answers} == {"true"}
        nobody_is_locked_out(product, neighbour)


def test_many_connections_that_ask_again_and_again_and_never_read(product: Running, neighbour: Neighbour) -> None:
    address = urlsplit(product.url)
    with contextlib.ExitStack() as stack:
        for _ in range(500):
            sock = stack.enter_context(socket.socket())
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.bind(("127.0.0.66", 0))
            sock.connect((address.hostname, address.port))
            sock.setblocking(False)
            with contextlib.suppress(OSError):
                sock.send(100 * b"GET /get/freshness HTTP/1.1\r\nHost: localhost\r\n\r\n")
        nobody_is_locked_out(product, neighbour)
