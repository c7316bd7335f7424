"""A command is observed when newer data show it, and only then."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from main_controller.commands.kind import Kinds
from main_controller.commands.kinds import KINDS
from main_controller.commands.observer import Observer
from main_controller.commands.row_life import RowLife
from main_controller.errors import NeighbourFailedError
from main_controller.picture.converter_answers import ConverterAnswer, overlaid, still_shown
from main_controller.picture.data_collector import Poll
from main_controller.picture.freshness import Freshness
from main_controller.storage.ledger import Ledger
from main_controller.storage.ledger_row import Row, RowState
from tests.neighbour import node
from tests.rows import begun

UTC_NOW = datetime(2026, 11, 23, tzinfo=UTC)


class Watched:
    """An observer with a cluster that is polled every 5 s; every poll moves the nodes' clocks."""

    def __init__(self, folder: Path) -> None:
        self.ledger = Ledger(folder, 365)
        self.start()
        self.freshness = Freshness(20)
        self.now_s = 0.0
        self.nodes: dict[str, Any] = {name: node(name) for name in ("E001", "E002")}
        self.poll()
        self.poll()

    def start(self) -> None:
        self.observer = Observer(Kinds(KINDS))
        self.life = RowLife(self.ledger, Kinds(KINDS), self.observer)

    def poll(self, *, moved: bool = True, error: bool = False) -> None:
        self.now_s += 5
        if moved:
            for name in self.nodes:
                self.nodes[name] = self.nodes[name] | {"time": f"t{self.now_s}"}
        if not error:
            self.freshness = self.freshness.after_poll(self.nodes, self.now_s, UTC_NOW)
        problem = NeighbourFailedError("away", sent=True) if error else None
        polled = {} if error else dict(self.nodes)
        self.life.after_poll(Poll(polled, self.freshness, self.now_s - 0.5, self.now_s, problem))

    def command(self, command: str, target: str, values: dict[str, Any]) -> Row:
        row = begun(self.ledger, "x", command, target, values)
        self.observer.began(row, self.freshness.histories, self.now_s)
        return self.life.finish(row, "accepted", {})

    def seen(self, row: Row) -> tuple[str | None, float | None]:
        found = self.ledger.get(row.id)
        assert found is not None
        return found.observed, found.observed_after_s

    def sets(self, *names: str, mode: str) -> None:
        for name in names:
            self.nodes[name] = node(name, mode=mode)

    def converter(self, name: str, status: str, ig: float = 0) -> None:
        self.nodes[name] = self.nodes[name] | {"dcdc": {"status": {"status": status}, "meter": {"ig": ig}}}


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Watched]:
    watched = Watched(tmp_path)
    yield watched
    watched.ledger.close()


def test_a_global_mode_is_observed_when_all_fresh_nodes_report_it(there: Watched) -> None:
    row = there.command("setOperationMode", "", {"value": "manual"})
    there.sets("E001", mode="manual")
    there.poll()
    assert there.seen(row) == ("watching", None)
    there.sets("E002", mode="manual")
    there.poll()
    assert there.seen(row) == ("observed", 10.0)


def test_data_from_before_the_command_do_not_count(there: Watched) -> None:
    row = there.command("setOperationMode", "", {"value": "autonomous"})  # as they report already
    there.poll(moved=False)
    assert there.seen(row) == ("watching", None)
    there.poll()
    assert there.seen(row) == ("observed", 10.0)


def test_a_change_that_may_have_been_gathered_before_the_command_does_not_count(there: Watched) -> None:
    row = there.command("setOperationMode", "", {"value": "autonomous"})
    there.now_s -= 4  # the next poll ends 1 s after the command
    there.poll()
    assert there.seen(row) == ("watching", None)
    there.now_s -= 4
    there.poll()
    assert there.seen(row)[0] == "observed"


def test_a_poll_that_was_under_way_when_the_command_began_does_not_count(there: Watched) -> None:
    there.converter("E002", "0x0000")
    there.now_s += 4.5
    row = there.command("set/dcdc", "E002", {"mode": "0x0000", "dvg": "350", "dig": "2"})
    there.now_s -= 4.5
    there.poll()
    assert there.seen(row) == ("watching", None)
    there.poll()
    assert there.seen(row)[0] == "observed"


