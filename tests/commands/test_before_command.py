"""What was read before a command is known to be past until newer data came; a lost node's converter is remembered."""

from datetime import UTC, datetime
from typing import Any

import pytest

from main_controller.commands.before_command import BeforeCommand
from main_controller.commands.kind import Kinds
from main_controller.commands.kinds import KINDS
from main_controller.picture.freshness import Freshness
from main_controller.storage.ledger_row import Row

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def row(command: str, target: str = "", row_id: int = 1) -> Row:
    return Row(row_id, NOW, "127.0.0.1 script", command, target, {})


def node(time: str, status: str = "0x0000", ig: float = 0.0) -> dict[str, Any]:
    return {"time": time, "dcdc": {"status": {"status": status}, "meter": {"ig": ig}}}


def polled(freshness: Freshness, now_s: float, **nodes: dict[str, Any]) -> Freshness:
    return freshness.after_poll(nodes, now_s, NOW)


def moving(until_s: int, **others: dict[str, Any]) -> Freshness:
    """E1 and E2, gathered every 5 s and polled 1 s later."""
    freshness = Freshness(stale_after_s=20)
    for now_s in range(1, until_s + 1, 5):
        freshness = polled(freshness, now_s, E1=node(f"a{now_s}"), E2=node(f"b{now_s}"), **others)
    return freshness


@pytest.mark.parametrize("command", ["setOperationMode", "set/budo", "set/dcdc", "stopAll", "shutDown"])
def test_data_are_from_before_a_command_until_they_cannot_be_older_than_it(command: str) -> None:
    before, freshness = BeforeCommand(Kinds(KINDS)), moving(31)
    before.began(row(command), 32)
    assert before.older_nodes(freshness, 32) == {"E1": 1, "E2": 1}
    freshness = polled(freshness, 36, E1=node("a36"), E2=node("b31"))  # gathered after 31, maybe before 32
    assert before.older_nodes(freshness, 36) == {"E1": 1, "E2": 1}
    freshness = polled(freshness, 41, E1=node("a41"), E2=node("b31"))  # gathered after 36, from a reading of 31 on
    assert before.older_nodes(freshness, 41) == {"E1": 1, "E2": 1}
    freshness = polled(freshness, 46, E1=node("a46"), E2=node("b46"))
    assert "E1" not in before.older_nodes(freshness, 46)
    freshness = polled(polled(freshness, 51, E1=node("a51"), E2=node("b51")), 56, E1=node("a56"), E2=node("b56"))
    assert before.older_nodes(freshness, 56) == {}


def test_only_the_node_that_a_command_was_for_and_only_if_anything_happened() -> None:
    before, freshness = BeforeCommand(Kinds(KINDS)), moving(31)
    before.began(row("setOperationMode", "E2"), 32)
    assert before.older_nodes(freshness, 32) == {"E2": 1}
    before.came_to_nothing(row("setOperationMode", "E2"))
    assert before.older_nodes(freshness, 33) == {}


def test_a_converters_own_answer_is_not_from_before_its_command() -> None:
    before, freshness = BeforeCommand(Kinds(KINDS)), moving(31)
    before.began(row("set/dcdc", "E1"), 32)
    freshness = freshness.answered({"E1": {"status": {"status": "0x0000"}}}, 32.5)
    assert before.older_nodes(freshness, 33) == {}


def test_a_converters_answer_to_stop_all_does_not_tell_what_the_mode_will_do() -> None:
    before, freshness = BeforeCommand(Kinds(KINDS)), moving(31)
    before.began(row("stopAll"), 32)
    freshness = freshness.answered({"E1": {"status": {"status": "0x0000"}}}, 32.5)
    assert before.older_nodes(freshness, 33) == {"E1": 1, "E2": 1}


def test_data_that_were_read_before_a_converters_answer_do_not_outweigh_it() -> None:
    charging = {"status": {"status": "0x0041"}, "meter": {"ig": 2.0}}
    freshness = moving(31).answered({"E1": charging}, 35.9)
    freshness = polled(freshness, 36, E1=node("a36"), E2=node("b36"))  # it was waiting, when that was read
    freshness = polled(freshness, 41, E2=node("b41"))
    assert freshness.report(41)["E1"]["running"] == {"status": "0x0041", "current_a": 2.0}


def test_what_is_remembered_of_commands_stays_small() -> None:
    before = BeforeCommand(Kinds(KINDS))
    for number in range(1000):
        before.began(row("set/dcdc", "E1", number), float(number))
    assert len(before._began) == 4


def test_a_lost_node_tells_what_its_converter_did_until_that_is_known_to_wait() -> None:
    freshness = polled(moving(31), 32, E1=node("a31"), E2=node("b31"), E3=node("c", "0x0041", ig=2.0))
    assert "running" not in freshness.report(31)["E3"]  # it is there: its data say it
    freshness = polled(freshness, 36, E1=node("a36"), E2=node("b36"))
    assert freshness.report(36)["E3"]["state"] == "lost"
    assert freshness.report(36)["E3"]["running"] == {"status": "0x0041", "current_a": 2.0}
    assert freshness.left_running(36) == ["E3"]
    answered = freshness.answered({"E3": {"status": {"status": "0x0000"}}}, 37)
    assert "running" not in answered.report(37)["E3"]
    assert answered.left_running(37) == []
    back = polled(freshness, 41, E1=node("a41"), E2=node("b41"), E3=node("d", "0x0000"))
    assert polled(back, 46, E1=node("a46"), E2=node("b46")).left_running(46) == []


def test_the_age_of_the_whole_is_that_of_the_oldest_of_those_that_move_together() -> None:
    freshness = moving(31)
    both = freshness.true_since_s()
    assert both is not None
    assert both == freshness.true_since_s(["E1"])
    for now_s in range(36, 61, 5):
        freshness = polled(freshness, now_s, E1=node(f"a{now_s}"), E2=node("b31"))
    since_s = freshness.true_since_s()
    assert since_s is not None
    assert since_s > both  # E2 stands alone, and is told as stale
    assert freshness.true_since_s(["E2"]) == both
    for now_s in range(61, 100, 5):  # nothing moves: the age grows with the time
        freshness = polled(freshness, now_s, E1=node("a56"), E2=node("b31"))
        assert freshness.true_since_s() == since_s
