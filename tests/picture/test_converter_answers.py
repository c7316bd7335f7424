"""How long a converter's own answer is shown instead of collected data."""

import pytest

from main_controller.neighbours.apis_web import GATHER_S
from main_controller.picture.converter_answers import AT_MOST_S, ConverterAnswer, still_shown

ANSWER = ConverterAnswer({"status": {"status": "0x0041"}}, 100.0, "t1")


@pytest.mark.parametrize(
    ("clock", "status", "after_s", "shown"),
    [
        ("t1", "0x0000", 1.0, True),  # nothing newer came
        ("t2", "0x0000", 1.0, True),  # it may have been gathered before the answer
        ("t2", "0x0041", 1.0, False),  # newer, and the same
        ("t2", "0x0000", GATHER_S, False),  # gathered after it
        ("t1", "0x0000", AT_MOST_S - 0.1, True),
        ("t1", "0x0000", AT_MOST_S, False),
    ],
)
def test_it_is_shown_until_newer_data_came_and_at_most_15_s(
    clock: str, status: str, after_s: float, *, shown: bool
) -> None:
    node = {"time": clock, "dcdc": {"status": {"status": status}}}
    assert still_shown(ANSWER, node, 100.0 + after_s) is shown
