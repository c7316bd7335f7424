"""One node with an odd id or address spoils no command to the others."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.neighbour import Neighbour, node
from tests.running import Running, eventually, pointed, started

WAITING = {"status": {"status": "0x0000"}}


@contextmanager
def running(neighbour: Neighbour, nodes: dict[str, Any], *more: str) -> Iterator[Running]:
    """The product in front of these nodes, all fresh and in Manual, so that Stop all sends waits."""
    neighbour.cluster(nodes)
    with started(*pointed(neighbour.doors), "--emul-url", neighbour.url, *more) as product:
        eventually(lambda: product.get("/get/logInfo").status_code == 200)
        neighbour.says("/get/log", {unit: found | {"time": "later"} for unit, found in nodes.items()})
        assert product.get("/flushCache").status_code == 200
        yield product


def manual(unit: str, ip: str = "127.0.0.1") -> dict[str, Any]:
    found = node(unit, mode="manual")
    return found | {"oesunit": found["oesunit"] | {"ip": ip}}


def test_ids_that_urls_fold_away_arrive_and_stop_all_is_done() -> None:
    paths = {".": "%2E", "..": "%2E%2E", "...": "...", "a/../b": "a%2F..%2Fb", "E001": "E001"}
    with Neighbour() as neighbour:
        for path in paths.values():
            neighbour.says(f"/set/dcdc/{path}", WAITING)
        with running(neighbour, {unit: manual(unit) for unit in paths}) as product:
            answer = product.get("/stopAll")
            assert (answer.status_code, answer.json()["stopAll"]) == (200, "done.")
            assert set(answer.json()["nodes"].values()) == {"accepted"}
    sent = {path.split("?")[0].removeprefix("/set/dcdc/") for path in neighbour.requests if "/set/dcdc/" in path}
    assert sent == set(paths.values())


def test_a_node_that_names_a_foreign_address_is_told_and_the_others_are_stopped() -> None:
    with Neighbour() as driver:
        driver.says("/remote/set", WAITING)
        table = json.dumps({kind: f":{driver.port}/{kind}" for kind in ("dcdc", "meter", "emu")})
        nodes = {"E001": manual("E001"), "E002": manual("E002", "192.0.2.9"), "E003": manual("E003", "evil.example")}
        more = ["--emulator", "false", "--set-url", f":{driver.port}/remote/set?", "--url", table]
        with running(driver, nodes, *more) as product:
            answer = product.get("/stopAll")
            assert answer.status_code == 502
            assert answer.json()["nodes"] == {"E001": "accepted", "E002": "failed", "E003": "failed"}
            assert "'192.0.2.9' is not in device_networks" in answer.json()["error"]
            refused = product.get("/get/dcdc/E002?urgent=true")
            assert (refused.status_code, refused.json()["code"]) == (502, "address_not_allowed")
