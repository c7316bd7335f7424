"""Deals on demand: one request outward at a time, one a second, nobody waits long, old ones carry their age."""

import json
import threading
import time

import pytest

from main_controller.errors import NeighbourFailedError, NeighbourLateError
from main_controller.picture import deals
from main_controller.picture.deals import OnDemand, with_short_names


class Source:
    """Counts its calls, and how many run at a time; can be told to fail or to hang."""

    def __init__(self) -> None:
        self.calls = 0
        self.most_at_a_time = 0
        self.fails = False
        self.go_on = threading.Event()
        self.go_on.set()
        self._running = 0
        self._lock = threading.Lock()

    def __call__(self) -> int:
        with self._lock:
            self.calls += 1
            self._running += 1
            self.most_at_a_time = max(self.most_at_a_time, self._running)
        self.go_on.wait(5)
        with self._lock:
            self._running -= 1
        if self.fails:
            raise NeighbourFailedError("Budo is away", sent=True)
        return self.calls


def test_many_readers_are_one_request(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source()
    source.go_on.clear()
    value = OnDemand("deals", source)
    got: list[int] = []
    readers = [threading.Thread(target=lambda: got.append(value.get().value)) for _ in range(20)]
    for reader in readers:
        reader.start()
    source.go_on.set()
    for reader in readers:
        reader.join(5)
    assert got == [1] * 20
    assert value.get().value == 1
    assert (source.calls, source.most_at_a_time) == (1, 1)
    monkeypatch.setattr(deals, "EVERY_S", 0.0)
    assert value.get().value == 2


def test_a_reader_of_a_hung_neighbour_gets_the_last_good_with_its_age(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deals, "EVERY_S", 0.0)
    source = Source()
    value = OnDemand("deals", source)
    assert value.get().value == 1
    source.go_on.clear()
    began = time.monotonic()
    reading = value.get()
    assert 0.4 < time.monotonic() - began < 2
    assert reading.value == 1
    assert reading.age_s >= 0.4
    began = time.monotonic()
    assert value.get().value == 1  # the same request is under way: nobody waits for it twice
    assert time.monotonic() - began < 0.3
    assert source.calls == 2
    source.go_on.set()


def test_without_a_last_good_one_the_reason_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deals, "EVERY_S", 0.0)
    source = Source()
    source.fails = True
    value = OnDemand("deals", source)
    with pytest.raises(NeighbourFailedError, match="away"):
        value.get()
    source.fails = False
    assert value.get().value == 2
    source.fails = True
    assert value.get().value == 2
    status = value.status(time.monotonic())
    assert (status["ok"], status["error"]) == (False, "Budo is away")


def test_a_reader_that_may_not_wait_does_not() -> None:
    source = Source()
    source.go_on.clear()
    with pytest.raises(NeighbourLateError):
        OnDemand("deals", source).get(may_wait=False)
    source.go_on.set()


def test_the_long_form_gets_the_short_names_beside_it() -> None:
    long = {
        "requestUnitId": "E1",
        "acceptUnitId": "E2",
        "chargeUnitId": "E1",
        "dischargeUnitId": "E2",
        "type": "charge",
        "createDateTime": "2020/01/01-00:00:00",
        "dealId": "x",
    }
    named = with_short_names(long)
    assert named == long | {
        "requester": "E1",
        "responder": "E2",
        "chargingUnit": "E1",
        "dischargingUnit": "E2",
        "request": "CHARGE",
        "startTime": "2020/01/01-00:00:00",
    }
    short = {"requester": "E1", "isMasterDeal": True}
    assert with_short_names(short) == short
    assert json.dumps(with_short_names({})) == "{}"
