"""Which later command makes it pointless to go on watching an earlier one."""

from datetime import UTC, datetime
from typing import Any

import pytest

from main_controller.commands.kind import Kinds
from main_controller.commands.kinds import KINDS
from main_controller.storage.ledger_row import Outcome, Row

Command = tuple[str, str, dict[str, Any]]

RUN: Command = ("setOperationMode", "", {"value": "autonomous"})
FORCE_STOP: Command = ("setOperationMode", "", {"value": "stop"})
BUDO_RUN: Command = ("set/budo", "", {"mode": "active"})
LOCAL: Command = ("setOperationMode", "E001", {"value": "stop"})
OTHER_LOCAL: Command = ("setOperationMode", "E002", {"value": "stop"})
CONVERTER: Command = ("set/dcdc", "E001", {"mode": "0x0014"})
OTHER_CONVERTER: Command = ("set/dcdc", "E002", {"mode": "0x0014"})
STOP_BY_WAITS: Command = ("stopAll", "", {})
STOP_BY_BUDO: Command = ("stopAll", "", {"budo": True})
SHUT_DOWN: Command = ("shutDown", "E001", {})
ALL = [
    *(RUN, FORCE_STOP, BUDO_RUN, LOCAL, OTHER_LOCAL, CONVERTER, OTHER_CONVERTER),
    *(STOP_BY_WAITS, STOP_BY_BUDO, SHUT_DOWN),
]
GLOBAL_MODES = [RUN, FORCE_STOP, BUDO_RUN, STOP_BY_BUDO]
CONVERTERS = [CONVERTER, OTHER_CONVERTER]
STOPS = [STOP_BY_WAITS, STOP_BY_BUDO]


def row(command: Command, outcome: Outcome = "accepted", row_id: int = 1) -> Row:
    return Row(row_id, datetime.now(UTC), "x", *command, outcome=outcome)


@pytest.mark.parametrize(
    ("earlier", "by"),
    [
        (RUN, GLOBAL_MODES),
        (BUDO_RUN, GLOBAL_MODES),
        (LOCAL, [LOCAL]),
        (CONVERTER, [CONVERTER, *STOPS]),
        (STOP_BY_WAITS, [RUN, BUDO_RUN, *CONVERTERS, *STOPS]),
        (STOP_BY_BUDO, [RUN, BUDO_RUN, *CONVERTERS, *STOPS]),
        (SHUT_DOWN, []),
    ],
)
def test_a_command_is_superseded_by_these_and_no_others(earlier: Command, by: list[Command]) -> None:
    assert [later for later in ALL if Kinds(KINDS).supersedes(row(later), row(earlier))] == [
        later for later in ALL if later in by
    ]


@pytest.mark.parametrize(("outcome", "supersedes"), [("unknown", True), ("partial", True), ("refused", False)])
def test_only_what_may_have_happened_supersedes(outcome: Outcome, supersedes: bool) -> None:
    assert Kinds(KINDS).supersedes(row(FORCE_STOP, outcome), row(RUN)) is supersedes


@pytest.mark.parametrize(("target", "found"), [("", [RUN]), ("E001", [RUN, LOCAL]), ("E002", [RUN])])
def test_a_mode_is_under_way_for_its_target_and_the_clusters_for_all(target: str, found: list[Command]) -> None:
    kinds = Kinds(KINDS)
    assert [one for one in (CONVERTER, RUN, LOCAL, STOP_BY_WAITS) if kinds.under_way([row(one)], target)] == found
