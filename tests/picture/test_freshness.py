"""A node's own clock is its only sign of life."""

from datetime import UTC, datetime

import pytest

from main_controller.neighbours.apis_web import GATHER_S
from main_controller.picture import freshness as module
from main_controller.picture.freshness import FORGET_AFTER_S, Freshness
from main_controller.picture.rhythm import READING_S

UTC_NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
START = Freshness(stale_after_s=20)


def node(time: str | None) -> dict[str, object]:
    return {"time": time, "oesunit": {"display": "House 1", "ip": "192.0.2.11"}}


def polled(freshness: Freshness, now_s: float, **times: str | None) -> Freshness:
    return freshness.after_poll({name: node(time) for name, time in times.items()}, now_s, UTC_NOW)


def test_a_node_is_unconfirmed_until_its_time_was_seen_to_change() -> None:
    freshness = polled(START, 0, E1="a")
    assert freshness.state("E1", 0) == "unconfirmed"
    freshness = polled(freshness, 5, E1="a")
    assert freshness.state("E1", 5) == "unconfirmed"
    freshness = polled(freshness, 10, E1="b")
    assert freshness.state("E1", 10) == "fresh"


def test_a_clock_that_goes_backwards_is_a_sign_of_life_too() -> None:
    freshness = polled(polled(START, 0, E1="2020/01/02"), 5, E1="2020/01/01")
    assert freshness.state("E1", 5) == "fresh"


def test_a_node_whose_time_stands_still_is_stale_and_its_age_is_at_most_what_is_known() -> None:
    freshness = polled(polled(START, 0, E1="a"), 5, E1="b")
    for now_s in (10, 15, 20, 24.9):
        freshness = polled(freshness, now_s, E1="b")
        assert freshness.state("E1", now_s) == "fresh"
    assert freshness.state("E1", 25) == "stale"
    # Asked for at 0 and not there, so gathered later than that, from readings that may be one gathering older.
    assert freshness.report(65)["E1"]["age_s"] == pytest.approx(65 + GATHER_S + READING_S, abs=0.06)
    assert polled(freshness, 66, E1="c").state("E1", 66) == "fresh"


def test_ageing_goes_on_without_any_good_poll() -> None:
    freshness = polled(polled(START, 0, E1="a"), 5, E1="b")
    assert freshness.state("E1", 30) == "stale"


def test_a_frozen_apis_web_never_looks_fresh_and_grows_stale() -> None:
    freshness = START
    for now_s in range(0, 40, 5):
        freshness = polled(freshness, now_s, E1="a")
        assert freshness.state("E1", now_s) == ("unconfirmed" if now_s < 20 else "stale")


def test_a_node_missing_from_a_good_poll_is_lost_with_the_time_it_was_seen() -> None:
    freshness = polled(polled(START, 0, E1="a", E2="a"), 5, E1="b")
    assert freshness.state("E1", 5) == "fresh"
    assert freshness.state("E2", 5) == "lost"
    report = freshness.report(5)["E2"]
    assert report == {
        "state": "lost",
        "age_s": None,  # it was never seen to change: its data may be of any age
        "last_time": "a",
        "last_seen": "2026-11-23T12:00:00+00:00",
        "display": "House 1",
        "ip": "192.0.2.11",
    }


def test_a_lost_node_that_comes_back_must_show_a_new_time() -> None:
    lost = polled(polled(polled(START, 0, E1="a"), 5, E1="b"), 40, E2="x")
    assert polled(lost, 45, E1="b").state("E1", 45) == "stale"
    assert polled(lost, 45, E1="c").state("E1", 45) == "fresh"


def test_a_member_that_was_never_seen_is_lost_and_goes_when_it_is_no_member() -> None:
    freshness = polled(START, 0, E1="a").after_members(["E1", "E9"], 1)
    assert freshness.state("E9", 1) == "lost"
    assert freshness.report(1)["E9"]["age_s"] is None
    assert freshness.after_members(["E1"], 2).state("E9", 2) is None