def test_what_is_not_seen_in_30_s_of_fresh_data_was_not_taken_with_what_is_seen_instead(there: Watched) -> None:
    row = there.command("set/budo", "", {"mode": "manual"})
    for _ in range(5):
        there.poll()
        assert there.seen(row) == ("watching", None)
    there.poll()
    observed, _ = there.seen(row)
    assert observed == "not taken: E001: autonomous, E002: autonomous"


def test_old_data_are_waited_for_and_do_not_count_as_not_taken(there: Watched) -> None:
    row = there.command("setOperationMode", "", {"value": "manual"})
    for _ in range(10):
        there.poll(moved=False)
    assert there.seen(row) == ("waiting for data", None)
    for _ in range(10):
        there.poll(error=True)
    assert there.seen(row) == ("waiting for data", None)
    there.sets("E001", "E002", mode="manual")
    there.poll()
    assert there.seen(row)[0] == "observed"


@pytest.mark.parametrize("value", ["heteronomous", ""])
def test_a_local_mode_is_observed_at_its_node(there: Watched, value: str) -> None:
    row = there.command("setOperationMode", "E001", {"value": value})
    changed = node("E001")
    changed["apis"]["operation_mode"]["local"] = "stop"
    there.nodes["E001"] = changed
    there.poll()
    assert there.seen(row)[0] == "watching"
    changed["apis"]["operation_mode"]["local"] = value or None
    there.poll()
    assert there.seen(row)[0] == "observed"


@pytest.mark.parametrize(
    ("mode", "dig", "ig", "seen"),
    [
        ("0x0014", "5", 0.0, True),
        ("0x0041", "2", 2.2, True),
        ("0x0041", "2", 1.79, False),
        ("0x0041", "10", 9.1, True),
        ("0x0041", "10", 8.9, False),
        ("0x0002", "1", -1.1, True),
        ("0x0002", "1", 0.0, False),
    ],
)
def test_a_converter_is_observed_by_its_status_and_current(
    there: Watched, mode: str, dig: str, ig: float, seen: bool
) -> None:
    row = there.command("set/dcdc", "E002", {"mode": mode, "dvg": "350", "dig": dig})
    there.poll()
    assert there.seen(row)[0] == "watching"
    there.converter("E002", mode, ig)
    there.poll()
    assert there.seen(row)[0] == ("observed" if seen else "watching")


def test_stop_all_is_observed_when_all_fresh_converters_wait(there: Watched) -> None:
    there.converter("E001", "0x0014")
    row = there.command("stopAll", "", {})
    there.poll()
    assert there.seen(row)[0] == "watching"
    there.converter("E001", "0x0000")
    there.poll()
    assert there.seen(row)[0] == "observed"


def test_a_shut_down_node_is_observed_gone_and_not_by_a_failed_poll(there: Watched) -> None:
    row = there.command("shutDown", "E002", {})
    there.poll(error=True)
    assert there.seen(row)[0] == "waiting for data"
    there.poll()
    assert there.seen(row)[0] == "watching"
    del there.nodes["E002"]
    there.poll()
    assert there.seen(row)[0] == "observed"


def test_a_shut_down_cluster_is_observed_by_silence(there: Watched) -> None:
    row = there.command("shutDown", "", {})
    there.poll()
    assert there.seen(row)[0] == "watching"
    there.poll(error=True)
    there.poll()
    there.poll(error=True)
    assert there.seen(row)[0] == "waiting for data"  # one bad poll is no silence
    there.poll(error=True)
    assert there.seen(row)[0] == "observed"


def test_a_later_command_supersedes_the_earlier_for_the_same_thing_only(there: Watched) -> None:
    first = there.command("set/dcdc", "E001", {"mode": "0x0014", "dvg": "350", "dig": "2"})
    other = there.command("set/dcdc", "E002", {"mode": "0x0041", "dvg": "350", "dig": "2"})
    mode = there.command("setOperationMode", "", {"value": "manual"})
    second = there.command("set/dcdc", "E001", {"mode": "0x0000", "dvg": "350", "dig": "2"})
    there.poll()
    assert there.seen(first)[0] == f"superseded by {second.id}"
    assert there.seen(other)[0] == "watching"
    assert there.seen(mode)[0] == "watching"
    stop = there.command("stopAll", "", {"budo": True})
    there.poll()
    assert there.seen(other)[0] == f"superseded by {stop.id}"
    assert there.seen(mode)[0] == f"superseded by {stop.id}"


