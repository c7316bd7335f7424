"""What a command was based on: what its asker saw, against what the collected data tell now (contract, section 4)."""

from collections.abc import Callable
from dataclasses import dataclass

from main_controller import nodes
from main_controller.errors import ConflictError
from main_controller.picture.data_collector import DataCollector

UNKNOWN, NONE = "unknown", "none"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the fresh nodes tell now, in the words in which an asker says what was shown."""

    collector: DataCollector

    def global_mode(self) -> str:
        """The mode that they agree on, else UNKNOWN."""
        return nodes.agreed_global_mode(self.collector.fresh().values()) or UNKNOWN

    def local_mode(self, unit: str) -> str:
        """The local mode of a node; NONE without one, UNKNOWN while it is not fresh."""
        return self._of(unit, lambda node: nodes.local_mode(node) or NONE)

    def effective_mode(self, unit: str) -> str:
        """The effective mode of a node; UNKNOWN while it is not fresh."""
        return self._of(unit, nodes.effective_mode)

    def converter(self, unit: str) -> str:
        """The status of a node's converter; UNKNOWN while it is not fresh."""
        return self._of(unit, nodes.converter_status)

    def _of(self, unit: str, read: Callable[[nodes.Node], str | None]) -> str:
        node = self.collector.fresh().get(unit)
        return UNKNOWN if node is None else read(node) or UNKNOWN


@dataclass(slots=True)
class BasedOn:
    """What the asker saw of ``what`` (``was``; None: not said), and what it is ``now()``.

    A command that only stops is never refused because that has changed: ``changed`` then says it for the answer.
    """

    what: str = ""
    was: str | None = None
    now: Callable[[], str] = str
    only_stops: bool = False
    changed: str | None = None

    def check(self) -> None:
        """Raises ConflictError where it has changed."""
        if self.was is None or (now := self.now()) == self.was:
            return
        self.changed = f"changed since it was shown: {self.what} was {self.was[:80]!r} and is {now!r} now"
        if not self.only_stops:
            raise ConflictError(self.changed, "changed_since_shown", what=self.what, was=self.was[:80], now=now)
