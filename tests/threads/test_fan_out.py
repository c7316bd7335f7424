"""The same call for many nodes at a time."""

import threading

import pytest

from main_controller.threads.fan_out import MOST_AT_A_TIME, fan_out


def test_as_many_calls_as_may_be_are_under_way_at_once() -> None:
    together = threading.Barrier(MOST_AT_A_TIME)
    units = [f"E{number}" for number in range(2 * MOST_AT_A_TIME)]
    results = fan_out(units, lambda _: together.wait(30) >= 0)
    assert results == dict.fromkeys(units, True)


def test_a_call_that_raises_costs_its_own_unit_only(caplog: pytest.LogCaptureFixture) -> None:
    units = [f"E{number}" for number in range(100)]

    def call(unit: str) -> str:
        if unit in {"E0", "E50", "E99"}:
            raise ValueError("of another kind")
        return unit

    assert fan_out(units, call) == {unit: unit for unit in units if unit not in {"E0", "E50", "E99"}}
    assert sorted(record.args for record in caplog.records) == [("E0",), ("E50",), ("E99",)]  # type: ignore[type-var]
