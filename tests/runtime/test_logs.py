"""logging.conf decides; only the worker writes the file; edges, not repetition."""

import configparser
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

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
