"""What waits for one thing never keeps out what waits for another, and some threads wait for nothing."""

import contextlib
import itertools

import pytest

from main_controller.errors import BusyError
from main_controller.runtime.server import THREADS
from main_controller.web import waiting_room
from main_controller.web.waiting_room import (
    COMMAND_SEATS,
    COMMANDS_OF_ONE_ADDRESS,
    DISK_SEATS,
    OF_THREADS,
    READ_SEATS,
    RESERVED_THREADS,
    SHORT_SEATS,
    STOP_ALL_SEATS,
    WaitingRoom,
)


def test_all_seats_together_leave_threads_that_need_not_wait() -> None:
    assert OF_THREADS == THREADS
    assert READ_SEATS + SHORT_SEATS + DISK_SEATS + COMMAND_SEATS + STOP_ALL_SEATS + RESERVED_THREADS == THREADS


@pytest.mark.parametrize("full", ["reads", "short reads", "disk", "commands", "stop alls"])
def test_whatever_is_full_the_others_still_have_seats(full: str) -> None:
    room, numbers = WaitingRoom(THREADS), itertools.count()
    seats = {
        "reads": (READ_SEATS, room.seat),
        "short reads": (SHORT_SEATS, room.try_seat),
        "disk": (DISK_SEATS, room.disk),
        "commands": (COMMAND_SEATS, lambda: room.command(f"192.0.2.{next(numbers)}")),
        "stop alls": (STOP_ALL_SEATS, room.stop_all),
    }
    with contextlib.ExitStack() as stack:
        for _ in range(seats[full][0]):
            stack.enter_context(seats[full][1]())
        for name, (_, seat) in seats.items():
            if name == full and name in ("stop alls", "short reads"):
                with seat() as seated:
                    assert seated is False
            elif name == full:
                with pytest.raises(BusyError), seat():
                    pass
            else:
                with seat():
                    pass
    with seats[full][1]():
        pass


def test_one_address_cannot_take_all_seats_of_the_commands() -> None:
    room = WaitingRoom(THREADS)
    with contextlib.ExitStack() as stack:
        for _ in range(COMMANDS_OF_ONE_ADDRESS):
            stack.enter_context(room.command("192.0.2.1"))
        with pytest.raises(BusyError), room.command("192.0.2.1"):
            pass
        with room.command("192.0.2.2"):
            pass
    with room.command("192.0.2.1"):
        pass
    assert not room._commands_of


def test_with_fewer_threads_every_kind_still_has_a_seat() -> None:
    room = WaitingRoom(4)
    with room.seat(), room.try_seat() as read, room.disk(), room.command("x"), room.stop_all() as stop_all:
        assert read
        assert stop_all
    assert waiting_room.RESERVED_THREADS > 0
