"""Calls that nobody waits for: the first at once, then one for all that came meanwhile."""

import threading

import pytest

from main_controller.threads.aside import Aside
from tests.running import eventually


def test_the_first_is_made_at_once_and_the_last_for_all_that_came_meanwhile() -> None:
    made: list[int] = []
    aside = Aside("aside", every_s=0.2, most=4)
    for number in range(50):
        aside(lambda number=number: made.append(number))  # type: ignore[misc]
    eventually(lambda: made and made[-1] == 49)
    assert len(made) <= 3
    aside(lambda: made.append(50))
    eventually(lambda: made[-1] == 50)


def test_calls_that_hang_hold_up_none_until_there_are_too_many_of_them() -> None:
    go_on = threading.Event()
    begun: list[int] = []

    def hang(number: int) -> None:
        begun.append(number)
        go_on.wait(5)

    aside = Aside("aside", every_s=0.001, most=3)
    for number in range(3):
        aside(lambda number=number: hang(number))  # type: ignore[misc]
        eventually(lambda number=number: number in begun)  # type: ignore[misc]
    aside(lambda: hang(3))
    aside(lambda: hang(4))
    assert begun == [0, 1, 2]
    go_on.set()
    eventually(lambda: begun[-1] in (3, 4))


def test_a_call_that_raises_is_logged_and_the_next_is_made(caplog: pytest.LogCaptureFixture) -> None:
    made = threading.Event()
    aside = Aside("a name", every_s=0.001, most=1)
    aside(lambda: 1 / 0)
    eventually(lambda: "a name failed" in caplog.text)
    aside(made.set)
    assert made.wait(5)


def test_where_the_system_gives_no_thread_the_caller_makes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    made: list[int] = []
    aside = Aside("aside", every_s=0.001, most=1)
    aside(lambda: made.append(1))
    aside(lambda: made.append(2))
    assert made == [1, 2]
