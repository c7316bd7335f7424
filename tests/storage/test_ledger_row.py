"""One row as it is answered: its names are what scripts and the page read."""

from datetime import UTC, datetime

from main_controller.storage.ledger_row import Row, RowState

ROW = Row(
    7,
    datetime(2026, 11, 25, 12, 0, 0, 1500, UTC),
    "10.0.0.5 browser",
    "setOperationMode",
    "E001",
    {"value": "stop"},
    outcome="accepted",
    answer={"succeeded": True},
    sight=RowState.OBSERVED,
    state_params={"after_s": 6.2},
)


def test_a_row_is_answered_with_all_that_is_known_of_it() -> None:
    assert ROW.as_answer() == {
        "id": 7,
        "at": "2026-11-25T12:00:00.001+00:00",
        "from": "10.0.0.5 browser",
        "command": "setOperationMode",
        "target": "E001",
        "values": {"value": "stop"},
        "outcome": "accepted",
        "answer": {"succeeded": True},
        "observed": "observed",
        "observed_after_s": 6.2,
        "state": "observed",
        "state_params": {"after_s": 6.2},
        "code": None,
        "params": {},
    }


def test_the_askers_own_id_is_answered_where_there_is_one() -> None:
    with_key = Row(1, ROW.at, "x", "flushCache", "", {}, key="abcdefgh")
    assert with_key.as_answer()["key"] == "abcdefgh"
    assert (with_key.as_answer()["observed"], with_key.as_answer()["observed_after_s"]) == (None, None)


def test_a_row_that_was_not_seen_in_time_tells_no_time() -> None:
    over = Row(1, ROW.at, "x", "stopAll", "", {}, "accepted", sight=RowState.GIVEN_UP, state_params={"after_s": 3600})
    assert over.as_answer()["observed_after_s"] is None
    assert not over.is_open()
    assert Row(1, ROW.at, "x", "stopAll", "", {}).is_open()