def test_a_lost_node_stays_as_long_as_apis_web_names_it_else_an_hour() -> None:
    freshness = polled(START, 0, E1="a", E2="a").after_members(["E1"], 0)
    freshness = polled(freshness, 5, E3="a")
    late = FORGET_AFTER_S + 10
    assert polled(freshness, FORGET_AFTER_S - 10, E3="b").state("E2", 5) == "lost"
    assert polled(freshness, late, E3="b").state("E2", late) is None
    assert polled(freshness, late, E3="b").state("E1", late) == "lost"


def test_of_members_that_were_never_seen_only_so_many_are_believed() -> None:
    invented = [f"X{number:06}" for number in range(100_000)] + ["x" * 1001]
    freshness = polled(START, 0, E1="a", Z9="a").after_members([*invented, "E1", "Z9", "A1"], 0)
    assert {"A1", "E1", "Z9"} <= freshness.histories.keys()
    assert len(freshness.histories) == 2 + module.MOST_UNSEEN
    gone = polled(freshness, 5, Z9="b").after_members([*invented, "E1", "Z9"], 5)  # who was seen goes on being believed
    assert gone.state("E1", 5) == "lost"
    assert len(gone.histories) == 2 + module.MOST_UNSEEN


def test_a_large_cluster_may_have_as_many_members_away_as_are_there() -> None:
    there = {f"E{number:04}": "a" for number in range(2000)}
    members = [*there, *(f"F{number:04}" for number in range(5000))]
    assert len(polled(START, 0, **there).after_members(members, 0).histories) == 4000


def test_a_node_without_a_time_is_never_fresh() -> None:
    freshness = polled(polled(START, 0, E1=None), 5, E1=None)
    assert freshness.state("E1", 5) == "unconfirmed"
    freshness = polled(freshness, 6, E1="a")
    assert freshness.state("E1", 6) == "unconfirmed"
    assert polled(freshness, 7, E1="b").state("E1", 7) == "fresh"


def test_a_value_is_never_changed_only_replaced() -> None:
    first = polled(START, 0, E1="a")
    polled(first, 5, E1="b")
    assert first.report(5)["E1"]["last_time"] == "a"
    assert START.histories == {}


def test_a_node_that_stands_while_others_move_is_stale_after_three_of_its_rhythms() -> None:
    freshness = START
    for step in range(6):
        freshness = polled(freshness, step * 5, E1=f"a{step}", E2=f"b{step}")
    for step in range(6, 8):
        freshness = polled(freshness, step * 5, E1=f"a{step}", E2="b5")
        assert freshness.state("E2", step * 5) == "fresh"
    freshness = polled(freshness, 40, E1="a8", E2="b5")
    assert (freshness.state("E1", 40), freshness.state("E2", 40)) == ("fresh", "stale")


def test_all_that_stand_together_are_stale_after_stale_after() -> None:
    freshness = START
    for step in range(6):
        freshness = polled(freshness, step * 5, E1=f"a{step}", E2=f"b{step}")
    assert polled(freshness, 44, E1="a5", E2="b5").state("E1", 44) == "fresh"
    assert polled(freshness, 45, E1="a5", E2="b5").state("E1", 45) == "stale"


def test_an_age_never_runs_backwards_while_nothing_new_came() -> None:
    freshness = polled(polled(START, 0, E1="a"), 5, E1="b")
    before = freshness.report(5)["E1"]["age_s"]
    for now_s in range(6, 60):
        if now_s % 5 == 0:
            freshness = polled(freshness, now_s, E1="b")
        age_s = freshness.report(now_s)["E1"]["age_s"]
        assert age_s == pytest.approx(before + 1, abs=0.11)
        before = age_s


def test_of_ids_that_come_and_go_for_ever_only_the_latest_are_remembered_and_all_members(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_STRANGERS", 2)
    freshness = polled(START, 0, M1="a").after_members(["M1"], 0)
    for number in range(1, 6):
        freshness = polled(freshness, number, **{f"S{number}": "a"})
    freshness = polled(freshness, 6, E1="a")
    assert set(freshness.histories) == {"M1", "S4", "S5", "E1"}
