"""The same call for many nodes at a time."""

import threading
import time

import pytest

from main_controller.threads import fan_out as module
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


def test_where_the_system_allows_few_files_fewer_calls_are_made_at_a_time() -> None:
    together: set[str] = set()
    most = 0
    lock = threading.Lock()

    def call(unit: str) -> str:
        nonlocal most
        with lock:
            together.add(unit)
            most = max(most, len(together))
        time.sleep(0.002)
        with lock:
            together.remove(unit)
        return unit

    module.allow(8)
    try:
        assert len(module.fan_out([f"E{number}" for number in range(60)], call)) == 60
    finally:
        module.allow(2 * MOST_AT_A_TIME)
    assert 1 < most <= 4
