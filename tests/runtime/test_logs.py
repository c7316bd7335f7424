"""logging.conf decides; only the worker writes the file; edges, not repetition."""

import configparser
import logging
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from main_controller.errors import SettingsError
from main_controller.runtime import logs
from tests.neighbour import Neighbour, body, node
from tests.running import ROOT, Running, eventually, pointed, started


@pytest.fixture
def neighbour() -> Iterator[Neighbour]:
    with Neighbour() as running:
        running.cluster({"E001": node("E001")})
        yield running


@pytest.fixture
def product(neighbour: Neighbour, tmp_path: Path) -> Iterator[Running]:
    arguments = [*pointed(neighbour.doors), "--datacollectorinterval", "0.05", "--state-folder", str(tmp_path)]
    with started(*arguments) as running:
        eventually(lambda: running.get("/get/logInfo").status_code == 200)
        yield running


def test_the_file_has_the_sections_and_keys_of_the_specification() -> None:
    parser = configparser.RawConfigParser()
    parser.read(ROOT / "logging.conf")
    assert {name: set(parser[name]) for name in parser.sections()} == {
        "loggers": {"keys"},
        "handlers": {"keys"},
        "formatters": {"keys"},
        "logger_root": {"level", "handlers"},
        "handler_consoleHandler": {"class", "level", "formatter", "args"},
        "handler_infoFileHandler": {"class", "level", "formatter", "args"},
        "formatter_consoleFormatter": {"format", "datefmt"},
        "formatter_infoFileFormatter": {"format", "datefmt"},
    }


def test_a_neighbour_that_fails_is_one_error_and_its_return_one_info_in_file_and_console(
    product: Running, neighbour: Neighbour, tmp_path: Path
) -> None:
    neighbour.answers["/get/log"] = body(b"x", "500 Oops")
    count = len(neighbour.requests)
    eventually(lambda: len(neighbour.requests) > count + 5)
    neighbour.cluster({"E001": node("E001")})
    log = tmp_path / "log" / "main_controller.log"
    eventually(lambda: "answers again" in log.read_text())
    ours = [line for line in log.read_text().splitlines() if "data_collector" in line]
    assert [line.split()[1] for line in ours] == ["ERROR", "INFO"]
    assert neighbour.url in ours[0]
    eventually(lambda: any("answers again" in line for line in product.lines))
    assert sum("no data" in line for line in product.lines) == 1


def test_unsupported_calls_are_errors_but_a_few_a_second_at_most(product: Running, tmp_path: Path) -> None:
    for number in range(60):
        product.get(f"/nonsense/{number}\n")
    log = (tmp_path / "log" / "main_controller.log").read_text()
    seconds = re.findall(r"^(\S+) ERROR .*unsupported call GET", log, re.MULTILINE)
    assert 1 <= len(seconds) < 60
    assert max(seconds.count(second) for second in seconds) <= 6  # two of our seconds may touch one of the log's
    assert "CRITICAL" not in log


def test_a_broken_configuration_is_one_line(tmp_path: Path) -> None:
    conf = tmp_path / "logging.conf"
    for text in (
        "",
        "[loggers]\nkeys=root\n",
        "nonsense",
        "[handlers]\nkeys=a\n[handler_a]\nclass=FileHandler\nargs=(",
    ):
        conf.write_text(text)
        with pytest.raises(SettingsError, match=r"logging\.conf") as error:
            logs.configure(conf, tmp_path, files=True)
        assert "\n" not in str(error.value)


FORGED_LINE = "2026-12-01T00:00:00+0000 INFO    main_controller.commands: stop all from nobody"
FORGED = f"E1\n{FORGED_LINE}\r\x1b[2J\x1b]0;x\x07\u2028\u202e"


@pytest.fixture
def configured(tmp_path: Path) -> Iterator[Path]:
    """Logging as it is in the worker, of a logger of its own; the log file."""
    logger = logging.getLogger("tests.logs")
    conf = tmp_path / "logging.conf"
    conf.write_text(
        (ROOT / "logging.conf").read_text().replace("keys=root", "keys=root,ours", 1)
        + "\n[logger_ours]\nqualname=tests.logs\nlevel=INFO\nhandlers=infoFileHandler\npropagate=0\n"
    )
    root_handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    try:
        logs.configure(conf, tmp_path, files=True)
        yield tmp_path / "log" / "main_controller.log"
    finally:
        for handler in logger.handlers:
            handler.close()
        logger.handlers[:] = []
        logging.getLogger().handlers[:] = root_handlers
        logging.getLogger().setLevel(level)


