"""Converters' answers that are newer than the collected data.

A converter's answer to a command is shown at once, and kept against polls whose data were gathered before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from main_controller import nodes
from main_controller.neighbours.apis_web import GATHER_S

AT_MOST_S = 15.0


@dataclass(frozen=True, slots=True)
class ConverterAnswer:
    """A part of a node's dcdc section as its converter answered at ``since_s``, when its clock stood at ``clock``."""

    dcdc: Mapping[str, Any]
    since_s: float
    clock: str | None


def still_shown(answer: ConverterAnswer, node: nodes.Node, now_s: float) -> bool:
    """Whether the answer is to be shown in place of the ``node`` polled at ``now_s``."""
    age_s = now_s - answer.since_s
    if age_s >= AT_MOST_S:
        return False
    moved = nodes.clock(node) != answer.clock
    # What changed later than one gathering after the answer is newer.
    return not (moved and (age_s >= GATHER_S or _agrees(node, answer.dcdc)))


def _agrees(node: nodes.Node, dcdc: Mapping[str, Any]) -> bool:
    polled = nodes.section(node, "dcdc")
    return all(nodes.section(polled, part) == nodes.section(dcdc, part) for part in ("status", "vdis", "param"))


def overlaid(node: nodes.Node, answer: ConverterAnswer) -> dict[str, Any]:
    """The node with the converter's answer in its dcdc section."""
    return {**node, "dcdc": {**nodes.section(node, "dcdc"), **answer.dcdc}}
