"""Due schedules become commands, once; step by step, at given times."""

import logging
import socket
import time
from datetime import UTC, datetime, timedelta

import pytest

from main_controller.commands import scheduler as module
from main_controller.storage.schedule_files import Schedule
from tests.commands.asking import ask
from tests.commands.clock import NOON, SOFT_STOP, Clock
from tests.neighbour import body, node


def test_nothing_happens_before_its_time_and_the_soft_stop_at_it(clock: Clock) -> None:
    clock.write("")
    clock.step(3599)
    assert clock.sent() == []
    assert clock.state() == "to come"
    assert clock.code() == ("to_come", {})
    clock.step(1)
    assert clock.sent() == [SOFT_STOP]
    assert clock.state() == "in force"
    assert clock.code() == ("in_force", {})
    (row,) = clock.product.ledger.newest(10)
    assert (row.origin, row.command, row.outcome) == ("schedule", "setOperationMode", "accepted")


def test_it_is_not_sent_again_until_30_s_passed(clock: Clock) -> None:
    clock.write("")
    clock.step(3600)
    for _ in range(5):
        clock.step(5)
    assert clock.sent() == [SOFT_STOP]
    clock.step(5)
    assert clock.sent() == [SOFT_STOP]


def test_once_observed_it_is_sent_again_only_after_the_target_was_back_in_run(clock: Clock) -> None:
    clock.write("")
    clock.step(3600)
    clock.mode("heteronomous")
    for _ in range(20):
        clock.step(5)
    assert clock.sent() == [SOFT_STOP]
    clock.mode("autonomous")
    clock.step(5)
    assert clock.sent() == [SOFT_STOP]


def test_a_return_to_run_between_two_looks_is_not_missed(clock: Clock) -> None:
    clock.write("")
    clock.step(3600)
    clock.mode("heteronomous")
    clock.poll()
    clock.mode("autonomous")
    clock.step(5)
    assert clock.sent() == [SOFT_STOP] * 2


def test_what_was_just_commanded_is_not_undone_because_the_data_are_older(clock: Clock) -> None:
    clock.write("")
    ask(clock.product, "setOperationMode", value="stop")
    clock.sent()
    clock.step(3600)
    assert clock.sent() == []
    assert clock.state() == "pending: the mode of command 1 is not yet seen"
    assert clock.code() == ("pending", {"reason": "mode_under_way", "command": 1})
    clock.mode("stop")
    clock.poll()
    clock.step(5)
    assert clock.sent() == []
    assert clock.state() == "in force"


@pytest.mark.parametrize("mode", ["heteronomous", "stop", "manual"])
def test_a_cluster_that_is_not_in_run_is_left_alone_but_the_schedule_stays(clock: Clock, mode: str) -> None:
    clock.write("")
    clock.mode(mode)
    clock.step(3600)
    assert clock.sent() == []
    assert clock.state() == "in force"


def test_any_fresh_node_in_run_is_enough(clock: Clock) -> None:
    clock.write("")
    clock.mode("stop")
    clock.nodes["E002"] = node("E002", mode="autonomous")
    clock.poll()
    clock.step(3600)
    assert clock.sent() == [SOFT_STOP]


def test_a_nodes_schedule_sets_its_local_mode_where_none_is_set(clock: Clock) -> None:
    clock.write("E001")
    clock.write("E002")
    clock.nodes["E002"]["apis"]["operation_mode"]["local"] = "stop"
    clock.poll()
    clock.step(3600)
    assert clock.sent() == [SOFT_STOP | {"unitId": "E001"}]


