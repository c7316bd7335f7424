"""Pure: the kinds of parameters of commands: which values each takes; all others are refused (contract, section 4).

``read`` gives the value as it is worked with, None where it was left out, and raises BadRequestError that names the
parameter. ``described`` says the same limits as data, for the page and the README.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from main_controller import nodes
from main_controller.commands.asked import not_allowed
from main_controller.errors import BadRequestError
from main_controller.setting_table import Settings
from main_controller.storage.schedule_files import PAST_TOLERANCE, file_name, parse_time

UNIT = "unitId"
NONE = "none"  # what an asker saw where there was nothing
_PLAIN_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


class Basis(StrEnum):
    """What a command can be based on: the thing that its asker saw."""

    GLOBAL_MODE = "global_mode"
    LOCAL_MODE = "local_mode"
    EFFECTIVE_MODE = "effective_mode"
    CONVERTER = "converter"
    SCHEDULE = "schedule"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. ``required``: nothing is sent without it."""

    name: str
    required: bool = False

    def require(self, given: Mapping[str, str]) -> None:
        """Raises BadRequestError where it is required and missing."""
        if self.required and self.name not in given:
            raise BadRequestError(f"{self.name}: missing", "parameter_missing", name=self.name)

    def read(self, given: Mapping[str, str], settings: Settings) -> Any:
        """Its value of all that was ``given``; None where it was left out."""
        raise NotImplementedError

    def described(self, settings: Settings) -> dict[str, Any]:
        """Its limits, ready for JSON."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class OneOf(Parameter):
    """One of ``values``; ``of_node`` in place of them where there is a node.

    ``words`` and ``node_words`` say in an error what they are. ``left_out`` is read in its place where it is left out.
    """

    values: tuple[str, ...] = ()
    words: str = "allowed"
    of_node: tuple[str, ...] | None = None
    node_words: str = ""
    left_out: str | None = None

    def require(self, given: Mapping[str, str]) -> None:
        """Raises BadRequestError where it is required and missing."""
        if self.left_out is None:
            Parameter.require(self, given)

    def read(self, given: Mapping[str, str], settings: Settings) -> str | None:
        """One of the values."""
        text = given.get(self.name, self.left_out)
        if text is None:
            return None
        is_for_node = self.of_node is not None and UNIT in given
        values, words = (self.of_node or (), self.node_words) if is_for_node else (self.values, self.words)
        if text not in values:
            raise not_allowed(self.name, text, f"{words}: {', '.join(one or 'empty (clear)' for one in values)}")
        return text

    def described(self, settings: Settings) -> dict[str, Any]:
        """``values``; ``values_of_node`` where they are others for a node."""
        others = {} if self.of_node is None else {"values_of_node": list(self.of_node)}
        return {"kind": "one_of", "values": list(self.values)} | others


@dataclass(frozen=True, slots=True)
class Number(Parameter):
    """A number from ``lowest`` to ``highest`` in ``unit``, as the text in which it is sent.

    ``highest`` may be the name of a setting. ``left_out``: by the value of ``mode``, what is read where it is left out.
    """

    lowest: float = 0.0
    highest: float | str = 0.0
    unit: str = ""
    left_out: Mapping[str, str] | None = None

    def require(self, given: Mapping[str, str]) -> None:
        """Nothing: whether it may be left out depends on others."""

    def read(self, given: Mapping[str, str], settings: Settings) -> str | None:
        """The number, without needless digits."""
        highest = self._highest(settings)
        allowed = f"a number from {self.lowest:g} to {highest:g}"
        text = given.get(self.name, (self.left_out or {}).get(given.get("mode", "")))
        if text is None:
            if not self.required:
                return None
            raise BadRequestError(f"{self.name}: missing; {allowed} is needed", "parameter_missing", name=self.name)
        number = float(text) if _PLAIN_NUMBER.fullmatch(text) else None
        if number is None or not self.lowest <= number <= highest:
            raise not_allowed(self.name, text, allowed)
        return f"{number:.10g}"

    def _highest(self, settings: Settings) -> float:
        return float(getattr(settings, self.highest)) if isinstance(self.highest, str) else self.highest

    def described(self, settings: Settings) -> dict[str, Any]:
        """``lowest``, ``highest``, ``unit``; the ``setting`` that it comes from, and ``left_out`` by mode, if any."""
        limits = {"kind": "number", "lowest": self.lowest, "highest": self._highest(settings), "unit": self.unit}
        if isinstance(self.highest, str):
            limits["setting"] = self.highest
        return limits if self.left_out is None else limits | {"left_out": {"mode": dict(self.left_out)}}


@dataclass(frozen=True, slots=True)
class Whole(Parameter):
    """A whole number from ``lowest`` to ``highest``."""

    lowest: int = 0
    highest: int = 0

    def read(self, given: Mapping[str, str], settings: Settings) -> int | None:
        """The number."""
        text = given.get(self.name)
        if text is None:
            return None
        if text not in {str(number) for number in range(self.lowest, self.highest + 1)}:
            raise not_allowed(self.name, text, f"a number from {self.lowest} to {self.highest}")
        return int(text)

    def described(self, settings: Settings) -> dict[str, Any]:
        """``lowest`` and ``highest``."""
        return {"kind": "whole_number", "lowest": self.lowest, "highest": self.highest}


@dataclass(frozen=True, slots=True)
class Boolean(Parameter):
    """``true`` or ``false``; ``of_node``: it may be true only where there is a node."""

    of_node: bool = False

    def read(self, given: Mapping[str, str], settings: Settings) -> bool | None:
        """The truth."""
        text = given.get(self.name)
        if text is None:
            return None
        if text not in {"true", "false"}:
            raise not_allowed(self.name, text, "true or false")
        if text == "true" and self.of_node and UNIT not in given:
            raise BadRequestError(f"{self.name}: only with {UNIT}", "force_without_unit")
        return text == "true"

    def described(self, settings: Settings) -> dict[str, Any]:
        """``only_of_node``: whether it is for a node alone."""
        return {"kind": "boolean", "only_of_node": self.of_node}


@dataclass(frozen=True, slots=True)
class NodeId(Parameter):
    """The node that a command is for; without one it is for the whole cluster, but where it is required.

    ``may_be_empty``: which then means the cluster too. ``names_file``: it has to be fit for the name of a file.
    """

    may_be_empty: bool = False
    names_file: bool = False

    def read(self, given: Mapping[str, str], settings: Settings) -> str | None:
        """The id."""
        text = given.get(self.name)
        if text == nodes.CLUSTER and not self.may_be_empty:  # a script's empty variable must not mean the whole cluster
            raise BadRequestError(f"{self.name}: empty; leave it out to mean the whole cluster", "unit_empty")
        if text is not None and self.names_file:
            file_name(text, "")  # which raises BadRequestError
        return text

    def described(self, settings: Settings) -> dict[str, Any]:
        """``may_be_empty``: whether that means the cluster."""
        return {"kind": "node", "may_be_empty": self.may_be_empty}


@dataclass(frozen=True, slots=True)
class TimeToCome(Parameter):
    """An ISO 8601 date and time with offset, not past; empty or left out: none."""

    def read(self, given: Mapping[str, str], settings: Settings) -> datetime | None:
        """The time, UTC."""
        text = given.get(self.name)
        if not text:
            return None
        at = _time(self.name, text)
        if at < datetime.now(UTC) - PAST_TOLERANCE:
            raise BadRequestError(f"{self.name}: {text[:80]!r} is in the past", "time_in_the_past", value=text[:80])
        return at

    def described(self, settings: Settings) -> dict[str, Any]:
        """Its kind alone."""
        return {"kind": "time_to_come"}


@dataclass(frozen=True, slots=True)
class Was(Parameter):
    """What the asker saw: ``of_cluster`` or ``of_node``, by what the command is for; based_on.py compares it."""

    name: str = "was"
    of_cluster: Basis | None = None
    of_node: Basis | None = None

    def basis(self, target: str) -> Basis | None:
        """What the command for ``target`` is based on."""
        return self.of_cluster if target == nodes.CLUSTER else self.of_node

    def read(self, given: Mapping[str, str], settings: Settings) -> str | None:
        """What was seen, as it is compared: a time in UTC, else as it came."""
        text = given.get(self.name)
        if text is None or text == NONE or Basis.SCHEDULE not in {self.of_cluster, self.of_node}:
            return text
        return _time(self.name, text, f", or {NONE}").isoformat()

    def described(self, settings: Settings) -> dict[str, Any]:
        """``of``: by "cluster" and "node", what was seen."""
        found = {"cluster": self.of_cluster, "node": self.of_node}
        return {"kind": "was", "of": {of: str(basis) for of, basis in found.items() if basis is not None}}


def _time(name: str, text: str, more: str = "") -> datetime:
    try:
        return parse_time(text)
    except ValueError as error:
        raise BadRequestError(f"{name}: {error}{more}", "no_time", name=name, value=text[:80]) from error
