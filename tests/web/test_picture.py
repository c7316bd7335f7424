"""``GET /get/picture``: one answer with all that the page shows."""

import time
from typing import Any

import pytest

from tests.neighbour import Neighbour, node
from tests.running import Running, eventually
from tests.web.cluster import DEALS, NODES

pytestmark = pytest.mark.usefixtures("healthy")


def _settled(product: Running) -> tuple[dict[str, Any], str]:
    """A picture with its deals, and its ETag; the neighbour's clocks stand, so it is the last one for now."""

    def known() -> bool:
        body = product.json("/get/picture")
        return body["deals"]["received_at_s"] is not None and "E001" in body.get("nodes", {})

    eventually(known)
    answer = product.get("/get/picture")
    return answer.json(), answer.headers["ETag"]


def test_it_holds_all_that_the_page_shows(product: Running) -> None:
    body, _ = _settled(product)
    assert body["nodes"] == NODES
    assert set(body["known"]) == set(product.json("/get/freshness")["nodes"])
    assert body["known"]["E001"]["state"] in {"unconfirmed", "stale"}
    assert body["deals"]["list"] == DEALS
    assert body["schedules"] == product.json("/schedules/state")
    assert body["commands"] == product.json("/commands?limit=20")
    assert body["cannot"] == {"command": None, "date": None, "schedules": None}
    page = product.get("/").text
    assert f'data-page="{body["settings"]["page"]}"' in page


def test_what_is_old_is_told_as_a_moment_of_the_servers_clock(product: Running) -> None:
    answer = product.get("/get/picture")
    shown_s = float(answer.headers["X-Clock"])
    assert abs(shown_s - time.monotonic()) < 5  # one machine has one such clock
    age_s = product.json("/get/freshness")["collector"]["age_s"]
    told_s = shown_s - answer.json()["collector"]["true_since_s"]
    assert -0.1 <= age_s - told_s < 1.5  # the other is rounded


def test_a_picture_in_which_nothing_happened_is_a_304_and_the_nodes_are_sent_once(product: Running) -> None:
    first, _ = _settled(product)
    second = product.get("/get/picture", params={"since": first["id"]})
    assert {"nodes", "known"}.isdisjoint(second.json())
    same: list[int] = []

    def unchanged() -> bool:
        answer = product.get(
            "/get/picture", params={"since": first["id"]}, headers={"If-None-Match": second.headers["ETag"]}
        )
        same.append(answer.status_code)
        return answer.status_code == 304 and float(answer.headers["X-Clock"]) > 0

    # Between two polls; when the next one is due is a part of the picture.
    eventually(unchanged, 10)


def test_nodes_are_sent_when_they_have_changed_and_what_is_known_of_them_alone_when_only_that_has(
    product: Running, neighbour: Neighbour
) -> None:
    first, _ = _settled(product)
    neighbour.cluster(NODES | {"E001": node("E001", "2020/01/01-00:00:09")}, DEALS)

    def changed() -> bool:
        body = product.json("/get/picture?since=" + first["id"])
        return "nodes" in body and body["nodes"]["E001"]["time"] == "2020/01/01-00:00:09" and "known" in body

    eventually(changed)
    second = product.json("/get/picture")
    neighbour.says("/setOperationMode", {"succeeded": True})
    assert product.get("/setOperationMode?value=stop").status_code == 200
    third = product.json("/get/picture?since=" + second["id"])
    assert third["known"]["E001"]["before_command"] == third["commands"][0]["id"]


@pytest.mark.parametrize("since", ["", "x", "0" * 5000, "a-b-c"])
def test_an_id_of_another_process_gives_everything(product: Running, since: str) -> None:
    assert product.get("/get/picture", params={"since": since}).json()["nodes"] == NODES


def test_it_waits_for_no_neighbour(product: Running, neighbour: Neighbour) -> None:
    _settled(product)
    for path in ("/deals", "/get/log", "/getStatus"):
        neighbour.hangs(path)
    time.sleep(1.1)  # so that the deals are asked for again
    began_s = time.monotonic()
    answers = [product.get("/get/picture") for _ in range(20)]
    assert {answer.status_code for answer in answers} == {200}
    assert time.monotonic() - began_s < 5  # each would wait for half a second, else

    def tells() -> bool:
        body = product.json("/get/picture")
        return not body["collector"]["ok"] and not body["deals"]["ok"]

    eventually(tells)
    body = product.json("/get/picture")
    assert body["collector"]["error"]["code"] == "neighbour_late"
    assert (body["nodes"], body["deals"]["list"]) == (NODES, DEALS)  # the last ones, and the error beside them


def test_the_mode_is_told_by_apis_web_only_where_no_node_reports_one(product: Running, neighbour: Neighbour) -> None:
    body, _ = _settled(product)
    assert body["mode"] is None
    neighbour.cluster({"E001": {"time": "2020/01/01-00:00:01"}}, DEALS)
    eventually(lambda: product.json("/get/picture")["mode"] == {"active": True, "mode": None})
