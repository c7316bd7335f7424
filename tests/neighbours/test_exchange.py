"""One deadline over name, headers and body; every oddity is one of two errors."""

import gzip
import socket
import threading
import time
import tracemalloc
from collections.abc import Iterator

import pytest

from main_controller.errors import NeighbourError, NeighbourFailedError, NeighbourLateError
from main_controller.neighbours.exchange import exchange
from tests.neighbour import Neighbour, body, raw

LIMIT_S = 0.4


@pytest.fixture
def neighbour() -> Iterator[Neighbour]:
    with Neighbour() as running:
        yield running


def ask(neighbour: Neighbour, path: str = "/x") -> bytes:
    return exchange("GET", neighbour.url + path, timeout_s=LIMIT_S, who="apis-web")


def error_of(neighbour: Neighbour) -> NeighbourError:
    began = time.monotonic()
    with pytest.raises(NeighbourError) as error:
        ask(neighbour)
    assert time.monotonic() - began < LIMIT_S + 1.0
    assert neighbour.url in str(error.value)
    assert "apis-web" in str(error.value)
    return error.value


def test_the_body_comes_back(neighbour: Neighbour) -> None:
    neighbour.says("/x", {"a": 1})
    assert ask(neighbour) == b'{"a": 1}'


@pytest.mark.parametrize("how", ["hangs", "headers", "body"])
def test_whatever_is_slow_ends_at_the_deadline(neighbour: Neighbour, how: str) -> None:
    if how == "hangs":
        neighbour.hangs("/x")
    else:
        neighbour.trickles("/x", headers=how == "headers")
    error = error_of(neighbour)
    assert isinstance(error, NeighbourLateError)
    assert error.sent


def test_a_body_without_length_that_is_cut_by_the_deadline_is_not_taken_for_whole(neighbour: Neighbour) -> None:
    neighbour.answers["/x"] = raw(
        b"HTTP/1.1 200 OK\r\n\r\n", b"[1]", *[b" "] * 100, pause_s=0.1, stop=neighbour.released
    )
    assert isinstance(error_of(neighbour), NeighbourLateError)


@pytest.mark.parametrize(
    "answer",
    [
        body(b"oops", "500 Internal Server Error"),
        body(b"", "302 Found\r\nLocation: http://127.0.0.1:1/"),
        body(b"", "304 Not Modified"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"),
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"),
        raw(b"nonsense\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70000 + b"\r\n\r\n"),
        raw(b""),
    ],
)
def test_a_wrong_answer_failed_and_may_have_taken_effect(neighbour: Neighbour, answer: object) -> None:
    neighbour.answers["/x"] = answer  # type: ignore[assignment]
    error = error_of(neighbour)
    assert isinstance(error, NeighbourFailedError)
    assert error.sent


def test_a_redirect_is_not_followed(neighbour: Neighbour) -> None:
    neighbour.answers["/x"] = body(b"", f"302 Found\r\nLocation: {neighbour.url}/y")
    error_of(neighbour)
    assert neighbour.requests == ["/x"]


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"],
    ids=["with its length", "without"],
)
def test_too_large_an_answer_is_cut_off(neighbour: Neighbour, head: bytes) -> None:
    def answer_of(size: int) -> bytes:
        neighbour.answers["/x"] = raw((head % size if b"%d" in head else head) + b"a" * size)
        return exchange("GET", neighbour.url + "/x", timeout_s=LIMIT_S, who="apis-web", at_most=1000)

    with pytest.raises(NeighbourFailedError, match="more than 1000 bytes") as error:
        answer_of(1001)
    assert error.value.sent
    assert len(answer_of(1000)) == 1000


@pytest.mark.parametrize(
    "endless",
    [
        [b"HTTP/1.1 200 OK\r\n", *[b"X-More: " + b"a" * 60000 + b"\r\n"] * 90],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"1;" + b"a" * 60000 + b"\r\na\r\n"] * 90],
        [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(bytes(10_000_000))],
    ],
    ids=["head", "frames of chunks", "packed"],
)
def test_an_answer_that_is_endless_in_another_way_is_cut_off_too(neighbour: Neighbour, endless: list[bytes]) -> None:
    neighbour.answers["/x"] = raw(*endless)
    assert "more than 65536 bytes" in str(error_of(neighbour))


