"""Every route that reads, over a real port, in front of a neighbour that can be made to do anything."""

import gzip
import json
import re
import socket
from urllib.parse import quote

import pytest
import requests

from tests.neighbour import Neighbour
from tests.running import ROOT, Running, eventually, pointed, started
from tests.web.cluster import DEALS, HOSTILE, NODES

pytestmark = pytest.mark.usefixtures("healthy")


def test_log_info_is_what_was_collected(product: Running) -> None:
    response = product.get("/get/logInfo")
    assert response.json() == NODES
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-cache"
    assert response.headers["Vary"] == "Accept-Encoding"
    age_s = product.json("/get/freshness")["collector"]["age_s"]
    assert age_s - 1 <= int(response.headers["Age"]) <= age_s + 1


@pytest.mark.parametrize("name", ["E001", *HOSTILE])
def test_a_node_of_any_name_is_found(product: Running, name: str) -> None:
    assert product.json("/get/unit/" + quote(name, safe="")) == NODES[name]
    assert product.json("/get/oesunit/" + quote(name, safe=""))["id"] == name


def test_the_sections_of_a_node(product: Running) -> None:
    assert product.json("/get/oesunit/E001") == NODES["E001"]["oesunit"]
    assert product.json("/get/dcdc/E001") == NODES["E001"]["dcdc"]
    assert product.json("/get/meter/E001") == NODES["E001"]["dcdc"]["meter"]
    assert product.json("/get/emu/E001") == {"rsoc": 50}


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("/get/unit/E009", 404, "E009"),
        ("/get/dcdc/E009", 404, "E009"),
        ("/get/emu/E002", 404, "emu"),
        ("/get/unit/", 404, "/get/unit/"),
        ("/get/nonsense", 404, "/get/nonsense"),
        ("/nonsense", 404, "/nonsense"),
        ("/get", 404, "/get"),
        ("/get/unit/%ff", 400, "UTF-8"),
        ("/js/nothing.js", 404, "nothing.js"),
        ("/get/logInfo?callback=alert(1)", 400, "alert(1)"),
        ("/get/unit/E001?urgent=true&callback=1a", 400, "1a"),
        ("/get/dealsInfo?callback=" + "a" * 65, 400, "callback"),
    ],
)
def test_an_error_is_json_that_names_the_thing(product: Running, path: str, status: int, word: str) -> None:
    response = product.get(path)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/json"
    assert list(response.json()) == ["error", "code", "params"]
    assert word in response.json()["error"]


@pytest.mark.parametrize(
    ("path", "code", "params"),
    [
        ("/get/unit/E009", "unknown_node", {"node": "E009"}),
        ("/get/emu/E002", "section_missing", {"node": "E002", "section": "emu"}),
        ("/nonsense", "not_found", {}),
        ("/get/logInfo?callback=alert(1)", "value_not_allowed", {"name": "callback", "value": "alert(1)"}),
        ("/setOperationMode?value=x", "value_not_allowed", {"name": "value", "value": "x"}),
        ("/setOperationMode?value=stop&value=stop", "parameter_twice", {"name": "value"}),
        ("/setOperationMode?value=stop&unitId=E%ED%A0%80", "parameters_unreadable", {}),
        ("/commands/99", "unknown_command", {"id": "99"}),
    ],
)
def test_an_error_has_a_code_and_its_names_and_numbers(
    product: Running, path: str, code: str, params: dict[str, str]
) -> None:
    body = product.get(path).json()
    assert (body["code"], body["params"]) == (code, params)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "NONSENSE"])
@pytest.mark.parametrize("path", ["/get/logInfo", "/get/unit/E001", "/", "/js/main.js"])
def test_another_method_is_405_and_says_which_are_allowed(product: Running, method: str, path: str) -> None:
    response = requests.request(method, product.url + path, timeout=5)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"
    assert method in response.json()["error"]


def test_head_answers_the_headers_of_get(product: Running) -> None:
    for path in ("/", "/get/logInfo", "/get/unit/E001", "/js/jquery.js"):
        head = requests.head(product.url + path, timeout=5, headers={"Accept-Encoding": "identity"})
        get = product.get(path, headers={"Accept-Encoding": "identity"})
        assert head.status_code == get.status_code == 200
        assert head.content == b""
        for name in ("Content-Length", "Content-Type", "ETag"):
            assert head.headers[name] == get.headers[name]


@pytest.mark.parametrize("path", ["/", "/get/logInfo", "/get/unit/E001", "/get/dealsInfo", "/get/globalmode"])
def test_etag_304_and_gzip(product: Running, path: str) -> None:
    plain = product.get(path, headers={"Accept-Encoding": "identity"})
    zipped = product.get(path, headers={"Accept-Encoding": "gzip"}, stream=True)
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.raw.read()) == plain.content
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["ETag"] != zipped.headers["ETag"]
    assert not plain.headers["ETag"].startswith("W/")
    for etag in (plain.headers["ETag"], zipped.headers["ETag"], f'"other", W/{plain.headers["ETag"]}', "*"):
        for encoding in ("gzip", "identity"):
            again = product.get(path, headers={"If-None-Match": etag, "Accept-Encoding": encoding})
            assert again.status_code == 304
            assert again.content == b""
            assert again.headers["ETag"] in (plain.headers["ETag"], zipped.headers["ETag"])
    assert product.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    assert "Content-Encoding" not in product.get(path, headers={"Accept-Encoding": "gzip;q=0, br"}).headers


