"""What Stop all looks after when Budo's stop has left a converter running."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import startMain
from main_controller import settings, wiring
from main_controller.commands import stop_all
from main_controller.runtime.folders import PROGRAM, Folders
from tests.neighbour import Neighbour, node
from tests.running import eventually, pointed


class There:
    """A product without server, polled by hand, on a neighbour with two nodes in Run, one of which holds the bus."""

    def __init__(self, neighbour: Neighbour, folder: Path) -> None:
        self.neighbour = neighbour
        self.nodes: dict[str, Any] = {name: node(name) for name in ("E001", "E002")}
        self.nodes["E001"]["dcdc"]["status"]["status"] = "0x0014"
        arguments = [*pointed(neighbour.doors), "--emul-url", neighbour.url, "--neighbour-timeout", "0.5"]
        chosen = settings.load(vars(startMain), {}, arguments)[0]
        self.product = wiring.build(chosen, Folders(PROGRAM, folder), 32)
        self.operations = self.product.scheduler._parts.operations
        watcher = self.product.collector.watchers[0].__self__  # type: ignore[attr-defined]
        assert isinstance(watcher, stop_all.StopAll)
        self.stop_all = watcher
        self.poll()
        self.poll()

    def poll(self) -> None:
        self.nodes = {name: value | {"time": f"t{time.monotonic()}"} for name, value in self.nodes.items()}
        self.neighbour.cluster(self.nodes)
        self.neighbour.says("/stop", {"active": False})
        for unit in ("E001", "E002"):
            self.neighbour.says(f"/set/dcdc/{unit}", {"status": {"status": "0x0000"}})
        self.product.collector.step()

    def waits(self) -> list[str]:
        return [path.split("?")[0] for path in self.neighbour.requests if path.startswith("/set/dcdc/")]


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[There]:
    monkeypatch.setattr(stop_all, "FOLLOW_UP_AFTER_S", 0.05)
    with Neighbour() as neighbour:
        running = There(neighbour, tmp_path)
        yield running
        running.product.ledger.close()


def test_a_converter_left_running_gets_its_wait_once(there: There) -> None:
    result = there.stop_all.stop_all("127.0.0.1 script")
    assert result.body == {"stopAll": "done.", "nodes": {}, "budo": "accepted"}
    there.poll()
    time.sleep(0.06)
    there.poll()
    eventually(lambda: there.waits() == ["/set/dcdc/E001"])
    there.poll()
    there.poll()
    assert there.waits() == ["/set/dcdc/E001"]
    follow_up = eventually(lambda: [r for r in there.product.ledger.newest(9) if r.origin.startswith("follow-up")])[0]
    assert follow_up.origin == f"follow-up of stop all {result.command_id}"
    eventually(lambda: there.product.ledger.get(follow_up.id).outcome == "accepted")  # type: ignore[union-attr]


def test_nobody_who_waits_gets_one(there: There) -> None:
    there.stop_all.stop_all("127.0.0.1 script")
    there.nodes["E001"]["dcdc"]["status"]["status"] = "0x0000"
    time.sleep(0.06)
    there.poll()
    there.poll()
    assert there.waits() == []


@pytest.mark.parametrize("how", ["mode", "converter"])
def test_a_later_command_is_respected(there: There, how: str) -> None:
    there.stop_all.stop_all("127.0.0.1 script")
    there.neighbour.says("/setOperationMode", {"succeeded": True})
    if how == "mode":
        there.operations.set_global_mode("127.0.0.1 script", "manual")
    else:
        values = {"mode": "0x0014", "dvg": "350", "dig": "2"}
        there.operations.set_converter("127.0.0.1 script", "E001", values, force=True)
    before = there.waits()
    time.sleep(0.06)
    there.poll()
    there.poll()
    assert there.waits() == before


def test_a_restart_in_between_does_not_forget_it(there: There, tmp_path: Path) -> None:
    there.stop_all.stop_all("127.0.0.1 script")
    there.product.ledger.close()
    neighbour = there.neighbour
    neighbour.requests.clear()
    time.sleep(0.06)
    again = There(neighbour, tmp_path)
    eventually(lambda: "/set/dcdc/E001" in again.waits())
    eventually(lambda: again.product.ledger.newest(1)[0].outcome == "accepted")
    again.product.ledger.close()


@pytest.mark.parametrize("why", ["no fresh node", "an unknown mode", "a run that was just commanded"])
def test_where_the_modes_are_not_known_it_is_both_at_once(there: There, why: str) -> None:
    if why == "an unknown mode":
        there.nodes = {name: node(name, mode="manual") for name in there.nodes}
        there.nodes["E002"]["apis"] = None
    elif why == "no fresh node":
        there.nodes = {}
        there.neighbour.cluster({"E003": node("E003")})
        there.product.collector.step()
    else:
        there.nodes = {name: node(name, mode="manual") for name in there.nodes}
    if there.nodes:
        there.poll()
    there.neighbour.says("/setOperationMode", {"succeeded": True})
    there.neighbour.says("/set/dcdc/E003", {"status": {"status": "0x0000"}})
    if why == "a run that was just commanded":
        there.operations.set_global_mode("127.0.0.1 script", "autonomous")
    result = there.stop_all.stop_all("127.0.0.1 script")
    assert result.body["stopAll"] == "done."
    assert result.body["budo"] == "accepted"
    assert {"E001", "E002"} <= set(result.body["nodes"])
    assert "/stop" in there.neighbour.requests
    row = there.product.ledger.get(result.command_id)
    assert row is not None
    assert row.observed == "watching"


def test_an_address_that_is_none_costs_that_node_only(there: There) -> None:
    there.nodes = {name: node(name, mode="manual") for name in there.nodes}
    there.nodes["E001"]["oesunit"]["ip"] = "00:11:22:33:44:55"
    there.poll()
    result = there.operations.set_ups("127.0.0.1 script", "1")
    assert result.status == 502
    assert "is no IP address" in result.body["E001"]["error"]


def test_many_who_press_at_once_make_every_call_once(there: There) -> None:
    there.nodes = {name: node(name, mode="manual") for name in there.nodes}
    there.poll()
    there.neighbour.requests.clear()
    for unit in ("E001", "E002"):
        there.neighbour.hangs(f"/set/dcdc/{unit}")
    results: list[dict[str, Any]] = []
    pressing = [
        threading.Thread(target=lambda: results.append(there.stop_all.stop_all("127.0.0.1 script").body))
        for _ in range(20)
    ]
    for thread in pressing:
        thread.start()
    for thread in pressing:
        thread.join(10)
    assert [result["nodes"] for result in results] == [{"E001": "unknown", "E002": "unknown"}] * 20
    assert len(there.waits()) < 20  # two, but that the last to start may come after the first round
    assert len(there.product.ledger.newest(100)) == 20


def test_an_answer_nested_too_deeply_costs_neither_the_result_nor_the_row(there: There) -> None:
    there.nodes = {name: node(name, mode="manual") for name in there.nodes}
    there.poll()
    deep: Any = 1
    for _ in range(252):
        deep = [deep]
    there.neighbour.says("/set/dcdc/E001", {"status": {"status": "0x0000"}, "x": deep})
    result = there.stop_all.stop_all("127.0.0.1 script")
    assert result.status == 502
    assert result.body["nodes"] == {"E001": "unknown", "E002": "accepted"}
    assert [row.outcome for row in there.product.ledger.newest(9)] == ["partial"]


def test_the_converter_of_a_lost_node_is_told_to_wait_at_once_and_what_it_said_is_told(there: There) -> None:
    del there.nodes["E001"]  # which held the bus, and whose program is gone
    there.poll()
    result = there.stop_all.stop_all("127.0.0.1 script")
    assert there.waits() == ["/set/dcdc/E001"]
    assert result.body["lost"] == {"E001": "its converter itself answered: it waits"}
    assert there.product.collector.freshness.left_running(time.monotonic()) == []


def test_a_lost_nodes_converter_that_does_not_answer_may_still_run(there: There) -> None:
    del there.nodes["E001"]
    there.poll()
    there.neighbour.hangs("/set/dcdc/E001")
    result = there.stop_all.stop_all("127.0.0.1 script")
    there.neighbour.released.set()
    assert result.status == 504
    assert result.body["budo"] == "accepted"
    assert result.body["lost"]["E001"].startswith("its converter did not answer, it may still run")
    assert there.product.collector.freshness.left_running(time.monotonic()) == ["E001"]


def test_what_budo_refused_marks_nothing_as_from_before_it(there: There) -> None:
    before, freshness = there.operations.parts.recorder._before, there.product.collector.freshness
    there.neighbour.says("/setOperationMode", {"succeeded": False, "error": "no leader"})
    assert there.operations.set_global_mode("127.0.0.1 script", "manual").outcome == "refused"
    assert before.told(freshness, time.monotonic()) == {}
    there.neighbour.hangs("/setOperationMode")  # it may have taken effect
    there.operations.set_global_mode("127.0.0.1 script", "manual")
    there.neighbour.released.set()
    assert set(before.told(freshness, time.monotonic())) == {"E001", "E002"}


def test_after_five_minutes_nothing_is_looked_after_any_more(there: There, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stop_all, "FOLLOW_UP_UNTIL_S", 0.1)
    there.stop_all.stop_all("127.0.0.1 script")
    time.sleep(0.15)
    there.poll()
    there.poll()
    time.sleep(0.1)
    assert there.waits() == []