def test_words_from_outside_forge_no_line(configured: Path) -> None:
    logger = logging.getLogger("tests.logs")
    logger.error("no data: %s", FORGED)
    try:
        int(FORGED)
    except ValueError:
        logger.exception("the call for %s failed", FORGED)
    text = configured.read_text()
    assert all(line.isprintable() for line in text.split("\n"))
    ours = re.compile(r"\d{4}-\d\d-\d\dT\S+ ERROR   tests\.logs: ")
    further = [line for line in text.splitlines() if not ours.match(line)]
    assert len(text.splitlines()) - len(further) == 2
    assert further
    assert all(line.startswith("    | ") for line in further)
    assert "\\x1b[2J" in text
    assert "\\u202e" in text
    assert "ValueError" in text


@pytest.mark.parametrize("text", ["plain", "Häuser 家 ☃", "", "a\\nb"])
def test_what_is_printable_stays_as_it_is(text: str) -> None:
    assert logs.printable(text) == text


@given(st.text(st.characters()))
def test_any_text_becomes_one_line_that_can_be_written(text: str) -> None:
    shown = logs.printable(text)
    assert shown.isprintable()
    assert len(shown.encode().splitlines()) <= 1


def test_a_log_file_that_was_removed_or_moved_is_opened_again(configured: Path) -> None:
    logger = logging.getLogger("tests.logs")
    logger.info("one")
    configured.rename(configured.with_name("moved"))
    logger.info("two")
    configured.unlink()
    logger.info("three")
    configured.unlink()
    configured.parent.rename(configured.parent.with_name("elsewhere"))
    logger.info("four")
    assert configured.read_text().endswith("four\n")
    assert (configured.parent.with_name("elsewhere") / "moved").read_text().endswith("one\n")


def test_a_log_that_cannot_be_written_costs_the_file_and_not_the_start(neighbour: Neighbour, tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file is in the way")
    with started(*pointed(neighbour.doors), "--state-folder", str(tmp_path)) as running:
        assert eventually(lambda: running.get("/get/logInfo").status_code == 200)
        assert sum("main_controller.log cannot be written" in line for line in running.lines) in (1, 2)


def test_a_log_that_can_be_written_later_is(
    configured: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logs, "_TRY_AGAIN_S", 0.0)
    logger = logging.getLogger("tests.logs")
    configured.unlink()
    configured.parent.rmdir()
    configured.parent.write_text("a file is in the way")
    for _ in range(5):
        logger.info("lost")
    assert capsys.readouterr().err.count("cannot be written") == 1
    configured.parent.unlink()
    logger.info("kept")
    assert configured.read_text().endswith("kept\n")


def test_refused_commands_are_logged_at_a_bounded_rate_and_the_others_counted(product: Running, tmp_path: Path) -> None:
    for number in range(100):
        assert product.get(f"/setOperationMode?value=stop&odd{number}=1").status_code == 400
    time.sleep(1.1)
    product.get("/setOperationMode?value=stop&odd=1")
    log = (tmp_path / "log" / "main_controller.log").read_text()
    refused = len(re.findall(r" INFO .*refused: ", log))
    (*_, more) = [int(found) for found in re.findall(r"(\d+) more like these were left out", log)]
    assert refused < 50
    assert more > 0


def test_a_node_and_a_neighbour_with_odd_words_leave_the_log_as_it_was(
    product: Running, neighbour: Neighbour, tmp_path: Path
) -> None:
    neighbour.cluster({FORGED: node("E1"), "E001": node("E001")})
    neighbour.answers["/get/log"] = body(b"\x1b[31m\n" + FORGED.encode() + b"\n", "500 Oops")
    product.get(f"/get/unit/{quote(FORGED)}")
    product.get(f"/set/dcdc/{quote(FORGED)}?mode={quote(FORGED)}")
    product.get("/setOperationMode?value=heteronomous&unitId=" + quote(FORGED))
    product.get("/nonsense" + quote(FORGED))
    log = tmp_path / "log" / "main_controller.log"
    eventually(lambda: "no data" in log.read_text())
    for line in [*log.read_text().split("\n"), *product.lines]:
        assert line.isprintable(), repr(line)
        assert not line.startswith("2026-12-01T00:00:00+0000")
