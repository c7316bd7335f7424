"""What somebody asked for: who, with which values; read and checked alike for all commands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from main_controller.errors import BadRequestError

VALUE_NOT_ALLOWED = "value_not_allowed"


def not_allowed(name: str, value: str, allowed: str) -> BadRequestError:
    """The error for a parameter of another value than is allowed."""
    text = f"{name}: {value[:80]!r} is not allowed; {allowed}"
    return BadRequestError(text, VALUE_NOT_ALLOWED, name=name, value=value[:80])


@dataclass(frozen=True, slots=True)
class Asked:
    """``origin`` says who: an address and what it is. ``values`` are the parameters as texts."""

    origin: str
    values: Mapping[str, str]

    @property
    def was(self) -> str | None:
        """What the asker saw."""
        return self.values.get("was")

    def require(self, names: Iterable[str]) -> None:
        """Raises BadRequestError for the first of them that is missing."""
        for name in names:
            if name not in self.values:
                raise BadRequestError(f"{name}: missing", "parameter_missing", name=name)

    def unit(self) -> str | None:
        """The node; None for the whole cluster."""
        unit = self.values.get("unitId")
        if unit == "":  # a script's empty variable must not mean the whole cluster
            raise BadRequestError("unitId: empty; leave it out to mean the whole cluster", "unit_empty")
        return unit

    def force(self) -> bool:
        """Whether it is to be sent whatever the state."""
        text = self.values.get("force", "false")
        if text not in {"true", "false"}:
            raise not_allowed("force", text, "true or false")
        return text == "true"
