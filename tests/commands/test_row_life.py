"""A row passes through named states, in the steps of one table, and says in each what became of the command."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from main_controller.commands.kind import Kinds
from main_controller.commands.kinds import KINDS
from main_controller.commands.observer import Observer
from main_controller.commands.row_life import STEPS, RowLife
from main_controller.errors import NeighbourLateError, NeighbourRefusedError
from main_controller.storage.ledger import Ledger
from main_controller.storage.ledger_row import Row, RowState
from tests.commands.test_observer import Watched
from tests.rows import begun

MANUAL = ("setOperationMode", "", {"value": "manual"})


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Watched]:
    watched = Watched(tmp_path)
    yield watched
    watched.ledger.close()


def _row(there: Watched, row: Row) -> dict[str, Any]:
    found = there.ledger.get(row.id)
    assert found is not None
    return found.as_answer()


def _stands(there: Watched, row: Row) -> tuple[str, dict[str, Any], str | None]:
    found = _row(there, row)
    return found["state"], found["state_params"], found["observed"]


def _polls(there: Watched, times: int, **how: bool) -> None:
    for _ in range(times):
        there.poll(**how)


def _observed(there: Watched) -> Row:
    row = there.command(*MANUAL)
    there.sets("E001", "E002", mode="manual")
    _polls(there, 2)
    return row


def _not_taken(there: Watched) -> Row:
    row = there.command(*MANUAL)
    _polls(there, 7)
    return row


def _superseded(there: Watched) -> Row:
    row = there.command(*MANUAL)
    there.command("setOperationMode", "", {"value": "stop"})
    there.poll()
    return row


def _given_up(there: Watched) -> Row:
    row = there.command(*MANUAL)
    there.now_s += 3600
    there.poll(error=True)
    return row


def _nothing_to_see(there: Watched) -> Row:
    row = begun(there.ledger, "x", "flushCache", "", {})
    return there.life.finish(row, "accepted", {"flushed": True})


def _refused(there: Watched) -> Row:
    row = begun(there.ledger, "x", "setOperationMode", "", {})
    return there.life.finish(row, "refused", "no leader", NeighbourRefusedError("no leader", sent=True))


NOT_MANUAL = [{"node": unit, "code": "global_mode", "params": {"mode": "autonomous"}} for unit in ("E001", "E002")]
IN_WORDS = "E001: autonomous, E002: autonomous"
LAST = [
    (_observed, "observed", {"after_s": 5.0}, "observed"),
    (
        _not_taken,
        "not_taken",
        {"after_s": 30.0, "instead": NOT_MANUAL, "more": 0, "text": IN_WORDS},
        f"not taken: {IN_WORDS}",
    ),
    (_superseded, "superseded", {"by": 2}, "superseded by 2"),
    (_given_up, "given_up", {"after_s": 3600.0}, "not taken: no fresh data for an hour"),
    (_nothing_to_see, "accepted", {}, None),
    (_refused, "refused", {}, None),
]


@pytest.mark.parametrize(("how", "state", "params", "observed"), LAST)
def test_a_row_says_how_it_ended_by_a_code_and_in_words(
    there: Watched, how: Callable[[Watched], Row], state: str, params: dict[str, Any], observed: str | None
) -> None:
    assert _stands(there, how(there)) == (state, params, observed)


@pytest.mark.parametrize("how", [row[0] for row in LAST])
def test_a_row_that_ended_stays_as_it_is(
    there: Watched, how: Callable[[Watched], Row], caplog: pytest.LogCaptureFixture
) -> None:
    row = how(there)
    ended = _row(there, row)
    there.life.finish(row, "unknown", "nonsense")
    _polls(there, 8)
    assert _row(there, row) == ended
    assert f"command {row.id} is {ended['state']} and cannot become" in caplog.text


@pytest.mark.parametrize("how", [row[0] for row in LAST])
def test_a_row_that_ended_is_the_same_after_a_restart(
    there: Watched, how: Callable[[Watched], Row], tmp_path: Path
) -> None:
    row = how(there)
    ended = _row(there, row)
    there.ledger.close()
    there.ledger = Ledger(tmp_path, 365)
    there.start()
    assert _row(there, row) == ended


def test_a_row_waits_for_data_and_watches_again(there: Watched) -> None:
    row = there.command(*MANUAL)
    states = []
    for error in (False, True, False):
        _polls(there, 1, error=error)
        states.append(_stands(there, row))
    watching: tuple[str, dict[str, Any], str | None] = ("watching", {}, "watching")
    assert states == [watching, ("waiting_for_data", {}, "waiting for data"), watching]


def test_every_state_but_the_first_is_reached_and_those_of_an_end_are_left_by_none() -> None:
    assert set().union(*STEPS.values()) == set(RowState) - {RowState.SENDING}
    assert STEPS.keys() == {RowState.SENDING, RowState.WATCHING, RowState.WAITING_FOR_DATA}


def test_what_went_wrong_has_its_code_while_the_row_is_watched_and_after_it(there: Watched) -> None:
    row = begun(there.ledger, "x", *MANUAL)
    there.observer.began(row, there.freshness.histories, there.now_s)
    there.life.finish(row, "unknown", "late", NeighbourLateError("late", sent=True))
    for state in ("watching", "observed"):
        found = _row(there, row)
        assert (found["outcome"], found["state"]) == ("unknown", state)
        assert (found["code"], found["params"]) == ("neighbour_late", {"sent": True})
        there.sets("E001", "E002", mode="manual")
        _polls(there, 2)


def test_a_row_that_was_being_sent_when_the_program_ended_says_so_by_a_code(there: Watched, tmp_path: Path) -> None:
    rows = [begun(there.ledger, "x", *MANUAL), begun(there.ledger, "x", "flushCache", "", {})]
    there.ledger.close()
    there.ledger = Ledger(tmp_path, 365)
    there.start()
    found = [_row(there, row) for row in rows]
    assert [row["state"] for row in found] == ["watching", "unknown"]
    assert {(row["outcome"], row["code"]) for row in found} == {("unknown", "interrupted")}


def test_a_row_of_another_versions_command_ends_as_it_was_answered(there: Watched, tmp_path: Path) -> None:
    row = there.ledger.update(
        begun(there.ledger, "x", "set/lamp", "E001", {}), outcome="partial", sight=RowState.WATCHING
    )
    there.ledger.close()
    there.ledger = Ledger(tmp_path, 365)
    there.start()
    assert _stands(there, row) == ("partial", {}, None)


def test_where_no_node_reports_its_mode_a_mode_is_not_watched(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, 365)
    life = RowLife(ledger, Kinds(KINDS), Observer(Kinds(KINDS)), modes_are_seen=False)
    mode, converter = begun(ledger, "x", "set/budo", "", {}), begun(ledger, "x", "set/dcdc", "E001", {})
    assert life.finish(mode, "accepted", {}).state is RowState.ACCEPTED
    assert life.finish(converter, "accepted", {}).state is RowState.WATCHING
    ledger.close()


def test_of_many_nodes_that_do_otherwise_the_first_are_named_and_the_others_counted(there: Watched) -> None:
    for number in range(3, 10):
        there.nodes[f"E00{number}"] = there.nodes["E001"]
    _polls(there, 2)
    row = _not_taken(there)
    state, params, observed = _stands(there, row)
    assert (state, len(params["instead"]), params["more"]) == ("not_taken", 5, 4)
    assert observed is not None
    assert observed.endswith("E005: autonomous and 4 more")


@pytest.mark.parametrize(
    ("command", "target", "values", "instead"),
    [
        (
            "setOperationMode",
            "E001",
            {"value": "stop"},
            {"node": "E001", "code": "local_mode", "params": {"mode": None}},
        ),
        (
            "set/dcdc",
            "E001",
            {"mode": "0x0041", "dvg": "350", "dig": "2"},
            {"node": "E001", "code": "converter_current", "params": {"status": "0x0014", "current_a": -1.5}},
        ),
        (
            "stopAll",
            "",
            {"budo": True},
            {"node": "E001", "code": "converter_in_mode", "params": {"status": "0x0014", "mode": "autonomous"}},
        ),
        ("shutDown", "E001", {}, {"node": "E001", "code": "still_reports", "params": {}}),
        ("shutDown", "", {}, {"node": "", "code": "apis_web_answers", "params": {}}),
    ],
)
def test_what_is_seen_instead_has_a_code_with_its_numbers(
    there: Watched, command: str, target: str, values: dict[str, Any], instead: dict[str, Any]
) -> None:
    there.converter("E001", "0x0014", -1.5)
    row = there.command(command, target, values)
    _polls(there, 7)
    state, params, _ = _stands(there, row)
    assert (state, params["instead"][0]) == ("not_taken", instead)
