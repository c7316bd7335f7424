"""Who asks while a call runs shares the next one, which begins after they came."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from main_controller.threads.shared_calls import LaterCalls
from tests.running import eventually


class Device:
    """Counts its calls; each answers its number when it is let go."""

    def __init__(self) -> None:
        self.calls = 0
        self.go_on = threading.Semaphore(0)

    def __call__(self) -> int:
        self.calls += 1
        number = self.calls
        assert self.go_on.acquire(timeout=5)
        return number


def test_all_who_come_meanwhile_share_the_next_and_none_gets_what_began_before_it_came() -> None:
    calls: LaterCalls[int] = LaterCalls()
    device = Device()
    with ThreadPoolExecutor(12) as pool:
        first = pool.submit(calls.get, "a", device)
        eventually(lambda: device.calls == 1)
        others = [pool.submit(calls.get, "a", device) for _ in range(10)]
        eventually(lambda: calls._next)
        device.go_on.release(2)
        assert first.result(5) == 1
        assert {other.result(5) for other in others} == {2}
    assert (calls._running, calls._next) == ({}, {})


def test_keys_do_not_wait_for_each_other() -> None:
    calls: LaterCalls[int] = LaterCalls()
    device = Device()
    with ThreadPoolExecutor(1) as pool:
        hung = pool.submit(calls.get, "a", device)
        eventually(lambda: device.calls == 1)
        assert calls.get("b", lambda: 7) == 7
        device.go_on.release()
        assert hung.result(5) == 1


def test_one_who_shared_a_call_that_was_broken_off_makes_one_of_its_own() -> None:
    calls: LaterCalls[int] = LaterCalls()
    device = Device()

    def breaks() -> int:
        device()
        raise ZeroDivisionError

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(calls.get, "a", device)
        eventually(lambda: device.calls == 1)
        second = pool.submit(calls.get, "a", breaks)
        eventually(lambda: calls._next)
        third = pool.submit(calls.get, "a", lambda: 9)
        device.go_on.release(2)
        assert first.result(5) == 1
        with pytest.raises(ZeroDivisionError):
            second.result(5)
        assert third.result(5) == 9
    assert (calls._running, calls._next) == ({}, {})
