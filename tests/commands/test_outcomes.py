"""What a command answers, and what the ledger tells of it."""

import json
from datetime import datetime, timedelta

import pytest

from tests.commands.plant import Plant
from tests.neighbour import Neighbour, node
from tests.running import eventually, pointed, started


def test_a_refusal_is_told_in_the_neighbours_words() -> None:
    with Neighbour() as neighbour:
        neighbour.cluster({"E001": node("E001")})
        with started(*pointed(neighbour.doors)) as running:
            eventually(lambda: running.get("/get/logInfo").status_code == 200)
            plant = Plant(neighbour.doors, running)
            neighbour.says("/setOperationMode", {"succeeded": False, "error": "no leader"})
            response = plant.command("/setOperationMode?value=manual")
            assert response.status_code == 502
            assert "no leader" in response.json()["error"]
            row = plant.row(response)
            assert (row["outcome"], row["observed"]) == ("refused", None)
            assert row["answer"] == response.json()["error"]
            said = {"sent": True, "what": "refused", "who": "Budo Emulator", "said": "no leader"}
            assert (row["state"], row["code"], row["params"]) == ("refused", "neighbour_refused", said)
            neighbour.says("/manual", {"active": False, "error": "reading back failed"})
            response = plant.command("/set/budo/manual")
            assert response.status_code == 502
            assert plant.row(response)["outcome"] == "unknown"
            unreachable = {"apis_host": "127.0.0.1", "apis_emul_port": neighbour.port, "apis_budo_port": 1}
        with started(*pointed(unreachable)) as running:
            eventually(lambda: running.get("/get/logInfo").status_code == 200)
            plant = Plant(unreachable, running)
            response = plant.command("/setOperationMode?value=manual")
            assert response.status_code == 502
            assert "may have taken effect" not in response.json()["error"]
            row = plant.row(response)
            assert (row["outcome"], row["state"]) == ("failed", "failed")
            assert row["code"] == "neighbour_failed"
            assert row["params"].items() >= {"sent": False, "what": "unreachable", "who": "Budo Emulator"}.items()


@pytest.mark.parametrize(
    ("kind", "status", "outcome"), [("hang", 504, "unknown"), ("html", 502, "unknown"), ("error", 502, "unknown")]
)
def test_a_lost_answer_is_unknown_and_says_that_it_may_have_taken_effect(
    plant: Plant, kind: str, status: int, outcome: str
) -> None:
    plant.fault(door="budo", kind=kind)
    response = plant.command("/setOperationMode?value=manual")
    assert response.status_code == status
    assert "may have taken effect" in response.json()["error"]
    assert plant.row(response)["outcome"] == outcome
    plant.fault(kind="none")
    plant.mode("autonomous")


def test_ups_modes_go_to_every_node_and_one_that_fails_stops_none(plant: Plant) -> None:
    response = plant.command("/upsMode/5")
    assert response.status_code == 200
    assert sorted(response.json()) == ["E001", "E002", "E003", "E004"]
    sent = plant.sent()
    assert [request["method"] for request in sent] == ["PUT"] * 4
    assert {request["path"] for request in sent} == {"/1/ups1/operation/mode"}
    bodies = [request["body"] for request in sent]
    assert [json.loads(b) if isinstance(b, str) else b for b in bodies] == [{"operation_mode": 5}] * 4
    plant.fault(door="ups", kind="hang", node="E003")
    response = plant.command("/upsMode/2")
    assert response.status_code == 504
    assert "did not answer" in response.json()["E003"]["error"]
    assert "error" not in response.json()["E001"]
    row = plant.row(response)
    assert (row["outcome"], row["state"]) == ("partial", "partial")
    assert (row["code"], row["params"]) == ("not_all_accepted", {"failed": 1, "asked": 4})


def test_flush_cache_is_a_fresh_poll(plant: Plant) -> None:
    assert plant.command("/flushCache").json() == {"flushed": True, "nodes": 4}
    plant.fault(door="emulator", kind="error")
    response = plant.command("/flushCache")
    assert response.status_code == 502
    assert plant.running.get("/get/logInfo").status_code == 200


def test_jsonp_of_a_command(plant: Plant) -> None:
    response = plant.command("/flushCache?callback=a.b&_=1", method="GET")
    assert response.text == '/**/a.b({"flushed":true,"nodes":4});'
    assert response.headers["Cache-Control"] == "no-store"


def test_a_browser_with_the_header_is_told_as_a_browser(plant: Plant) -> None:
    headers = {"User-Agent": "Mozilla/5.0", "Origin": plant.running.url, "X-Requested-With": "XMLHttpRequest"}
    response = plant.command("/flushCache", headers=headers)
    assert plant.row(response)["from"] == "127.0.0.1 browser"


def test_the_ledger_tells_newest_first_and_since(plant: Plant) -> None:
    ids = [int(plant.command("/flushCache").headers["X-Command-Id"]) for _ in range(3)]
    rows = plant.running.json("/commands?limit=2")
    assert [row["id"] for row in rows] == ids[:0:-1]
    assert [row["id"] for row in plant.running.json(f"/commands?since={ids[0]}")] == ids[:0:-1]
    assert set(rows[0]) == {
        "id",
        "at",
        "from",
        "command",
        "target",
        "values",
        "outcome",
        "answer",
        "observed",
        "observed_after_s",
        "state",
        "state_params",
        "code",
        "params",
    }
    assert datetime.fromisoformat(rows[0]["at"]).utcoffset() == timedelta(0)
