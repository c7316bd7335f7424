"""Modes, and what is refused before anything is sent: nothing goes outward for any 4xx."""

import socket

import pytest

from tests.commands.plant import SCRIPT, Plant


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


@pytest.mark.parametrize("path", ["/set/dcdc/%FF?mode=0x0000", "/set/budo/Stop", "/setOperationMode?value=x"])
def test_our_own_refusals_say_that_nothing_was_sent(plant: Plant, path: str) -> None:
    response = plant.command(path)
    assert (response.status_code, response.headers["X-Not-Sent"]) == (400, "true")


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