@pytest.mark.parametrize("length", ["abc", "-5", "5.0", "0x5", "1e3", "٣", "5, 5", "5 5", "9" * 19])
def test_a_length_that_is_no_number_is_no_answer(neighbour: Neighbour, length: str) -> None:
    neighbour.answers["/x"] = raw(f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n[]".encode())
    assert isinstance(error_of(neighbour), NeighbourFailedError)


def test_converters_with_huge_answers_do_not_fill_the_memory(neighbour: Neighbour) -> None:
    neighbour.answers["/x"] = raw(b"HTTP/1.1 200 OK\r\n\r\n", *[b"a" * 1_000_000] * 30)
    tracemalloc.start()
    try:
        asking = [threading.Thread(target=error_of, args=(neighbour,)) for _ in range(20)]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join(5)
        most_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most_bytes < 50_000_000  # 20 x 30 MB were sent


def test_nothing_is_sent_to_a_port_where_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with pytest.raises(NeighbourFailedError) as error:
            exchange("GET", f"http://127.0.0.1:{port}/", timeout_s=LIMIT_S, who="x")
    assert not error.value.sent
    assert "refused" in str(error.value)


@pytest.mark.parametrize("url", ["http://no-such-host.invalid/", "http://[::1/", "http://.../", "http://a..b/"])
def test_a_host_that_does_not_exist_failed_with_nothing_sent(url: str) -> None:
    with pytest.raises(NeighbourError) as error:
        exchange("GET", url, timeout_s=2.0, who="x")
    assert not error.value.sent


def test_a_name_server_that_is_away_costs_no_more_than_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo

    def slow(host: str, *args: object, **kwargs: object) -> object:
        if not kwargs.get("flags"):
            time.sleep(1.5)
        return real(host, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    began = time.monotonic()
    with pytest.raises(NeighbourLateError) as error:
        exchange("GET", "http://somewhere.invalid/", timeout_s=0.2, who="x")
    assert time.monotonic() - began < 1.2
    assert not error.value.sent


def test_a_neighbour_that_speaks_no_tls_failed(neighbour: Neighbour) -> None:
    with pytest.raises(NeighbourFailedError, match="SSL"):
        exchange("GET", neighbour.url.replace("http:", "https:"), timeout_s=LIMIT_S, who="x")


def test_each_of_many_exchanges_at_a_time_has_its_own_deadline(neighbour: Neighbour) -> None:
    neighbour.hangs("/x")
    took_s: dict[float, float] = {}

    def ask_within(limit_s: float) -> None:
        began = time.monotonic()
        with pytest.raises(NeighbourLateError, match=f"within {limit_s:g} s"):
            exchange("GET", neighbour.url + "/x", timeout_s=limit_s, who="x")
        took_s[limit_s] = time.monotonic() - began

    limits = [0.2, 0.5, 0.8]
    asking = [threading.Thread(target=ask_within, args=(limit_s,)) for limit_s in limits]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join(5)
    assert sorted(took_s, key=lambda limit_s: took_s[limit_s]) == limits


def test_no_proxy_is_taken_from_the_environment(neighbour: Neighbour, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    neighbour.says("/x", 1)
    assert ask(neighbour) == b"1"


@pytest.mark.parametrize(
    "path",
    [
        "/set/dcdc/%2E?mode=0x0000",
        "/set/dcdc/%2E%2E?mode=0x0000",
        "/set/dcdc/%2E%2E",
        "/set/dcdc/a%2F..%2Fb?x=1",
        "/set/dcdc/%252E",
        "/set/dcdc/...",
        "/set/dcdc/E%20%C3%BC%3F%23",
    ],
)
def test_a_path_arrives_as_it_was_written(neighbour: Neighbour, path: str) -> None:
    neighbour.says(path.split("?")[0], 1)
    assert ask(neighbour, path) == b"1"
    assert neighbour.requests == [path]
