"""What the doors ask of a cluster, simulated or recorded. Called by one thread at a time."""

from typing import Any, Protocol

Body = dict[str, Any]


class Source(Protocol):
    """A cluster behind the doors; nodes that do not exist are ``None`` in answers that may be absent."""

    gone: bool
    """Whether apis-web itself was shut down."""

    def pass_time(self, wall_s: float) -> bool:
        """Let wall-clock time pass; whether there is a new ``log`` to gather."""

    def step(self, count: int) -> None:
        """Go on by ``count`` records, or seconds of simulated time, at once."""

    def state(self) -> Body:
        """Where it stands: ``step``, ``doing``, ``time``."""

    def log(self) -> Body:
        """``/get/log`` of the Emulator Emulator."""

    def hardware_log(self) -> Body:
        """``/get/log`` of the hardware emulator."""

    def deals(self) -> list[Body]:
        """``/deals``."""

    def status(self) -> Body:
        """``/getStatus``."""

    def unit_ids(self) -> list[str]:
        """``/unitIds``."""

    def set_mode(self, value: str, node: str | None) -> Body:
        """``/setOperationMode``."""

    def shut_down(self, node: str | None) -> Body:
        """``/shutdown``."""

    def set_converter(self, node: str, mode: str, dvg: float, dig: float, drg: float | None) -> Body | None:
        """A converter command; the answer of the converter. ``ValueError`` for a mode there is not."""

    def set_ups(self, node: str, mode: int) -> Body | None:
        """A UPS command; the answer of the UPS."""

    def section(self, node: str, name: str) -> Body | None:
        """``dcdc``, ``meter`` or ``emu`` of a node, as its own driver tells it now."""

    def node_at(self, ip: str) -> str | None:
        """The running node whose drivers listen at this address."""