def test_rows_go_on_being_watched_after_a_restart(there: Watched, tmp_path: Path) -> None:
    row = there.command("setOperationMode", "", {"value": "manual"})
    there.ledger.close()
    there.ledger = Ledger(tmp_path, 365)
    there.start()
    there.sets("E001", "E002", mode="manual")
    there.poll()
    there.poll()
    assert there.seen(row)[0] == "observed"


def test_a_converters_answer_is_shown_in_place_of_older_data() -> None:
    answer = ConverterAnswer({"status": {"status": "0x0014"}}, 100.0, "t1")
    old, newer = node("E001", "t1"), node("E001", "t2")
    assert still_shown(answer, old, 101)
    assert still_shown(answer, newer, 101)  # gathered before the command, polled after it
    assert not still_shown(answer, newer, 105)
    assert not still_shown(answer, old, 115)
    agreeing = newer | {"dcdc": {"status": {"status": "0x0014"}, "meter": {"wg": 1}}}
    assert not still_shown(answer, agreeing, 101)
    assert overlaid(old, answer)["dcdc"]["status"] == {"status": "0x0014"}
    assert overlaid(old, answer)["dcdc"]["meter"] == old["dcdc"]["meter"]


@pytest.mark.parametrize("how", ["stale", "lost"])
def test_stop_all_is_not_seen_while_a_stale_or_lost_node_was_last_seen_running(there: Watched, how: str) -> None:
    there.nodes["E002"]["dcdc"]["status"]["status"] = "0x0014"
    there.poll()
    gone = there.nodes.pop("E002")
    for _ in range(6):
        if how == "stale":
            there.nodes["E002"] = gone
        there.poll(moved=False)
        there.nodes["E001"] = there.nodes["E001"] | {"time": f"u{there.now_s}"}
    row = there.command("stopAll", "", {})
    for _ in range(3):
        there.nodes["E001"] = there.nodes["E001"] | {"time": f"v{there.now_s}"}
        there.poll(moved=False)
    assert there.seen(row)[0] == "watching"
    for _ in range(5):
        there.nodes["E001"] = there.nodes["E001"] | {"time": f"w{there.now_s}"}
        there.poll(moved=False)
    assert there.seen(row)[0] == "not taken: E002: its converter may still run"


def _instead(there: Watched, row: Row) -> dict[str, Any]:
    """What the data show instead, once the command was given up, as the page reads it."""
    for _ in range(40):
        there.poll()
    found = there.ledger.get(row.id)
    assert found is not None
    assert found.state is RowState.NOT_TAKEN
    return {one["node"]: (one["code"], one["params"]) for one in found.state_params["instead"]}


def test_what_the_data_show_instead_is_told_by_node_with_its_code(there: Watched) -> None:
    local = there.command("setOperationMode", "E001", {"value": "stop"})
    assert _instead(there, local) == {"E001": ("local_mode", {"mode": None})}
    found = there.ledger.get(local.id)
    assert found is not None
    assert found.observed == "not taken: E001: no local mode"


def test_a_stop_by_budo_is_not_seen_while_a_node_is_still_in_run_though_its_converter_waits(there: Watched) -> None:
    there.sets("E001", "E002", mode="autonomous")
    for unit in ("E001", "E002"):
        there.nodes[unit]["dcdc"]["status"]["status"] = "0x0000"
    there.poll()
    row = there.command("stopAll", "", {"budo": True})
    told = _instead(there, row)
    assert told["E001"] == ("converter_in_mode", {"status": "0x0000", "mode": "autonomous"})
    waits = there.command("stopAll", "", {"budo": False})
    there.poll()
    there.poll()
    assert there.seen(waits)[0] == "observed"
