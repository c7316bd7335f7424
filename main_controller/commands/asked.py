"""What somebody asked for: ``Asked`` as it came, ``Order`` as it was checked against the table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from main_controller import nodes
from main_controller.errors import BadRequestError

VALUE_NOT_ALLOWED = "value_not_allowed"


def not_allowed(name: str, value: str, allowed: str) -> BadRequestError:
    """The error for a parameter of another value than is allowed."""
    text = f"{name}: {value[:80]!r} is not allowed; {allowed}"
    return BadRequestError(text, VALUE_NOT_ALLOWED, name=name, value=value[:80])


@dataclass(frozen=True, slots=True)
class Asked:
    """``origin`` says who: an address and what it is, or SCHEDULE. ``values`` are the parameters as texts."""

    origin: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Order:
    """A command whose parameters are as the table wants them; those that were left out are not in ``values``."""

    command: str
    origin: str
    target: str = nodes.CLUSTER
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def unit(self) -> str | None:
        """The node; None for the whole cluster."""
        return None if self.target == nodes.CLUSTER else self.target

    @property
    def force(self) -> bool:
        """Whether it is to be sent whatever the state."""
        return self.values.get("force") is True

    @property
    def was(self) -> str | None:
        """What the asker saw; None where that was not said."""
        return self.values.get("was")
