"""A command that was based on what has changed meanwhile is refused; one that only stops goes, and says so."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.commands.plant import Plant
from tests.running import eventually

KEY = {"X-Command-Key": "0123456789abcdef"}


def _soon(minutes: int) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat(timespec="seconds")


@pytest.mark.parametrize(
    ("path", "parameters", "seen"),
    [
        ("/setOperationMode", {"value": "manual"}, "stop"),
        ("/setOperationMode", {"value": "autonomous"}, "unknown"),
        ("/setOperationMode", {"value": "", "unitId": "E001"}, "heteronomous"),
        ("/set/dcdc/E001", {"mode": "0x0041", "dvg": "350", "dig": "1"}, "0x0014"),
        ("/shutDown", {"unitId": "E001"}, "stop"),
        ("/shutDown", {}, "stop"),
    ],
)
def test_what_was_shown_and_is_no_more_so_is_refused(
    plant: Plant, path: str, parameters: dict[str, str], seen: str
) -> None:
    plant.mode("manual")
    response = plant.running.get(path, params=parameters | {"was": seen})
    assert response.status_code == 409
    assert f"was '{seen}' and is '" in response.json()["error"]
    assert response.json()["params"]["basis"] in {"global_mode", "local_mode", "effective_mode", "converter"}
    assert response.headers["X-Not-Sent"] == "true"
    assert plant.sent() == []


@pytest.mark.parametrize(
    ("path", "parameters", "seen"),
    [
        ("/setOperationMode", {"value": "stop"}, "autonomous"),
        ("/setOperationMode", {"value": "heteronomous"}, "stop"),
        ("/setOperationMode", {"value": "stop", "unitId": "E001"}, "heteronomous"),
        ("/set/dcdc/E001", {"mode": "0x0000"}, "0x0014"),
    ],
)
def test_what_only_stops_is_sent_and_says_what_had_changed(
    plant: Plant, path: str, parameters: dict[str, str], seen: str
) -> None:
    plant.mode("manual")
    response = plant.running.get(path, params=parameters | {"was": seen})
    assert response.status_code == 200, response.text
    assert f"was '{seen}' and is '" in response.json()["changed"]
    (note,) = response.json()["notes"]
    assert note["code"] == "changed_since_shown"
    assert (note["params"]["was"], note["params"]["node"]) == (seen, "E001" if "E001" in path + str(parameters) else "")
    assert len(plant.sent()) == 1
    if parameters.get("unitId"):
        plant.observed(plant.command("/setOperationMode?value=&unitId=E001"))


def test_a_command_based_on_what_is_so_is_sent(plant: Plant) -> None:
    plant.mode("manual")
    response = plant.running.get("/setOperationMode", params={"value": "autonomous", "was": "manual"})
    assert response.status_code == 200
    assert "changed" not in response.json()


def test_a_second_operators_schedule_is_never_overwritten_unseen(plant: Plant) -> None:
    ask = {"operation": "softStop", "unitId": "E002"}
    first, second = _soon(60), _soon(120)
    assert plant.running.get("/setSchedule", params=ask | {"value": first, "was": "none"}).status_code == 200
    response = plant.running.get("/setSchedule", params=ask | {"value": second, "was": "none"})
    assert response.status_code == 409
    assert "the schedule of E002 was 'none'" in response.json()["error"]
    assert response.json()["params"] | {"now": ""} == {
        "what": "the schedule of E002",
        "was": "none",
        "now": "",
        "basis": "schedule",
        "node": "E002",
    }
    cleared = plant.running.get("/setSchedule", params=ask | {"was": second})
    assert cleared.status_code == 409
    assert plant.running.json("/schedules")["E002"]["softStop"] == first
    assert plant.running.get("/setSchedule", params=ask | {"was": first}).status_code == 200
    assert "E002" not in plant.running.json("/schedules")
    assert plant.running.get("/setSchedule", params=ask | {"was": "soon"}).status_code == 400


def _marked(plant: Plant) -> dict[str, int]:
    nodes = plant.running.json("/get/freshness")["nodes"]
    return {unit: told["before_command"] for unit, told in nodes.items() if told["before_command"] is not None}


def test_what_a_command_may_change_is_told_as_from_before_it(plant: Plant) -> None:
    eventually(lambda: not _marked(plant), 20)
    plant.running.get("/flushCache")
    assert _marked(plant) == {}  # it changes nothing
    stop_all = plant.command("/stopAll")
    assert set(_marked(plant).values()) == {int(stop_all.headers["X-Command-Id"])}
    assert len(_marked(plant)) == 4
    eventually(lambda: not _marked(plant), 20)


def test_stop_all_says_what_had_changed_and_stops(plant: Plant) -> None:
    plant.mode("manual")
    told = plant.command("/stopAll?was=autonomous&nonsense=1")
    assert told.status_code == 200
    assert told.json()["changed"].endswith("the global mode was 'autonomous' and is 'manual' now")
    assert len(plant.sent()) == 4
    assert [note["code"] for note in told.json()["notes"]] == ["changed_since_shown"]
    assert not {"changed", "notes"} & plant.command("/stopAll?was=manual").json().keys()


def test_a_command_is_found_by_the_key_of_its_asker(plant: Plant) -> None:
    plant.mode("manual")
    command_id = plant.running.get("/flushCache", headers=KEY).headers["X-Command-Id"]
    rows = plant.running.json(f"/commands?key={KEY['X-Command-Key']}")
    assert [(str(row["id"]), row["key"]) for row in rows] == [(command_id, KEY["X-Command-Key"])]
    assert plant.running.json("/commands?key=nobodys-key") == []
    assert "key" not in plant.running.json(f"/commands/{plant.running.get('/flushCache').headers['X-Command-Id']}")
    odd = plant.running.get("/flushCache", headers={"X-Command-Key": "short"})  # which hinders nothing
    assert "key" not in plant.running.json(f"/commands/{odd.headers['X-Command-Id']}")


def test_only_our_own_refusal_says_that_nothing_was_sent(plant: Plant) -> None:
    assert plant.running.get("/setOperationMode?value=nonsense").headers["X-Not-Sent"] == "true"
    assert plant.running.get("/setOperationMode?valeu=stop").headers["X-Not-Sent"] == "true"
    plant.mode("manual")
    assert "X-Not-Sent" not in plant.running.get("/flushCache").headers
