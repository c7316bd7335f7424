"""Connections of which there are too many are closed, of one address or in all; nobody is kept out by them."""

import contextlib
import dataclasses
import errno
import ipaddress
import os
import signal
import socket
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from main_controller.runtime import listener
from main_controller.runtime.client_sockets import ClientSocket, ClientSockets, Doing, group_of, looked_at
from main_controller.runtime.client_sockets import close as close_it
from main_controller.runtime.connections import chosen, too_many
from tests.neighbour import Neighbour, node
from tests.running import Running, eventually, pointed, started

OF_ONE = 12
REQUEST = b"GET /get/logInfo HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    ("counts", "gone"),
    [
        ({"a": 3, "b": 5}, {}),
        ({"a": 3, "b": 12}, {"b": 2}),
        ({"a": 10, "b": 10, "c": 1}, {"a": 1}),
        ({"a": 10, "b": 10, "c": 10}, {"a": 4, "b": 3, "c": 3}),
        ({"a": 99, "b": 9, "c": 4}, {"a": 91, "b": 1}),
    ],
)
def test_the_largest_give_way_first(counts: dict[str, int], gone: dict[str, int]) -> None:
    found = too_many(counts, of_one=10, in_all=20)
    assert sorted(found.values()) == sorted(gone.values())
    assert found.keys() <= counts.keys()


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 500), max_size=30), st.integers(1, 100))
def test_what_is_left_keeps_both_limits_and_no_more_goes_than_must(counts: dict[str, int], in_all: int) -> None:
    gone = too_many(counts, of_one=40, in_all=in_all)
    left = {group: count - gone.get(group, 0) for group, count in counts.items()}
    assert all(0 <= count <= 40 for count in left.values())
    assert sum(left.values()) == min(in_all, sum(min(count, 40) for count in counts.values()))


def one(file: int, doing: Doing, for_ms: int, group: str = "a") -> ClientSocket:
    return ClientSocket(file, file, group, doing, for_ms)


def test_what_nobody_reads_goes_first_then_the_idle_and_never_who_has_just_come() -> None:
    clients = [
        one(1, "busy", 3000),
        one(2, "idle", 900),
        one(3, "unread", 50),
        one(4, "idle", 4000),
        one(5, "idle", 10),
        one(6, "busy", 10),
        one(7, "unread", 900, group="b"),
    ]
    assert [client.file for client in chosen(clients, {"a": 9})] == [3, 4, 2, 1]
    assert [client.file for client in chosen(clients, {"a": 2, "b": 1})] == [7, 3, 4]


def test_what_a_connection_does_is_seen_from_the_system() -> None:
    with listener.listening("127.0.0.1", 0) as port, contextlib.ExitStack() as stack:
        clients = ClientSockets(port.getsockname()[1])

        def connected_both() -> tuple[socket.socket, socket.socket]:
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(port.getsockname())
            return client, stack.enter_context(port.accept()[0])

        def doing() -> list[str]:
            return [found.doing for one in clients.all() if (found := looked_at(one)) is not None]

        assert clients.all() == []
        client, server = connected_both()
        assert doing() == ["idle"]
        client.sendall(b"at once")
        eventually(lambda: doing() == ["busy"])
        time.sleep(0.02)
        server.sendall(b"answered")
        eventually(lambda: doing() == ["idle"])
        time.sleep(0.02)
        client.sendall(b"again")
        eventually(lambda: doing() == ["busy"])
        server.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                server.send(b"x" * 65536)
        assert doing() == ["unread"]
        assert {one.group for one in clients.all()} == {"127.0.0.1"}
        close_it(clients.all()[0])
        assert doing() == []
        with pytest.raises(OSError):
            server.send(b"x")


def test_a_file_that_is_another_socket_by_now_is_let_alone() -> None:
    with (
        listener.listening("127.0.0.1", 0) as port,
        socket.create_connection(port.getsockname()) as client,
        port.accept()[0] as server,
    ):
        (found,) = ClientSockets(port.getsockname()[1]).all()
        close_it(dataclasses.replace(found, cookie=found.cookie + 1))
        client.sendall(b"x")
        assert server.recv(1) == b"x"


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1", "fe80::/64"),
    ],
)
def test_an_address_is_one_client_and_so_is_an_ipv6_network(address: str, group: str) -> None:
    assert group_of(ipaddress.ip_address(address).packed) == group


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with Neighbour() as neighbour:
        neighbour.cluster({f"E{number:03}": node(f"E{number:03}") for number in range(50)})
        with started(*pointed(neighbour.doors), "--connections-per-address", str(OF_ONE)) as product:
            eventually(lambda: product.get("/get/logInfo").status_code == 200)
            yield product


def connected(running: Running, source: str) -> socket.socket:
    host, port = running.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=5, source_address=(source, 0))


def is_open(sock: socket.socket) -> bool:
    return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == 1


def answered(sock: socket.socket) -> bool:
    sock.sendall(REQUEST)
    return sock.recv(15) == b"HTTP/1.1 200 OK"


def test_idle_connections_of_one_address_are_closed_and_others_are_let_alone(running: Running) -> None:
    with contextlib.ExitStack() as stack:
        other = stack.enter_context(connected(running, "127.0.0.1"))
        many = [stack.enter_context(connected(running, "127.0.0.9")) for _ in range(3 * OF_ONE)]
        eventually(lambda: sum(map(is_open, many)) <= OF_ONE, 3)
        assert is_open(other)
        assert answered(other)
    assert any("connections from 127.0.0.9 are too many" in line for line in running.lines)


def test_connections_that_never_read_go_before_those_that_do(running: Running) -> None:
    with contextlib.ExitStack() as stack:
        reading = stack.enter_context(connected(running, "127.0.0.10"))
        assert answered(reading)
        many: list[socket.socket] = []
        for _ in range(2 * OF_ONE):
            sock = stack.enter_context(socket.socket())
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.bind(("127.0.0.10", 0))
            host, port = running.url.removeprefix("http://").split(":")
            sock.connect((host, int(port)))
            sock.send(40 * REQUEST)
            many.append(sock)
        eventually(lambda: sum(map(is_open, many)) < OF_ONE, 3)
        assert is_open(reading)


def test_a_connection_whose_client_takes_nothing_is_closed_by_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "UNREAD_FOR_S", 1)
    with listener.listening("127.0.0.1", 0) as port, socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(port.getsockname())
        server, _ = port.accept()
        with server:
            server.settimeout(10)
            with pytest.raises(OSError) as error:
                server.sendall(b"x" * 10_000_000)
            assert error.value.errno == errno.ETIMEDOUT  # the system's; the test's own limit has no number


def test_what_the_system_keeps_of_an_unread_answer_is_bounded() -> None:
    with listener.listening("127.0.0.1", 0) as port, socket.create_connection(port.getsockname()[:2]):
        server, _ = port.accept()
        with server:
            server.setblocking(False)
            sent = 0
            with contextlib.suppress(BlockingIOError):
                while sent < 100_000_000:
                    sent += server.send(b"x" * 65536)
    assert sent < 10_000_000


def test_while_a_worker_is_replaced_who_connects_waits_instead_of_being_refused(running: Running) -> None:
    os.kill(running.worker_pid(), signal.SIGKILL)
    for _ in range(20):
        with connected(running, "127.0.0.1"):  # raises if it is refused
            time.sleep(0.01)
    with connected(running, "127.0.0.1") as sock:
        sock.settimeout(15)
        sock.sendall(REQUEST)
        assert sock.recv(9) == b"HTTP/1.1 "