@pytest.mark.parametrize(
    "path", ["/get/logInfo", "/get/unit/E001", "/get/dealsInfo", "/get/freshness", "/get/globalmode"]
)
def test_jsonp(product: Running, path: str) -> None:
    response = product.get(path + "?callback=jQuery.cb_1$")
    assert response.headers["Content-Type"].startswith("application/javascript")
    found = re.fullmatch(r"/\*\*/jQuery\.cb_1\$\((.*)\);", response.text, re.DOTALL)
    assert found is not None
    json.loads(found[1])


def test_unknown_parameters_of_a_read_are_ignored(product: Running) -> None:
    assert product.json("/get/unit/E001?_=123&x=y&x=z&%ff=%ff") == NODES["E001"]


def test_ipv4_is_one_address_as_text(product: Running) -> None:
    response = product.get("/ipv4")
    assert response.headers["Content-Type"].startswith("text/plain")
    assert re.fullmatch(r"\d+\.\d+\.\d+\.\d+", response.text)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/js/main.js", "text/javascript"),
        ("/js/jquery.js", "text/javascript"),
        ("/js/jquery-ui.js", "text/javascript"),
        ("/css/main.css", "text/css"),
        ("/CSS/main.css", "text/css"),
        ("/css/jquery-ui.css", "text/css"),
        ("/css/images/ui-icons_444444_256x240.png", "image/png"),
        ("/CSS/images/favicon.svg", "image/svg+xml"),
        ("/img/favicon.svg", "image/svg+xml"),
    ],
)
def test_files_of_the_page(product: Running, path: str, kind: str) -> None:
    response = product.get(path)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith(kind)
    assert product.get(path, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("folder", ["js", "img", "css", "CSS", "css/images", "CSS/images"])
@pytest.mark.parametrize(
    "name",
    [
        "../startMain.py",
        "..%2fstartMain.py",
        "%2e%2e/startMain.py",
        "%2e%2e%2fstartMain.py",
        "..%5cstartMain.py",
        "....//startMain.py",
        "x/../../startMain.py",
        "/etc/passwd",
        "%2fetc/passwd",
        "startMain.py%00.js",
        "..",
        ".",
        "%2e%2e",
        "a" * 300,
        "",
    ],
)
def test_no_name_leaves_the_asset_folders(product: Running, folder: str, name: str) -> None:
    host, port = product.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(f"GET /{folder}/{name} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.split(b" ")[1] in (b"404", b"400")
    assert (ROOT / "startMain.py").read_bytes()[:40] not in answer


@pytest.mark.parametrize("path", ["/", "/get/logInfo", "/get/nonsense", "/js/jquery.js", "/get/unit/%ff"])
def test_every_answer_carries_the_policy(product: Running, path: str) -> None:
    headers = product.get(path).headers
    assert headers["Content-Security-Policy"] == "default-src 'self'; frame-ancestors 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_without_apis_the_hardware_emulator_and_the_former_budo_are_shown() -> None:
    sample = json.loads((ROOT / "tests/data/hardware-emulator-get-log.json").read_text())
    with Neighbour() as former:
        former.cluster(sample, DEALS)
        arguments = ["--apis", "false", "--emul-url", former.url, "--budo-url", former.url]
        with started(*arguments) as running:
            eventually(lambda: running.get("/get/logInfo").status_code == 200)
            assert running.json("/get/logInfo") == sample
            assert running.json("/get/globalmode") == {"active": True, "mode": "autonomous"}
            assert running.json("/get/dealsInfo") == DEALS


def test_without_emulator_an_urgent_read_goes_to_the_nodes_own_driver(product: Running) -> None:
    with Neighbour() as driver:
        driver.cluster({"E001": NODES["E001"] | {"oesunit": {"id": "E001", "ip": "127.0.0.1"}}})
        driver.says("/dcdc", {"meter": {"wg": 7}})
        driver.says("/meter", {"wg": 8})
        driver.says("/emu", {"rsoc": 9})
        table = {kind: f":{driver.port}/{kind}" for kind in ("dcdc", "meter", "emu")}
        arguments = [*pointed(driver.doors), "--emulator", "false", "--url", json.dumps(table)]
        with started(*arguments) as running:
            eventually(lambda: running.get("/get/logInfo").status_code == 200)
            assert running.json("/get/dcdc/E001?urgent=true") == {"meter": {"wg": 7}}
            assert running.json("/get/meter/E001?urgent=true") == {"wg": 8}
            assert running.json("/get/emu/E001?urgent=true") == {"rsoc": 9}
            assert running.get("/get/emu/E009?urgent=true").status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Accept-Encoding": "gzip"},
        {"Accept-Encoding": "identity"},
        {"If-None-Match": "*"},
        {"If-None-Match": '"x"', "Accept-Encoding": "gzip"},
    ],
)
def test_the_short_way_and_the_long_way_answer_the_same(product: Running, headers: dict[str, str]) -> None:
    def both() -> bool:
        short = product.get("/get/logInfo", headers=headers)
        long = product.get("/get/logInfo?long=way", headers=headers)
        unlike = {"date", "age"}
        told = [
            {name.lower(): value for name, value in answer.headers.items() if name.lower() not in unlike}
            for answer in (short, long)
        ]
        return (short.status_code, short.content, told[0]) == (long.status_code, long.content, told[1])

    eventually(both, 2)
