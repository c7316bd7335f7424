"""Every command on the demo cluster: what was sent outward is what the neighbour recorded, and nothing for any 4xx."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
import requests

from tests.neighbour import Neighbour, node
from tests.running import Running, demo, eventually, pointed, started

SCRIPT = {"User-Agent": "script/1"}
WAIT = {"mode": "0x0000", "dvg": "350", "dig": "2"}


class Plant:
    """The demo, the product on it, and what the demo was told."""

    def __init__(self, doors: dict[str, Any], running: Running) -> None:
        self.doors = doors
        self.running = running
        self.door = f"http://127.0.0.1:{doors['apis_emul_port']}"

    def command(self, path: str, method: str = "POST", **kwargs: Any) -> requests.Response:
        kwargs.setdefault("headers", SCRIPT)
        return requests.request(method, self.running.url + path, timeout=15, **kwargs)

    def sent(self) -> list[dict[str, Any]]:
        """What changed something at the demo since the last call."""
        found: list[dict[str, Any]] = requests.get(self.door + "/demo/requests?clear=1", timeout=5).json()
        return found

    def fault(self, **kwargs: str) -> None:
        requests.get(self.door + "/demo/fault", params=kwargs, timeout=5).raise_for_status()

    def row(self, response: requests.Response) -> dict[str, Any]:
        row: dict[str, Any] = self.running.json("/commands/" + response.headers["X-Command-Id"])
        return row

    def observed(self, response: requests.Response) -> dict[str, Any]:
        eventually(lambda: self.row(response)["observed"] not in ("watching", "waiting for data"), 20)
        return self.row(response)

    def mode(self, mode: str) -> None:
        """The cluster in ``mode``, seen so."""
        row = self.observed(self.command(f"/setOperationMode?value={mode}"))
        assert row["observed"] == "observed", row
        self.sent()

    def node(self, unit: str) -> dict[str, Any]:
        node: dict[str, Any] = self.running.json(f"/get/unit/{unit}")
        return node


@pytest.fixture(scope="module")
def plant() -> Iterator[Plant]:
    with demo(nodes=4, gather=0.1) as doors:
        arguments = [*pointed(doors), "--datacollectorinterval", "0.1", "--neighbour-timeout", "0.5"]
        with started(*arguments, "--schedulerInterval", "0.2") as running:
            there = Plant(doors, running)
            nodes = "/get/freshness"
            eventually(lambda: all(n["state"] == "fresh" for n in running.json(nodes)["nodes"].values()) or None)
            eventually(lambda: len(running.json(nodes)["nodes"]) == 4)
            yield there


@pytest.fixture(autouse=True)
def _clean(plant: Plant) -> Iterator[None]:
    plant.sent()
    yield
    plant.fault(kind="none")
    plant.sent()


def test_the_four_words_of_the_global_mode(plant: Plant) -> None:
    for word, mode in (("manual", "manual"), ("stop", "stop"), ("quiet", "heteronomous"), ("active", "autonomous")):
        response = plant.command(f"/set/budo/{word}", method="GET")
        assert response.status_code == 200
        assert response.json() == {"active": word in ("quiet", "active")}
        assert [request["path"] for request in plant.sent()] == [f"/{word}"]
        row = plant.observed(response)
        assert row["observed"] == "observed"
        assert row["observed_after_s"] >= 0
        assert (row["command"], row["target"], row["values"]) == ("set/budo", "", {"mode": word})
        assert plant.running.json("/get/globalmode")["mode"] == mode


def test_global_and_local_operation_modes(plant: Plant) -> None:
    for unit, value in (
        ("E001", "heteronomous"),
        ("E001", "stop"),
        ("E001", ""),
        (None, "heteronomous"),
        (None, "autonomous"),
    ):
        query = {"value": value} | ({"unitId": unit} if unit else {})
        response = plant.command("/setOperationMode", params=query)
        assert response.json() == {"succeeded": True}
        (request,) = plant.sent()
        assert (request["path"], request["query"]) == ("/setOperationMode", query)
        assert plant.observed(response)["observed"] == "observed"


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("/set/budo/Stop", 400, "Stop"),
        ("/set/budo/", 404, "/set/budo/"),
        ("/set/budo/active?x=1", 400, "'x'"),
        ("/setOperationMode", 400, "value"),
        ("/setOperationMode?value=", 400, "global mode"),
        ("/setOperationMode?value=nonsense", 400, "nonsense"),
        ("/setOperationMode?value=manual&unitId=E001", 400, "manual"),
        ("/setOperationMode?value=stop&unitId=", 400, "unitId"),
        ("/setOperationMode?value=stop&unitid=E001", 400, "unitid"),
        ("/setOperationMode?value=stop&value=stop", 400, "twice"),
        ("/setOperationMode?value=stop&unitId=%ff", 400, "UTF-8"),
        ("/setOperationMode?value=stop&unitId=E009", 404, "E009"),
        ("/setOperationMode?value=stop&callback=1", 400, "callback"),
        ("/set/dcdc/E009?mode=0x0014&dvg=350&dig=2", 404, "E009"),
        ("/set/dcdc/E009?mode=0x0014&dvg=350&dig=2&force=true", 404, "E009"),
        ("/set/dcdc/E001?mode=0x0014&dvg=350&dig=2", 409, "manual"),
        ("/set/dcdc/E001?mode=0x0003&dvg=350&dig=2&force=true", 400, "0x0003"),
        ("/set/dcdc/E001?dvg=350&dig=2&force=true", 400, "mode"),
        ("/set/dcdc/E001?mode=0x0014&dig=2&force=true", 400, "dvg"),
        ("/set/dcdc/E001?mode=0x0014&dvg=401&dig=2&force=true", 400, "401"),
        ("/set/dcdc/E001?mode=0x0014&dvg=350&dig=51&force=true", 400, "51"),
        ("/set/dcdc/E001?mode=0x0014&dvg=350&dig=-1&force=true", 400, "-1"),
        ("/set/dcdc/E001?mode=0x0014&dvg=nan&dig=1&force=true", 400, "nan"),
        ("/set/dcdc/E001?mode=0x0014&dvg=1_0&dig=1&force=true", 400, "1_0"),
        ("/set/dcdc/E001?mode=0x0014&dvg=-0&dig=1&force=true", 400, "-0"),
        ("/set/dcdc/E001?mode=0x0014&dvg=%D9%A3&dig=1&force=true", 400, "dvg"),
        ("/set/dcdc/E001?mode=0x0014&dvg=350&dig=1&drg=x&force=true", 400, "drg"),
        ("/set/dcdc/E001?mode=0x0014&dvg=350&dig=1&force=yes", 400, "force"),
        ("/shutDown", 409, "manual"),
        ("/shutDown?unitId=", 400, "unitId"),
        ("/shutDown?unitId=E001", 409, "manual"),
        ("/shutDown?unitid=E001&force=true", 400, "unitid"),
        ("/shutDown?unitId=E009&force=true", 404, "E009"),
        ("/upsMode/8", 400, "8"),
        ("/upsMode/x", 400, "x"),
        ("/upsMode/-1", 400, "-1"),
        ("/flushCache?x=1", 400, "'x'"),
        ("/setSchedule", 400, "operation"),
        ("/setSchedule?operation=start", 400, "start"),
        ("/setSchedule?operation=softStop&value=tomorrow", 400, "tomorrow"),
        ("/setSchedule?operation=softStop&value=2099-01-01T00:00:00", 400, "offset"),
        ("/setSchedule?operation=softStop&value=2020-01-01T00:00:00Z", 400, "past"),
        ("/setSchedule?operation=softStop&value=2099-01-01T00:00:00Z&unitId=E009", 404, "E009"),
        ("/setSchedule?operation=softStop&value=2099-01-01T00:00:00Z&unitId=a/b", 400, "a/b"),
        ("/commands/999999", 404, "999999"),
        ("/commands?limit=0", 400, "limit"),
        ("/commands?since=x", 400, "since"),
    ],
)
def test_what_is_refused_names_the_thing_and_sends_nothing(plant: Plant, path: str, status: int, word: str) -> None:
    before = plant.running.json("/commands?limit=1")
    response = plant.command(path, method="GET")
    assert response.status_code == status
    assert word in response.json()["error"]
    assert "X-Command-Id" not in response.headers
    assert plant.sent() == []
    assert plant.running.json("/commands?limit=1") == before


COMMANDS = [
    "/set/budo/stop",
    "/setOperationMode?value=stop",
    "/set/dcdc/E001?mode=0x0000&force=true",
    "/shutDown?force=true",
    "/flushCache",
    "/upsMode/1",
    "/setSchedule?operation=softStop",
    "/stopAll",
]


@pytest.mark.parametrize("path", COMMANDS)
def test_head_and_other_methods_execute_nothing(plant: Plant, path: str) -> None:
    for method in ("HEAD", "PUT", "DELETE", "OPTIONS"):
        response = plant.command(path, method=method)
        assert response.status_code == 405
        assert response.headers["Allow"] == "GET, POST"
    assert plant.sent() == []


@pytest.mark.parametrize("path", COMMANDS)
@pytest.mark.parametrize(
    "marks",
    [
        {"Origin": "http://evil.test"},
        {"Referer": "http://evil.test/"},
        {"Sec-Fetch-Site": "cross-site"},
        {"User-Agent": "mozilla/5.0"},
        {"Accept": "image/avif,image/webp,*/*"},
    ],
)
def test_another_sites_page_presses_nothing(plant: Plant, path: str, marks: dict[str, str]) -> None:
    response = plant.command(path, method="GET", headers=SCRIPT | marks)
    assert response.status_code == 403
    assert plant.sent() == []


@pytest.mark.parametrize("path", COMMANDS)
def test_a_host_that_is_not_ours_is_421(plant: Plant, path: str) -> None:
    response = plant.command(path, headers=SCRIPT | {"Host": "evil.test:4382"})
    assert response.status_code == 421
    assert plant.sent() == []


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.5", "[::1]:4382", "LOCALHOST.", socket.gethostname()])
def test_our_own_names_are_ours(plant: Plant, host: str) -> None:
    assert plant.command("/flushCache", headers=SCRIPT | {"Host": host}).status_code == 200


@pytest.mark.parametrize("path", COMMANDS[:-1])
def test_a_body_is_refused(plant: Plant, path: str) -> None:
    assert plant.command(path, data="unitId=E001").status_code == 400
    chunks = iter([b"unitId=", b"E001"])
    assert plant.command(path, data=chunks).status_code == 400
    assert plant.sent() == []


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
            assert plant.row(response)["outcome"] == "failed"


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
    assert plant.row(response)["outcome"] == "partial"


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
    }
    assert datetime.fromisoformat(rows[0]["at"]).utcoffset() == timedelta(0)


def schedule(plant: Plant, unit: str, at: datetime) -> requests.Response:
    value = quote(at.isoformat())
    return plant.command(f"/setSchedule?operation=softStop&unitId={unit}&value={value}")


def test_a_scheduled_soft_stop_fires_stays_in_force_and_ends_with_an_operators_mode(plant: Plant) -> None:
    plant.mode("autonomous")
    at = datetime.now(UTC) + timedelta(seconds=1)
    assert schedule(plant, "", at).json() == {"succeeded": True}
    assert plant.running.json("/schedules") == {"": {"softStop": at.isoformat()}}
    assert plant.running.json("/schedules/state")[""]["softStop"]["state"] == "to come"
    eventually(lambda: plant.running.json("/get/globalmode")["mode"] == "heteronomous")
    fired = next(row for row in plant.running.json("/commands") if row["from"] == "schedule")
    assert (fired["command"], fired["values"]) == ("setOperationMode", {"value": "heteronomous"})
    eventually(lambda: plant.running.json(f"/commands/{fired['id']}")["observed"] == "observed")
    sent = [request for request in plant.sent() if request["path"] == "/setOperationMode"]
    assert len(sent) == 1
    requests.get(f"http://127.0.0.1:{plant.doors['apis_budo_port']}/active", timeout=5)
    eventually(lambda: [r for r in plant.sent() if r["path"] == "/setOperationMode"])  # back in Run by itself
    assert plant.running.json("/schedules/state")[""]["softStop"]["state"] == "in force"
    response = plant.command("/setOperationMode?value=autonomous")
    assert response.json()["succeeded"] is True
    assert "deleted" in response.json()["schedule"]
    assert plant.running.json("/schedules") == {}


def test_a_nodes_schedule_sets_its_local_mode_and_a_later_one_stays(plant: Plant) -> None:
    plant.mode("autonomous")
    later = datetime.now(UTC) + timedelta(days=1)
    assert schedule(plant, "E002", later).status_code == 200
    plant.command("/setOperationMode?value=&unitId=E002")
    assert "E002" in plant.running.json("/schedules")
    schedule(plant, "E002", datetime.now(UTC) + timedelta(milliseconds=300))
    eventually(lambda: plant.node("E002")["apis"]["operation_mode"]["local"] == "heteronomous")
    assert plant.running.json("/get/globalmode")["mode"] == "autonomous"
    assert plant.command("/setSchedule?operation=softStop&unitId=E002").json() == {"succeeded": True}
    assert plant.running.json("/schedules") == {}
    plant.observed(plant.command("/setOperationMode?value=&unitId=E002"))


def test_a_shut_down_node_vanishes_and_the_cluster_after_it() -> None:
    with demo(nodes=3, gather=0.1) as doors:
        arguments = [*pointed(doors), "--datacollectorinterval", "0.1", "--neighbour-timeout", "0.5"]
        with started(*arguments) as running:
            plant = Plant(doors, running)
            eventually(lambda: all(n["state"] == "fresh" for n in running.json("/get/freshness")["nodes"].values()))
            eventually(lambda: len(running.json("/get/freshness")["nodes"]) == 3)
            plant.mode("manual")
            response = plant.command("/shutDown?unitId=E002")
            assert response.json() == {"succeeded": True}
            assert plant.sent()[0]["query"] == {"unitId": "E002"}
            assert plant.observed(response)["observed"] == "observed"
            lost = plant.command("/set/dcdc/E002?mode=0x0000")
            assert lost.status_code == 409
            assert "lost" in lost.json()["error"]
            assert plant.sent() == []
            assert plant.command("/set/dcdc/E002?mode=0x0000&force=true").status_code in (502, 504)
            response = plant.command("/shutDown")
            assert response.json()["succeeded"] is True
            assert "apis-web too" in response.json()["note"]
            assert plant.observed(response)["observed"] == "observed"


def test_a_command_that_is_refused_while_slow_ones_wait_is_not_stop_all() -> None:
    with demo(nodes=100, gather=0.5) as doors:
        arguments = [*pointed(doors), "--datacollectorinterval", "0.5", "--neighbour-timeout", "3"]
        with started(*arguments) as running:
            plant = Plant(doors, running)
            eventually(lambda: len(running.json("/get/freshness")["nodes"]) == 100)
            eventually(lambda: all(n["state"] == "fresh" for n in running.json("/get/freshness")["nodes"].values()))
            plant.mode("manual")
            plant.fault(door="hardware", kind="hang", node="E001")
            slow = [
                threading.Thread(target=plant.command, args=("/set/dcdc/E001?mode=0x0000&force=true",))
                for _ in range(100)
            ]
            for thread in slow:
                thread.start()
            time.sleep(0.5)
            response = plant.command("/stopAll")
            nodes = response.json()["nodes"]
            assert [unit for unit, outcome in nodes.items() if outcome != "accepted"] == ["E001"]
            assert response.status_code == 504
            assert response.elapsed.total_seconds() < 3 + 2  # the promise is 3.5 s; measured in benchmarks/
            for thread in slow:
                thread.join(15)


def test_without_apis_modes_and_schedules_are_refused_and_converters_while_active() -> None:
    with demo(nodes=2, gather=0.1) as doors:
        former = {name: doors[name] for name in ("apis_host", "emul_port", "budo_port")}
        arguments = [*pointed(former), "--apis", "false", "--datacollectorinterval", "0.1"]
        with started(*arguments) as running:
            plant = Plant(doors, running)
            eventually(lambda: all(n["state"] == "fresh" for n in running.json("/get/freshness")["nodes"].values()))
            for path in ("/setOperationMode?value=stop", "/shutDown?force=true", "/setSchedule?operation=softStop"):
                response = plant.command(path)
                assert response.status_code == 409
                assert "apis-web" in response.json()["error"]
            assert plant.command("/set/dcdc/E001?mode=0x0000").status_code == 409
            assert plant.sent() == []
            assert plant.command("/set/budo/manual").json() == {"active": False}
            eventually(lambda: plant.command("/set/dcdc/E001?mode=0x0014&dvg=350&dig=2").status_code == 200)
