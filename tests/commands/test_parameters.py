"""A parameter of a command is read as it is worked with, or refused with its name and what is allowed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import startMain
from main_controller import nodes, settings
from main_controller.commands import preconditions
from main_controller.commands.asked import Asked, Order
from main_controller.commands.kind import Need
from main_controller.commands.kinds import KINDS
from main_controller.errors import BadRequestError

SETTINGS = settings.load(vars(startMain), {}, ["--dvg-max", "380", "--dig-max", "2.5"])[0]
LATER = "2099-01-01T09:00:00+09:00"


def order(command: str, **values: str) -> Order:
    return KINDS[command].order(Asked("x", values), SETTINGS)


def converter(**values: str) -> Order:
    return order("set/dcdc", **{"node_id": "E001", "mode": "0x0041", "dvg": "350", "dig": "2"} | values)


@pytest.mark.parametrize(
    ("command", "given", "target", "values"),  # beside those that are read as they are given
    [
        ("set/budo", {"mode": "quiet"}, nodes.CLUSTER, {}),
        ("setOperationMode", {"value": "manual"}, nodes.CLUSTER, {}),
        ("setOperationMode", {"value": "", "unitId": "E001"}, "E001", {"value": ""}),
        ("set/dcdc", {"node_id": "a/b", "mode": "0x0000"}, "a/b", {"dvg": "350", "dig": "2"}),
        ("stopAll", {"was": "stop"}, nodes.CLUSTER, {}),
        ("shutDown", {"unitId": "E001", "force": "false"}, "E001", {"force": False}),
        ("upsMode", {"upsMode": "7"}, nodes.CLUSTER, {"upsMode": 7}),
        ("setSchedule", {"operation": "softStop", "unitId": ""}, nodes.CLUSTER, {"unitId": ""}),
        (
            "setSchedule",
            {"operation": "softStop", "unitId": "E001", "value": LATER, "was": LATER},
            "E001",
            {"value": datetime(2099, 1, 1, tzinfo=UTC), "was": "2099-01-01T00:00:00+00:00"},
        ),
        ("setSchedule", {"operation": "softStop", "value": "", "was": "none"}, nodes.CLUSTER, {}),
    ],
)
def test_what_is_allowed_is_read_as_it_is_worked_with(
    command: str, given: dict[str, str], target: str, values: dict[str, Any]
) -> None:
    found = order(command, **given)
    assert (found.command, found.origin, found.target) == (command, "x", target)
    assert found.unit == (None if target == nodes.CLUSTER else target)
    assert found.values == {name: text for name, text in given.items() if text != "" or name in values} | values


@pytest.mark.parametrize(
    ("given", "read"), [("0", "0"), ("2.50", "2.5"), ("001.5", "1.5"), ("2.123456789", "2.123456789")]
)
def test_a_number_is_sent_without_needless_digits(given: str, read: str) -> None:
    assert converter(dig=given).values["dig"] == read


def test_a_wait_may_say_its_voltage_and_current_and_needs_not() -> None:
    assert converter(mode="0x0000", dvg="0").values["dvg"] == "0"
    assert "drg" not in converter().values
    assert converter(drg="100").values["drg"] == "100"


def test_force_and_what_was_seen_are_told_of_an_order() -> None:
    assert (converter().force, converter().was) == (False, None)
    forced = converter(force="true", was="0x0014")
    assert (forced.force, forced.was) == (True, "0x0014")


@pytest.mark.parametrize(
    ("command", "given", "text", "code"),
    [
        ("set/budo", {"mode": "Stop"}, "mode: 'Stop' is not allowed; allowed: active, quiet, stop, manual", None),
        ("setOperationMode", {}, "value: missing", "parameter_missing"),
        ("setOperationMode", {"value": "stop", "force": "true"}, "force: only with unitId", "force_without_unit"),
        (
            "setOperationMode",
            {"value": "x"},
            "value: 'x' is not allowed; a global mode: autonomous, heteronomous, stop, manual",
            None,
        ),
        (
            "setOperationMode",
            {"value": "x" * 90, "unitId": "E001"},
            f"value: '{'x' * 80}' is not allowed; a local mode: empty (clear), heteronomous, stop",
            None,
        ),
        (
            "setOperationMode",
            {"value": "stop", "unitId": ""},
            "unitId: empty; leave it out to mean the whole cluster",
            "unit_empty",
        ),
        (
            "set/dcdc",
            {"node_id": "E001"},
            "mode: '' is not allowed; allowed: 0x0000, 0x0014, 0x0041, 0x0002",
            None,
        ),
        (
            "set/dcdc",
            {"node_id": "E001", "mode": "0x0014", "dig": "2"},
            "dvg: missing; a number from 0 to 380 is needed",
            "parameter_missing",
        ),
        (
            "set/dcdc",
            {"node_id": "E001", "mode": "0x0014", "dvg": "380", "dig": "2.6"},
            "dig: '2.6' is not allowed; a number from 0 to 2.5",
            None,
        ),
        (
            "set/dcdc",
            {"node_id": "E001", "mode": "0x0000", "drg": "100.1"},
            "drg: '100.1' is not allowed; a number from 0 to 100",
            None,
        ),
        ("shutDown", {"force": "yes"}, "force: 'yes' is not allowed; true or false", None),
        ("upsMode", {"upsMode": "07"}, "upsMode: '07' is not allowed; a number from 0 to 7", None),
        ("setSchedule", {"operation": "start"}, "operation: 'start' is not allowed; allowed: softStop", None),
        (
            "setSchedule",
            {"operation": "softStop", "value": "2020-01-01T00:00:00Z"},
            "value: '2020-01-01T00:00:00Z' is in the past",
            "time_in_the_past",
        ),
        (
            "setSchedule",
            {"operation": "softStop", "was": "soon"},
            "was: 'soon' is no ISO 8601 date and time, such as 2026-12-01T12:00:00+09:00, or none",
            "no_time",
        ),
    ],
)
def test_what_is_not_allowed_is_refused_in_these_words(
    command: str, given: dict[str, str], text: str, code: str | None
) -> None:
    with pytest.raises(BadRequestError) as caught:
        order(command, **given)
    assert (str(caught.value), caught.value.code) == (text, code or "value_not_allowed")


def test_a_schedule_may_be_a_moment_late() -> None:
    at = datetime.now(UTC) - timedelta(seconds=30)
    assert order("setSchedule", operation="softStop", value=at.isoformat()).values["value"] == at


def test_every_need_is_looked_at_once() -> None:
    assert sorted([*preconditions._SLOW, *preconditions._AT_ONCE]) == sorted(Need)


@pytest.mark.parametrize(
    ("command", "given", "error", "params"),
    [
        ("setOperationMode", {}, "value: missing", {"name": "value"}),
        ("setSchedule", {}, "operation: missing", {"name": "operation"}),
        ("set/dcdc", {"node_id": "E001", "mode": "0x0014", "dig": "2"}, "dvg: missing; a number", {"name": "dvg"}),
        ("set/dcdc", {"node_id": "E001", "mode": "0x0014", "dvg": "1e2", "dig": "2"}, "dvg: '1e2'", {"name": "dvg"}),
        ("upsMode", {"upsMode": "8"}, "upsMode: '8' is not allowed", {"name": "upsMode", "value": "8"}),
        ("upsMode", {"upsMode": "-1"}, "upsMode: '-1' is not allowed", {"name": "upsMode", "value": "-1"}),
        (
            "setSchedule",
            {"operation": "softStop", "value": "2020-01-01T00:00:00Z"},
            "value: '2020-01-01T00:00:00Z' is in the past",
            {"value": "2020-01-01T00:00:00Z"},
        ),
        (
            "setSchedule",
            {"operation": "softStop", "value": "soon" * 30},
            "value: '" + "soon" * 20 + "' is no ISO 8601",
            {"name": "value", "value": "soon" * 20},
        ),
        (
            "setSchedule",
            {"operation": "softStop", "was": "soon"},
            "was: 'soon' is no ISO 8601",
            {"name": "was", "value": "soon"},
        ),
    ],
)
def test_what_is_refused_is_named_with_what_was_given(
    command: str, given: dict[str, str], error: str, params: dict[str, str]
) -> None:
    with pytest.raises(BadRequestError) as refused:
        order(command, **given)
    assert str(refused.value).startswith(error)
    assert refused.value.params.items() >= params.items()


@pytest.mark.parametrize("mode", ["0", "7"])
def test_the_ends_of_a_range_are_allowed(mode: str) -> None:
    assert order("upsMode", upsMode=mode).values["upsMode"] == int(mode)


def test_what_may_be_left_out_with_a_wait_may_not_without_a_mode() -> None:
    with pytest.raises(BadRequestError, match="mode"):
        order("set/dcdc", node_id="E001")
