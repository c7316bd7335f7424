"""A value shown with an age a was true at the hardware within the last a + 1 s."""

import pytest

from tests.real_run import INTERVAL_S, by_freshness, by_poll, demo_records, watch

PHASES = (0.0, 1.3, 2.5, 4.0)


@pytest.mark.parametrize("phase_s", PHASES)
def test_what_is_shown_of_a_real_cluster_was_true_within_its_age(phase_s: float) -> None:
    found = watch(by_freshness, phase_s=phase_s)
    assert found.share("vg") <= 0.01
    assert found.share("status") == 0
    assert found.share("wg") <= 0.01
    assert found.age(0.5) <= 10
    assert found.age(0.99) <= 16
    assert found.age(1) < 20
    assert found.polls / found.seconds * INTERVAL_S <= 1.3
    assert set(found.quiet_states) == {"fresh"}


@pytest.mark.parametrize("phase_s", PHASES)
def test_the_same_of_the_demo_which_gathers_with_the_same_lags(phase_s: float) -> None:
    found = watch(by_freshness, found=demo_records(), phase_s=phase_s)
    assert found.share("vg") <= 0.01
    assert found.share("status") == 0
    assert found.share("wg") <= 0.01
    assert watch(by_poll, found=demo_records(), in_step=False, phase_s=phase_s).share("wg") > 0.01


def test_an_age_since_the_poll_is_not_the_age_of_the_data() -> None:
    found = watch(by_poll, in_step=False)
    assert found.share("vg") > 0.15
    assert found.share("status") > 0.03
