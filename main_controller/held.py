"""Converters' answers that are newer than the collected data.

A converter's answer to a command is shown at once, and kept against polls whose data were gathered before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from main_controller import nodes
from main_controller.rhythm import GATHER_S

AT_MOST_S = 15.0


@dataclass(frozen=True, slots=True)
class HeldAnswer:
    """A part of a node's dcdc section as its converter answered at ``since_s``, when its clock stood at ``clock``."""

    answer: Mapping[str, Any]
    since_s: float
    clock: str | None


def still_held(held: HeldAnswer, node: nodes.Node, now_s: float) -> bool:
    """Whether the answer is to be shown in place of the ``node`` polled at ``now_s``."""
    age_s = now_s - held.since_s
    if age_s >= AT_MOST_S:
        return False
    moved = nodes.clock(node) != held.clock
    # What changed later than one gathering after the answer is newer.
    return not (moved and (age_s >= GATHER_S or _agrees(node, held.answer)))


def _agrees(node: nodes.Node, answer: Mapping[str, Any]) -> bool:
    polled = nodes.section(node, "dcdc")
    return all(nodes.section(polled, part) == nodes.section(answer, part) for part in ("status", "vdis", "param"))


def overlaid(node: nodes.Node, held: HeldAnswer) -> dict[str, Any]:
    """The node with the converter's answer in its dcdc section."""
    return {**node, "dcdc": {**nodes.section(node, "dcdc"), **held.answer}}
