"""Polls in step with whoever gathers, however often is polled, and ages that are never too small."""

import random
from dataclasses import dataclass

import pytest

from main_controller.picture.rhythm import PollPlan, Rhythm

EVERY_S = 5.0  # hardware is read and apis-web gathers so far apart, each with a phase of its own
LATE_S = 1.0
SETTLED_S = 60.0


@dataclass(frozen=True)
class Seen:
    """What became of it: the share of polls that told an age too small, polls an interval, s from change to poll."""

    untrue: float
    polls: float
    lag_s: float
    worst_lag_s: float  # of those after the first half minute


def watch(interval_s: float, jitter_s: float, seed: int, *, first_s: float | None = None, takes_s: float = 0.0) -> Seen:
    """Poll a node for half an hour of its time; ``first_s``: its first gathering, ``takes_s``: what a poll takes."""
    chance = random.Random(seed)
    gathered = [chance.uniform(0, EVERY_S) if first_s is None else first_s]
    while gathered[-1] < 1800:
        gathered.append(gathered[-1] + EVERY_S + chance.uniform(-jitter_s, jitter_s))
    phase_s = chance.uniform(0, EVERY_S)
    plan, rhythm = PollPlan(interval_s), Rhythm()
    now_s = before_s = 0.0
    at, shown, polls, untrue, told = -1, -1, 0, 0, 0
    lags: list[float] = []
    while now_s < gathered[-2]:
        while gathered[at + 1] <= now_s:
            at += 1
        changed = []
        if at != shown:
            if shown >= 0:
                rhythm = rhythm.changed(before_s, now_s + takes_s, interval_s)
                changed = [rhythm]
                lags.append(now_s + takes_s - gathered[at])
            shown = at
        if now_s > SETTLED_S and rhythm.true_since_s is not None:
            read_s = gathered[at] - (gathered[at] - phase_s) % EVERY_S
            told += 1
            untrue += rhythm.true_since_s > read_s + LATE_S
        polls += 1
        before_s, now_s = now_s, max(now_s + 0.02, plan.next_s(changed, now_s + takes_s))
    settled = lags[20:]
    return Seen(untrue / told, polls * interval_s / gathered[-1], sum(settled) / len(settled), max(lags[6:]))


@pytest.mark.parametrize("interval_s", [1.0, 2.0, 5.0, 10.0, 20.0])
@pytest.mark.parametrize("jitter_s", [0.0, 0.1, 0.3])
def test_no_age_is_too_small_and_polls_are_few_at_any_interval(interval_s: float, jitter_s: float) -> None:
    found = [watch(interval_s, jitter_s, seed) for seed in range(8)]
    assert max(one.untrue for one in found) == 0
    assert sum(one.polls for one in found) / len(found) <= 1.3


def test_a_change_is_seen_soon_after_it_at_the_interval_of_the_gathering() -> None:
    found = [watch(EVERY_S, 0.1, seed) for seed in range(8)]
    assert max(one.lag_s for one in found) < 1


def test_wherever_the_first_gathering_was_changes_are_soon_seen_soon() -> None:
    found = [watch(EVERY_S, 0.01, 0, first_s=phase / 20, takes_s=0.03) for phase in range(100)]
    assert max(one.worst_lag_s for one in found) < 1.5


def test_a_gathering_that_is_a_second_off_now_and_then_is_seldom_told_too_young() -> None:
    found = [watch(EVERY_S, 1.0, seed) for seed in range(8)]
    assert sum(one.untrue for one in found) / len(found) <= 0.05