def test_without_fresh_data_it_stays_pending_and_says_so(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    clock.write("E002")
    clock.write("")
    del clock.nodes["E002"]
    clock.poll()
    clock.step(3600)
    assert clock.sent() == [SOFT_STOP]
    assert clock.state("E002") == "pending: E002 is not fresh"
    assert clock.code("E002") == ("pending", {"reason": "node_not_fresh", "node": "E002"})
    assert "pending" in caplog.text
    clock.nodes["E002"] = node("E002")
    clock.poll()
    clock.poll()
    clock.step(5)
    assert clock.sent() == [SOFT_STOP | {"unitId": "E002"}]


def test_the_clusters_is_pending_while_no_node_is_fresh(clock: Clock) -> None:
    clock.write("")
    clock.nodes = {}
    clock.neighbour.cluster({"E003": node("E003")})
    clock.product.collector.step()
    clock.step(3600)
    assert clock.state() == "pending: no node is fresh"
    assert clock.code() == ("pending", {"reason": "no_fresh_node"})


def test_a_refused_one_is_retried_every_interval_with_one_error_and_one_info(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    clock.write("")
    clock.neighbour.says("/setOperationMode", {"succeeded": False, "error": "no leader"})
    with caplog.at_level(logging.INFO, "main_controller.commands.scheduler"):
        for seconds in (3600, 5, 5):
            clock.step(seconds)
        clock.neighbour.says("/setOperationMode", {"succeeded": True})
        clock.step(5)
        clock.step(5)
    assert clock.sent() == [SOFT_STOP] * 4
    ours = [record.levelname for record in caplog.records if record.name == "main_controller.commands.scheduler"]
    assert ours == ["ERROR", "INFO"]


def test_one_due_while_the_program_was_down_takes_effect_on_start(clock: Clock) -> None:
    clock.write("")
    clock.now = NOON + timedelta(days=2)
    clock.product.ledger.close()
    clock.restart()
    clock.step()
    assert clock.sent() == [SOFT_STOP]


def test_a_restart_right_after_sending_does_not_send_again(clock: Clock) -> None:
    clock.now = datetime.now(UTC)  # the ledger's rows carry the real time
    clock.write("", clock.now)
    clock.step(1)
    assert clock.sent() == [SOFT_STOP]
    clock.product.ledger.close()
    clock.restart()
    clock.step(5)
    assert clock.sent() == []
    clock.step(30)
    assert clock.sent() == [SOFT_STOP]


def test_after_a_restart_a_schedule_does_not_wait_for_an_older_command_that_was_overtaken(clock: Clock) -> None:
    at = clock.now = datetime.now(UTC)
    clock.write("E001", at)
    clock.step(1)
    assert clock.sent() == [SOFT_STOP | {"unitId": "E001"}]
    ask(clock.product, "setOperationMode", value="", unitId="E001")
    clock.poll()
    clock.poll()
    clock.product.ledger.close()
    clock.restart()
    clock.write("E001", at + timedelta(seconds=5))
    assert clock.state("E001") == "to come"
    clock.sent()
    clock.now += timedelta(seconds=9)
    assert clock.state("E001") == "pending: not sent yet"
    assert clock.code("E001") == ("pending", {"reason": "not_sent_yet"})
    clock.step(1)
    assert clock.sent() == [SOFT_STOP | {"unitId": "E001"}]
    assert clock.state("E001") == "in force"


def test_in_force_is_said_of_what_was_sent_or_needs_not_be_sent(clock: Clock) -> None:
    clock.write("")
    clock.neighbour.says("/setOperationMode", {"succeeded": False, "error": "no leader"})
    clock.step(3600)
    assert clock.state() == "pending: not accepted: Budo Emulator refused: no leader"
    code, params = clock.code()
    assert (code, params["reason"], params["error"]["code"]) == ("pending", "not_accepted", "neighbour_refused")
    clock.neighbour.says("/setOperationMode", {"succeeded": True})
    clock.step(5)
    assert clock.state() == "in force"


def test_an_operators_mode_ends_the_one_in_force_and_leaves_the_one_to_come(clock: Clock) -> None:
    at = datetime.now(UTC)
    clock.write("", at)
    clock.write("E001", at + timedelta(days=1))
    answer = ask(clock.product, "setOperationMode", value="autonomous")
    assert "deleted" in answer.body["schedule"]
    answer = ask(clock.product, "setOperationMode", value="", unitId="E001")
    assert "schedule" not in answer.body
    assert [s.unit for s in clock.product.scheduler._parts.schedules.read().schedules] == ["E001"]


def test_the_schedulers_own_mode_does_not_end_it(clock: Clock) -> None:
    clock.write("")
    clock.step(3600)
    assert clock.product.scheduler._parts.schedules.read().find("") == Schedule("", "softStop", NOON)


def test_a_refused_operators_mode_does_not_end_it(clock: Clock) -> None:
    clock.write("", datetime.now(UTC))
    clock.neighbour.says("/setOperationMode", {"succeeded": False})
    ask(clock.product, "setOperationMode", value="autonomous")
    assert clock.product.scheduler._parts.schedules.read().find("") is not None


def test_a_schedule_that_somebody_set_a_moment_sooner_is_not_replaced(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedules = clock.product.scheduler._parts.schedules
    seen = iter([None, NOON])  # between the look at it and the change
    monkeypatch.setattr(schedules, "at", lambda *_: next(seen))
    result = ask(clock.product, "setSchedule", operation="softStop", value="2099-01-01T00:00:00Z", was="none")
    assert (result.status, result.outcome) == (409, "refused")
    row = clock.product.ledger.get(result.command_id)
    assert row is not None
    assert row.outcome == "refused"
    assert schedules.read().schedules == ()


def test_a_broken_file_does_not_hold_up_the_others(clock: Clock) -> None:
    (clock.folder / "schedules" / "A-softStop").write_text("nonsense")
    (clock.folder / "schedules" / "E009-softStop").write_text(NOON.isoformat())
    clock.write("E002")
    clock.step(3600)
    assert clock.sent() == [SOFT_STOP | {"unitId": "E002"}]


def test_a_budo_that_is_slow_for_one_node_does_not_keep_the_others_waiting(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST_STEP_S", 0.1)
    clock.write("E001")
    clock.write("E002")
    refusal = clock.neighbour.answers["/setOperationMode"] = body(b'{"succeeded": false}')

    def slow(connection: socket.socket) -> None:
        time.sleep(0.15)
        refusal(connection)

    clock.neighbour.answers["/setOperationMode"] = slow
    clock.step(3600)
    clock.step(5)
    assert [one["unitId"] for one in clock.sent()] == ["E001", "E002"]
