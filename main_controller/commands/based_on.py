"""What a command was based on: what its asker saw, against what the collected data tell now (contract, section 4)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from main_controller import nodes
from main_controller.commands.asked import Order
from main_controller.commands.outcomes import Note
from main_controller.commands.parameters import NONE, Basis
from main_controller.errors import ConflictError
from main_controller.picture.data_collector import DataCollector
from main_controller.storage.schedule_files import Schedules

UNKNOWN = "unknown"

_WHAT = {
    Basis.GLOBAL_MODE: "the global mode",
    Basis.LOCAL_MODE: "the local mode of {}",
    Basis.EFFECTIVE_MODE: "the mode of {}",
    Basis.CONVERTER: "the converter of {}",
    Basis.SCHEDULE: "the schedule of {}",
}


@dataclass(slots=True)
class BasedOn:
    """What the asker saw of a ``target`` (``was``; None: not said), and what it is ``now()``.

    A command that only stops is never refused because that has changed: ``changed`` then says it for the answer, as a
    sentence and as a note.
    """

    basis: Basis | None = None
    target: str = nodes.CLUSTER
    was: str | None = None
    now: Callable[[], str] = str
    only_stops: bool = False
    changed: tuple[str, Note] | None = None

    def check(self) -> None:
        """Raises ConflictError where it has changed."""
        if self.basis is None or self.was is None or (now := self.now()) == self.was:
            return
        what = _WHAT[self.basis].format("the cluster" if self.target == nodes.CLUSTER else self.target[:200])
        text = f"changed since it was shown: {what} was {self.was[:80]!r} and is {now!r} now"
        params = {"what": what, "was": self.was[:80], "now": now, "basis": str(self.basis), "node": self.target[:200]}
        if not self.only_stops:
            raise ConflictError(text, "changed_since_shown", **params)
        self.changed = text, Note("changed_since_shown", params)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the fresh nodes tell now, in the words in which an asker says what was shown."""

    collector: DataCollector
    schedules: Schedules

    def based_on(self, order: Order, basis: Basis | None, *, only_stops: bool) -> BasedOn:
        """What ``order`` was based on."""
        now = str if basis is None else partial(_NOW[basis], self, order)
        return BasedOn(basis, order.target, order.was, now, only_stops)

    def _global_mode(self, _: Order) -> str:
        return nodes.agreed_global_mode(self.collector.fresh().values()) or UNKNOWN

    def _local_mode(self, order: Order) -> str:
        return self._of(order.target, lambda node: nodes.local_mode(node) or NONE)

    def _effective_mode(self, order: Order) -> str:
        return self._of(order.target, nodes.effective_mode)

    def _converter(self, order: Order) -> str:
        return self._of(order.target, nodes.converter_status)

    def _schedule(self, order: Order) -> str:
        at = self.schedules.at(order.target, order.values["operation"])
        return NONE if at is None else at.isoformat()

    def _of(self, unit: str, read: Callable[[nodes.Node], str | None]) -> str:
        """What a node tells; UNKNOWN while it is not fresh."""
        node = self.collector.fresh().get(unit)
        return UNKNOWN if node is None else read(node) or UNKNOWN


_NOW: dict[Basis, Callable[[Shown, Order], str]] = {
    Basis.GLOBAL_MODE: Shown._global_mode,
    Basis.LOCAL_MODE: Shown._local_mode,
    Basis.EFFECTIVE_MODE: Shown._effective_mode,
    Basis.CONVERTER: Shown._converter,
    Basis.SCHEDULE: Shown._schedule,
}
