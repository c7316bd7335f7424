"""One path for every poll; a failure keeps the last good picture."""

import logging
import threading
import time
from collections.abc import Iterator

import pytest

import startMain
from main_controller import settings
from main_controller.errors import NeighbourError, NeighbourFailedError, NeighbourLateError
from main_controller.neighbours.apis_web import ApisWeb
from main_controller.nodes import converter_status
from main_controller.picture import data_collector
from main_controller.picture.data_collector import DataCollector
from main_controller.picture.snapshot import SnapshotHolder
from tests.neighbour import Answer, Neighbour, body, node, raw
from tests.running import eventually, pointed


@pytest.fixture
def neighbour() -> Iterator[Neighbour]:
    with Neighbour() as running:
        running.cluster({"E001": node("E001")})
        yield running


def collector_on(neighbour: Neighbour, *arguments: str) -> DataCollector:
    all_arguments = [*pointed(neighbour.doors), "--poll-timeout", "0.3", *arguments]
    chosen = settings.load(vars(startMain), {}, all_arguments)[0]
    return DataCollector(chosen, ApisWeb(chosen), SnapshotHolder())


@pytest.fixture
def collector(neighbour: Neighbour) -> DataCollector:
    return collector_on(neighbour)


WRONG: dict[str, Answer] = {
    "500": body(b"x", "500 Oops"),
    "html": body(b"<html>login</html>", kind="text/html"),
    "half": body(b'{"E001": {'),
    "list": body(b"[]"),
    "null": body(b"null"),
    "empty": body(b"{}"),
    "no node": body(b'{"E001": null, "": {}}'),
    "cut": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"),
}


@pytest.mark.parametrize("name", list(WRONG))
def test_a_wrong_answer_keeps_the_last_picture_and_says_so(
    collector: DataCollector, neighbour: Neighbour, name: str
) -> None:
    collector.step()
    good = collector.picture()
    neighbour.answers["/get/log"] = WRONG[name]
    collector.step()
    assert collector.picture() is good
    status = collector.status(good.received_at_s + 7)
    assert (status["ok"], status["age_s"]) == (False, 7)
    assert neighbour.url in status["error"] or "without any node" in status["error"]
    neighbour.cluster({"E001": node("E001", time="later")})
    collector.step()
    assert collector.picture().nodes["E001"]["time"] == "later"
    assert collector.status(good.received_at_s)["ok"] is True


@pytest.mark.parametrize("name", list(WRONG))
def test_before_the_first_good_poll_there_is_a_reason_and_no_picture(
    collector: DataCollector, neighbour: Neighbour, name: str
) -> None:
    neighbour.answers["/get/log"] = WRONG[name]
    collector.step()
    with pytest.raises(NeighbourFailedError):
        collector.picture()


def test_before_any_poll_the_reason_is_that_nothing_has_answered_yet(collector: DataCollector) -> None:
    with pytest.raises(NeighbourLateError, match="not answered yet"):
        collector.picture()


def test_a_broken_node_costs_that_node_only(collector: DataCollector, neighbour: Neighbour) -> None:
    neighbour.says("/get/log", {"E001": node("E001"), "E002": "broken", "E003": {"apis": None, "time": 5}})
    collector.step()
    assert sorted(collector.picture().nodes) == ["E001", "E003"]


def test_a_member_that_is_down_is_lost_from_the_start(collector: DataCollector, neighbour: Neighbour) -> None:
    neighbour.says("/unitIds", ["E001", "E002"])
    collector.step()
    assert collector.freshness.state("E002", 0) == "lost"


def test_the_other_door_that_hangs_costs_no_poll(neighbour: Neighbour) -> None:
    neighbour.hangs("/unitIds")
    collector = collector_on(neighbour, "--datacollectorinterval", "0.05")
    collector.start()
    try:
        eventually(lambda: neighbour.requests.count("/get/log") >= 10, 5)
        assert neighbour.requests.count("/unitIds") == 1
    finally:
        collector.stop()


def test_the_log_has_one_error_when_it_fails_and_one_info_when_it_is_back(
    collector: DataCollector, neighbour: Neighbour, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "main_controller")
    for answer in ("good", "bad", "bad", "bad", "good", "good"):
        if answer == "bad":
            neighbour.answers["/get/log"] = WRONG["500"]
        else:
            neighbour.cluster({"E001": node("E001")})
        collector.step()
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]
    assert neighbour.url in caplog.records[0].getMessage()


def test_a_refresh_is_a_poll_that_began_after_it_and_is_shared(neighbour: Neighbour) -> None:
    collector = collector_on(neighbour, "--datacollectorinterval", "3600", "--poll-timeout", "3")
    collector.start()
    try:
        eventually(lambda: collector.status(0)["ok"])
        entered, go_on = threading.Event(), threading.Event()
        old = body(b'{"E001": {"time": "old"}}')

        def slow(connection: object) -> None:
            entered.set()
            go_on.wait(2)
            old(connection)  # type: ignore[arg-type]

        neighbour.answers["/get/log"] = slow
        first = threading.Thread(target=collector.refresh)
        first.start()
        assert entered.wait(2)  # a poll is under way that began before the next callers
        got: list[object] = []
        callers = [
            threading.Thread(target=lambda: got.append(collector.refresh().nodes["E001"]["time"])) for _ in range(5)
        ]
        for caller in callers:
            caller.start()
        eventually(lambda: all(caller.is_alive() for caller in callers))
        before = neighbour.requests.count("/get/log")
        neighbour.says("/get/log", {"E001": {"time": "new"}})
        go_on.set()
        for thread in [first, *callers]:
            thread.join(5)
        assert got == ["new"] * 5
        assert neighbour.requests.count("/get/log") == before + 1
    finally:
        collector.stop()


def test_a_refresh_that_fails_raises_and_keeps_the_picture(neighbour: Neighbour) -> None:
    collector = collector_on(neighbour, "--datacollectorinterval", "3600")
    collector.start()
    try:
        eventually(lambda: collector.status(0)["ok"])
        neighbour.hangs("/get/log")
        with pytest.raises(NeighbourError):
            collector.refresh()
        assert collector.picture().nodes
    finally:
        collector.stop()


def test_without_apis_the_hardware_emulator_is_asked_and_no_members(neighbour: Neighbour) -> None:
    collector = collector_on(neighbour, "--apis", "false", "--emul-url", neighbour.url)
    collector.step()
    assert neighbour.requests == ["/get/log"]


def test_a_converters_own_answer_is_shown_for_a_while_only_also_without_a_good_poll(
    collector: DataCollector, neighbour: Neighbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_collector, "AT_MOST_S", 0.05)
    collector.step()
    before = converter_status(collector.picture().nodes["E001"])
    collector.show_answers({"E001": {"status": {"status": "0x0041"}}})
    assert converter_status(collector.picture().nodes["E001"]) == "0x0041"
    neighbour.answers["/get/log"] = body(b"x", "500 Oops")
    time.sleep(0.06)
    collector.step()
    assert converter_status(collector.picture().nodes["E001"]) == before
