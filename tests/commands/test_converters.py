"""Converters and Stop all: what was sent outward is what the neighbour recorded."""

import pytest

from tests.commands.plant import WAIT, Plant
from tests.running import eventually


def test_the_manual_sequence_of_the_specification(plant: Plant) -> None:
    plant.mode("manual")
    cv = plant.command("/set/dcdc/E001?mode=0x0014&dvg=350&dig=5")
    assert cv.json()["status"]["status"] == "0x0014"
    assert plant.node("E001")["dcdc"]["status"]["status"] == "0x0014"  # at once, before any poll
    (request,) = plant.sent()
    assert (request["door"], request["path"]) == ("hardware", "/set/dcdc/E001")
    assert request["query"] == {"mode": "0x0014", "dvg": "350", "dig": "5"}
    assert plant.observed(cv)["observed"] == "observed"
    eventually(lambda: plant.node("E001")["dcdc"]["meter"]["vg"] == 350, 20)
    charge = plant.command("/set/dcdc/E002?mode=0x0041&dvg=350&dig=2")
    assert plant.observed(charge)["observed"] == "observed"
    assert plant.node("E002")["dcdc"]["meter"]["wg"] == pytest.approx(700, abs=5)
    assert plant.node("E001")["dcdc"]["meter"]["wg"] == pytest.approx(-700, abs=5)
    discharge = plant.command("/set/dcdc/E003?mode=0x0002&dvg=370&dig=1.0")
    assert plant.observed(discharge)["observed"] == "observed"
    assert plant.node("E003")["dcdc"]["meter"]["wg"] == pytest.approx(-350, abs=5)
    for unit in ("E002", "E003", "E001"):
        assert plant.observed(plant.command(f"/set/dcdc/{unit}?mode=0x0000"))["observed"] == "observed"
    assert plant.sent()[-1]["query"] == WAIT
    eventually(lambda: plant.node("E001")["dcdc"]["meter"]["vg"] == 0)


def test_while_a_mode_is_under_way_no_converter_is_set(plant: Plant) -> None:
    plant.mode("manual")
    plant.fault(door="emulator", kind="frozen")
    plant.command("/setOperationMode?value=stop&unitId=E001")
    response = plant.command("/set/dcdc/E001?mode=0x0014&dvg=350&dig=5")
    assert response.status_code == 409
    assert "not yet seen" in response.json()["error"]
    assert plant.command("/set/dcdc/E001?mode=0x0000&force=true").status_code == 200
    plant.fault(kind="none")
    plant.command("/setOperationMode?value=&unitId=E001")
    plant.mode("manual")


def test_stop_all_in_manual_sends_a_wait_to_every_converter_and_not_to_budo(plant: Plant) -> None:
    plant.mode("manual")
    response = plant.command("/stopAll?unitId=E001&x=1&x=2&callback=(", method="GET", data="x")
    assert response.status_code == 200
    units = ["E001", "E002", "E003", "E004"]
    assert response.json() == {"stopAll": "done.", "nodes": dict.fromkeys(units, "accepted")}
    sent = plant.sent()
    assert sorted(request["node"] for request in sent) == units
    assert {request["door"] for request in sent} == {"hardware"}
    assert [request["query"] for request in sent] == [WAIT] * 4
    assert plant.observed(response)["observed"] == "observed"


def test_stop_all_in_run_sets_force_stop_in_order(plant: Plant) -> None:
    plant.mode("autonomous")
    response = plant.command("/stopAll")
    assert response.json() == {"stopAll": "done.", "nodes": {}, "budo": "accepted"}
    assert [(request["door"], request["path"]) for request in plant.sent()] == [("budo", "/stop")]
    assert plant.observed(response)["observed"] == "observed"


def test_stop_all_in_run_with_budo_away_sends_the_waits(plant: Plant) -> None:
    plant.mode("autonomous")
    plant.fault(door="budo", kind="error")
    response = plant.command("/stopAll")
    assert response.status_code == 502
    assert set(response.json()["nodes"].values()) == {"accepted"}
    assert "error" in response.json()
    assert "stopAll" not in response.json()
    row = plant.row(response)
    assert (row["outcome"], row["from"]) == ("partial", "127.0.0.1 script")
    assert [note["params"]["node"] for note in response.json()["notes"]] == [""]  # the whole cluster's
    doors = [request["door"] for request in plant.sent()]
    assert doors.count("hardware") == 4


def test_stop_all_names_the_converter_that_does_not_answer(plant: Plant) -> None:
    plant.mode("manual")
    plant.fault(door="hardware", kind="hang", node="E002")
    response = plant.command("/stopAll")
    assert response.status_code == 504
    nodes = response.json()["nodes"]
    assert nodes == {"E001": "accepted", "E002": "unknown", "E003": "accepted", "E004": "accepted"}
    assert "E002" in response.json()["error"]
    assert "may have taken effect" in response.json()["error"]
    (note,) = response.json()["notes"]
    assert note["code"] == "neighbour_late"
    assert note["params"].items() >= {"sent": True, "what": "late", "node": "E002"}.items()
    row = plant.row(response)
    assert (row["code"], row["params"]) == ("not_all_accepted", {"failed": 1, "asked": 4})
