"""A date of this machine that jumps fires no schedule unannounced, and empties no ledger."""

from datetime import UTC, datetime, timedelta

from tests.commands.clock import NOON, SOFT_STOP, Clock
from tests.rows import begun


def test_a_clock_that_jumps_loses_nothing_and_sends_nothing_twice(clock: Clock) -> None:
    clock.write("")
    clock.step(3600)
    clock.mode("heteronomous")
    clock.step(5)
    assert clock.sent() == [SOFT_STOP]
    clock.now -= timedelta(days=1)
    clock.step(5)
    clock.now += timedelta(days=2)
    clock.step(5)
    assert clock.sent() == []
    assert clock.product.scheduler._parts.schedules.read().find("") is not None


def test_a_jump_of_the_date_fires_nothing_at_once(clock: Clock) -> None:
    clock.write("E001", NOON + timedelta(hours=5))
    clock.write("E002")
    clock.step(5)
    clock.now = NOON + timedelta(hours=6)  # the date was set while 5 s passed
    clock.step(5)
    assert clock.sent() == []
    assert clock.state("E001").startswith("pending: the date jumped by 6:59:55; takes effect in 60 s unless cleared")
    jump = {"reason": "date_jumped", "jumped_s": 7 * 3600 - 5, "in_s": 60}
    assert clock.code("E001") == ("pending", jump)
    clock.step(30)
    assert clock.state("E002").endswith("takes effect in 30 s unless cleared")
    told = clock.product.scheduler._parts.dates.report()
    assert told is not None
    assert told["jumped_s"] == 7 * 3600 - 5
    assert clock.sent() == []
    (clock.folder / "schedules" / "E002-softStop").unlink()
    clock.step(31)
    assert clock.sent() == [SOFT_STOP | {"unitId": "E001"}]


def test_a_second_jump_fires_nothing_of_the_first_at_once(clock: Clock) -> None:
    clock.write("")
    clock.step(5)
    clock.now += timedelta(hours=3)
    clock.step(5)
    clock.now += timedelta(hours=3)
    clock.step(30)
    assert clock.sent() == []
    assert "takes effect in 60 s" in clock.state()
    clock.step(61)
    assert clock.sent() == [SOFT_STOP]


def test_a_jump_that_is_taken_back_fires_nothing(clock: Clock) -> None:
    clock.write("")
    clock.step(5)
    clock.now += timedelta(days=400)
    clock.step(5)
    clock.now -= timedelta(days=400)
    clock.step(5)
    clock.step(120)
    assert clock.sent() == []
    assert clock.state() == "to come"
    assert clock.product.scheduler._parts.dates.report() is None


def test_an_implausible_date_empties_no_ledger(clock: Clock) -> None:
    clock.now = datetime.now(UTC)
    clock.step()
    row = begun(clock.product.ledger, "127.0.0.1 script", "flushCache", "", {})
    clock.product.ledger.update(row, outcome="accepted")
    clock.now += timedelta(days=400)  # while it runs
    clock.step(4000)
    clock.product.ledger.close()  # which waits for what is being removed
    clock.restart()
    assert [one.id for one in clock.product.ledger.newest(9)] == [row.id]
    clock.step(4000)  # and as it starts
    clock.product.ledger.close()
    clock.restart()
    assert [one.id for one in clock.product.ledger.newest(9)] == [row.id]
