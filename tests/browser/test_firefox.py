"""The page in Firefox's engine: the same picture, controls and policy. Collected only where there is a Firefox."""

from collections.abc import Iterator

import pytest

from tests.browser.firefox import Firefox
from tests.browser.plant import Plant, running
from tests.running import eventually

NOTE_ERRORS = """
window.noted = [];
addEventListener("error", (event) => noted.push(event.message));
addEventListener("unhandledrejection", (event) => noted.push(String(event.reason)));
addEventListener("securitypolicyviolation", (event) => noted.push(`${event.violatedDirective} ${event.blockedURI}`));
"""
# How many colours the moving and the standing layer of the canvas have.
COLOURS = """
return ["energy", "energy-still"].map((id) => {
  const canvas = document.getElementById(id);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
});
"""


@pytest.fixture(scope="module")
def plant() -> Iterator[Plant]:
    with running() as one:
        yield one


@pytest.fixture(scope="module")
def firefox(plant: Plant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """A window on the page, in Run."""
    with Firefox(tmp_path_factory.mktemp("firefox")) as one:
        plant.in_mode("autonomous")
        one.open(plant.product.url + "/")
        one.run(NOTE_ERRORS)
        eventually(lambda: one.run("return document.querySelectorAll('.panel').length") == 4)
        yield one


def _text(firefox: Firefox, selector: str) -> str:
    return str(firefox.run(f"return document.querySelector({selector!r})?.textContent ?? ''"))


def _click(firefox: Firefox, selector: str) -> None:
    firefox.run(f"document.querySelector({selector!r}).click()")


def test_the_picture_is_drawn_and_its_dots_move(firefox: Firefox) -> None:
    eventually(lambda: firefox.run("return document.querySelectorAll('#energy-curves > li[data-dots]').length"), 30)
    eventually(lambda: min(firefox.run(COLOURS)) > 3)
    shown = "return document.getElementById('energy').toDataURL()"
    before = firefox.run(shown)
    eventually(lambda: firefox.run(shown) != before)
    assert firefox.run("return noted") == []


def test_a_node_is_opened_and_closed(firefox: Firefox) -> None:
    _click(firefox, '#energy-boxes > li[data-id="E002"] button')
    eventually(lambda: _text(firefox, "#detail-name").startswith("E002 : "))
    assert firefox.run("return document.getElementById('detail').hidden") is False
    _click(firefox, ".detail-close")
    assert firefox.run("return document.getElementById('detail').hidden") is True
    assert firefox.run("return noted") == []


def test_a_dangerous_mode_asks_is_sent_and_is_seen(plant: Plant, firefox: Firefox) -> None:
    firefox.run("document.getElementById('mode-list').value = 'stop'")
    _click(firefox, "#mode-set")
    eventually(lambda: "Global Mode Force Stop?" in _text(firefox, ".ui-dialog-title"))
    assert plant.sent() == []
    _click(firefox, ".ui-dialog .button-danger")
    eventually(lambda: "seen after" in _text(firefox, "#mode-report"), 20)
    assert [path for path, _ in plant.sent()] == ["/setOperationMode"]
    assert firefox.run("return noted") == []


def test_the_schedule_dialog_opens_with_fields_for_now(firefox: Firefox) -> None:
    _click(firefox, "#schedule-set")
    eventually(lambda: _text(firefox, ".schedule-told"))
    year = firefox.run("return document.querySelector('.ui-dialog [name=year]').value")
    native = firefox.run("return document.querySelector('.ui-dialog [name=native]').value")
    assert year == native[:4]
    _click(firefox, ".ui-dialog .ui-dialog-buttonset button")
    eventually(lambda: not firefox.run("return document.querySelectorAll('.ui-dialog').length"))
    assert firefox.run("return noted") == []
