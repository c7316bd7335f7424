"""What reads say of how old their data are, and that nothing old passes for new."""

import time
from functools import partial

import pytest

from tests.neighbour import Neighbour, body, node
from tests.running import Running, eventually, pointed, started
from tests.web.cluster import DEALS, NODES

pytestmark = pytest.mark.usefixtures("healthy")


def test_global_mode_is_that_of_the_nodes_and_null_while_they_disagree(product: Running, neighbour: Neighbour) -> None:
    assert product.json("/get/globalmode") == {"active": True, "mode": "autonomous"}
    neighbour.cluster(NODES | {"E001": node("E001", mode="manual")})
    eventually(lambda: product.json("/get/globalmode")["mode"] is None)


def test_a_mode_that_cannot_be_known_is_an_error_and_never_one_from_before(neighbour: Neighbour) -> None:
    with started(*pointed(neighbour.doors), "--datacollectorinterval", "0.1", "--stale-after", "0.4") as running:
        for number in range(3):
            neighbour.cluster({"E001": node("E001", time=f"t{number}")})
            time.sleep(0.2)
        found = running.get("/get/globalmode")
        assert found.json()["mode"] == "autonomous"
        assert 0 < int(found.headers["Age"]) < 20
        # The node's clock stands: apis-web goes on telling a mode from before.
        status, error = eventually(lambda: _failure(running))
        assert status == 502
        assert "no node's data change any more" in error
        for path in ("/get/log", "/getStatus", "/deals"):
            neighbour.answers[path] = body(b"x", "500 Oops")
        eventually(lambda: "500" in (_failure(running) or (0, ""))[1])
        neighbour.hangs("/get/log")
        neighbour.hangs("/getStatus")
        eventually(lambda: (_failure(running) or (0,))[0] == 504)


def test_a_status_from_before_is_none(neighbour: Neighbour) -> None:
    with started(*pointed(neighbour.doors), "--datacollectorinterval", "0.1", "--stale-after", "0.4") as running:
        assert eventually(lambda: running.get("/get/globalmode").status_code == 200)
        neighbour.answers["/getStatus"] = body(b"x", "500 Oops")
        number = iter(range(1000))

        def moving() -> bool:
            neighbour.says("/get/log", {"E001": node("E001", time=f"t{next(number)}")})  # the nodes are live
            return "getStatus" in str(_failure(running))

        eventually(moving)


def _failure(running: Running) -> tuple[int, str] | tuple[()]:
    response = running.get("/get/globalmode")
    return (response.status_code, response.json()["error"]) if response.status_code >= 500 else ()


@pytest.mark.parametrize("path", ["logInfo", "unit/E001", "oesunit/E001", "dcdc/E001", "meter/E001", "globalmode"])
def test_all_reads_of_node_data_tell_their_age(product: Running, neighbour: Neighbour, path: str) -> None:
    for number in range(4):
        neighbour.cluster({"E001": node("E001", time=f"t{number}")}, DEALS)
        assert product.json("/get/unit/E001?urgent=true")["time"] == f"t{number}"
    told = product.json("/get/freshness")
    age_s = told["nodes"]["E001"]["age_s"]
    assert age_s == told["collector"]["age_s"]
    assert abs(int(product.get(f"/get/{path}").headers["Age"]) - age_s) <= 2


def test_deals_are_passed_on_with_their_age(product: Running) -> None:
    response = product.get("/get/dealsInfo")
    assert response.json() == DEALS
    assert int(response.headers["Age"]) >= 0


def test_urgent_answers_what_the_neighbour_has_now(product: Running, neighbour: Neighbour) -> None:
    for number in range(5):
        changed = NODES | {"E001": node("E001", time=f"now {number}")}
        neighbour.cluster(changed)
        assert product.json("/get/unit/E001?urgent=true")["time"] == f"now {number}"


def test_an_urgent_read_that_fails_passes_nothing_old_off_as_fresh(product: Running, neighbour: Neighbour) -> None:
    neighbour.answers["/get/log"] = body(b"x", "500 Oops")
    response = product.get("/get/unit/E001?urgent=true")
    assert response.status_code == 502
    assert "500" in response.json()["error"]
    neighbour.hangs("/get/log")
    assert product.get("/get/dcdc/E001?urgent=true").status_code == 504
    assert product.json("/get/unit/E001") == NODES["E001"]


def test_while_the_neighbour_hangs_reads_answer_and_say_how_old_they_are(
    product: Running, neighbour: Neighbour
) -> None:
    for path in ("/get/log", "/deals", "/getStatus", "/unitIds"):
        neighbour.hangs(path)
    eventually(lambda: not product.json("/get/freshness")["collector"]["ok"])
    first = product.json("/get/freshness")["collector"]["age_s"]
    assert product.json("/get/logInfo") == NODES
    assert product.json("/get/dealsInfo") == DEALS
    time.sleep(0.3)
    collector = product.json("/get/freshness")["collector"]
    assert collector["age_s"] > first
    assert "did not answer within 0.5 s" in collector["error"]


def test_a_node_that_vanishes_is_lost_not_dropped(product: Running, neighbour: Neighbour) -> None:
    neighbour.says("/get/log", {name: value for name, value in NODES.items() if name != "E002"})
    eventually(lambda: product.json("/get/freshness")["nodes"]["E002"]["state"] == "lost")
    lost = product.json("/get/freshness")["nodes"]["E002"]
    assert lost["display"] == "House E002"
    assert lost["last_time"] == NODES["E002"]["time"]
    response = product.get("/get/unit/E002")
    assert response.status_code == 404
    assert lost["last_seen"] in response.json()["error"]
    assert "E002" not in product.json("/get/logInfo")


def failure(running: Running, path: str) -> str | None:
    response = running.get(path)
    return response.json()["error"] if response.status_code == 502 else None


def test_before_the_first_good_poll_there_is_a_reason_and_never_an_empty_answer() -> None:
    with Neighbour() as away, started(*pointed(away.doors)) as running:
        for path in ("/get/logInfo", "/get/dealsInfo", "/get/unit/E001", "/get/globalmode"):
            assert "404" in eventually(partial(failure, running, path))
        assert running.json("/get/freshness")["collector"]["ok"] is False
        refused = running.get("/setOperationMode?value=stop&unitId=E001")
        assert refused.status_code == 502
        assert refused.headers["X-Not-Sent"] == "true"  # our own, although it is apis-web's fault
