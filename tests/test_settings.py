"""Where a setting comes from, and what is said of a wrong one."""

import contextlib
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import startMain
from main_controller import setting_table, settings
from main_controller.errors import SettingsError
from tests.running import ROOT

VARIABLES = vars(startMain)


def load(*arguments: str, env: dict[str, str] | None = None, **changed: Any) -> setting_table.Settings:
    return settings.load(VARIABLES | changed, env or {}, arguments)[0]


def demo(*arguments: str, env: dict[str, str] | None = None, **changed: Any) -> settings.DemoChoice | None:
    return settings.load(VARIABLES | changed, env or {}, arguments)[1]


def test_the_defaults_are_those_of_the_contract() -> None:
    chosen = load()
    assert (chosen.b_host, chosen.b_port) == ("0.0.0.0", 4382)
    assert (chosen.emulator, chosen.apis) == (True, True)
    assert chosen.apis_emul_url == "http://localhost:43900"
    assert chosen.apis_budo_url == "http://localhost:43830"
    assert chosen.emul_url == "http://localhost:4390"
    assert chosen.budo_url == "http://localhost:4383"
    assert chosen.ups_set_url == ":8080/1/ups1/operation/mode"
    assert chosen.set_url == ":4380/remote/set?"
    assert chosen.url == {"dcdc": ":4380/remote/get", "meter": ":4380/inquiry/09", "emu": ":8080/1/log/data"}
    assert (chosen.datacollectorinterval, chosen.schedulerInterval) == (5, 5)
    assert (chosen.neighbour_timeout, chosen.poll_timeout, chosen.stale_after) == (3, 4, 20)


def test_the_command_line_wins_over_the_environment_and_that_over_the_file() -> None:
    assert load(b_port=1).b_port == 1
    assert load(b_port=1, env={"MAIN_CONTROLLER_B_PORT": "2"}).b_port == 2
    assert load("--b-port", "3", b_port=1, env={"MAIN_CONTROLLER_B_PORT": "2"}).b_port == 3
    assert load(env={"MAIN_CONTROLLER_SCHEDULERINTERVAL": "7.5"}).schedulerInterval == 7.5
    assert load("--schedulerInterval", "8").schedulerInterval == 8
    assert load("--emulator=false").emulator is False


def test_urls_follow_the_host_unless_they_are_given() -> None:
    chosen = load("--apis-host", "fd00::1", "--apis-budo-url", "https://example.test/budo/")
    assert chosen.apis_emul_url == "http://[fd00::1]:43900"
    assert chosen.apis_budo_url == "https://example.test/budo"


def test_url_by_command_line_is_json() -> None:
    table = '{"dcdc": ":1/a", "meter": ":1/b", "emu": ":1/c"}'
    assert load("--url", table).url["meter"] == ":1/b"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--b-port", "70000"], ["--b-port", "70000", "0 to 65535"]),
        (["--b-port", "x"], ["--b-port", "'x'"]),
        (["--datacollectorinterval", "0.01"], ["--datacollectorinterval", "0.05"]),
        (["--datacollectorinterval", "nan"], ["--datacollectorinterval", "nan"]),
        (["--emulator", "perhaps"], ["--emulator", "perhaps", "true or false"]),
        (["--url", "[1]"], ["--url", "dcdc, meter and emu"]),
        (["--apis-host", "a b"], ["--apis-host", "'a b'"]),
        (["--apis-host", "evil/path"], ["--apis-host"]),
        (["--apis-emul-url", "ftp://x"], ["--apis-emul-url", "ftp://x"]),
        (["--nonsense", "1"], ["--nonsense"]),
        (["--demo", "0"], ["--demo", "'0'"]),
        (["--demo", "/no/such/file"], ["--demo", "/no/such/file"]),
        (["--apis", "false", "--emulator", "false"], ["apis", "emulator", "both false"]),
    ],
)
def test_a_wrong_setting_is_named_with_what_it_got_and_what_is_allowed(arguments: list[str], named: list[str]) -> None:
    with pytest.raises(SettingsError) as error:
        load(*arguments)
    assert "\n" not in str(error.value)
    for word in named:
        assert word in str(error.value)


def test_a_wrong_one_in_the_environment_or_the_file_says_where() -> None:
    with pytest.raises(SettingsError, match="MAIN_CONTROLLER_B_PORT"):
        load(env={"MAIN_CONTROLLER_B_PORT": "no"})
    with pytest.raises(SettingsError, match=r"in startMain\.py"):
        load(stale_after="soon")
    with pytest.raises(SettingsError, match="MAIN_CONTROLLER_BPORT"):
        load(env={"MAIN_CONTROLLER_BPORT": "1"})


@given(
    st.sampled_from(setting_table.SPECS),
    st.one_of(st.none(), st.text(), st.floats(), st.integers(), st.lists(st.text())),
)
def test_no_value_of_any_kind_is_a_traceback(spec: setting_table.Spec, value: object) -> None:
    with contextlib.suppress(SettingsError):
        settings.load(VARIABLES | {spec.name: value}, {}, [])


def test_the_demo_runs_unless_an_apis_web_is_given() -> None:
    assert demo("--demo=auto", "--b-port", "8080") == settings.DemoChoice()
    assert demo("--demo=auto", "--apis-host", "192.0.2.10") is None
    assert demo("--demo=auto", "--apis-host", "localhost") is None
    assert demo("--demo=auto", env={"MAIN_CONTROLLER_APIS_HOST": "192.0.2.10"}) is None
    assert demo("--demo=auto", apis_host="192.0.2.10") is None
    assert demo("--demo=auto", "--apis-emul-url", "http://192.0.2.10:1") is None
    assert demo("--demo=auto", "--apis-host", "192.0.2.10", "--demo", "12") == settings.DemoChoice(nodes=12)
    assert demo("--demo=auto", "--demo") == settings.DemoChoice(nodes=8)
    assert demo() is None


def start(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "startMain.py", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)


def test_a_wrong_setting_ends_the_start_with_status_2_and_one_line() -> None:
    ended = start("--b-port", "x")
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1
    assert "--b-port" in ended.stderr


def test_help_lists_every_setting_with_its_default_and_meaning() -> None:
    ended = start("--help")
    assert ended.returncode == 0
    flat = " ".join(ended.stdout.split())
    for spec in setting_table.SPECS:
        assert settings.option_name(spec.name) + " VALUE" in flat
        assert spec.meaning.split(";")[0][:20] in flat
    assert "(default: 4382)" in flat
