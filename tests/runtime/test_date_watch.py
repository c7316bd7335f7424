"""A date that jumps is told, and never the reason to remove what was recorded."""

from datetime import UTC, datetime, timedelta

from main_controller.runtime.date_watch import DateWatch

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def test_only_what_the_monotonic_clock_does_not_explain_is_a_jump() -> None:
    watch = DateWatch()
    assert watch.look(NOW, 0) is None
    assert watch.look(NOW + timedelta(seconds=7200), 7200) is None  # two hours have passed
    assert watch.look(NOW + timedelta(seconds=10_000), 7205) is None  # an hour is corrected now and then
    assert watch.report() is None
    assert watch.look(NOW + 400 * DAY, 7210) == NOW + 400 * DAY - (NOW + timedelta(seconds=10_005))
    report = watch.report()
    assert report is not None
    assert report["jumped_s"] == round((400 * DAY).total_seconds()) - 10_005


def test_a_jump_moves_nothing_that_is_removed_by_date() -> None:
    watch = DateWatch()
    watch.look(NOW, 0)
    watch.look(NOW + 400 * DAY, 5)
    assert watch.unmoved(NOW + 400 * DAY, NOW) == NOW + timedelta(seconds=5)


def test_a_start_long_after_all_that_was_recorded_is_not_believed() -> None:
    watch = DateWatch()
    watch.look(NOW, 0)
    assert watch.unmoved(NOW, NOW - 29 * DAY) == NOW
    assert watch.unmoved(NOW, NOW - 31 * DAY) == NOW - 31 * DAY
    assert watch.unmoved(NOW, None) == NOW


def test_a_date_that_was_behind_at_the_start_is_believed_once_it_is_put_right() -> None:
    watch = DateWatch()
    watch.look(datetime(1970, 1, 1, tzinfo=UTC), 0)  # a box whose clock does not go on while it is off
    watch.look(NOW, 60)
    assert watch.unmoved(NOW, NOW - DAY) == NOW
