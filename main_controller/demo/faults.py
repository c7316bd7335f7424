"""Neighbours that misbehave, on command: what is wrong at which door, or with which node."""

import threading

DOORS = ("emulator", "budo", "hardware", "former", "driver", "ups")
KINDS = ("hang", "error", "frozen", "empty", "html", "half", "null", "slow", "refuse", "lost", "none")

HTML = b"<!DOCTYPE html><html><body><h1>It works!</h1></body></html>"


class Faults:
    """The faults in force, by door, or by door and node. Safe to use from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._kinds: dict[tuple[str, str | None], str] = {}
        self._slow_s = 2.0
        self._frozen: dict[object, bytes] = {}
        self._over = False

    @property
    def slow_s(self) -> float:
        """How long a slow answer trickles, in seconds."""
        return self._slow_s

    def put(self, door: str, kind: str, node: str | None = None, slow_s: float | None = None) -> None:
        """Put a fault in force or, with ``none``, end it; ``ValueError`` for a door or kind there is not."""
        if door not in DOORS:
            raise ValueError(f"door must be one of {', '.join(DOORS)}")
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        with self._changed:
            if kind == "none":
                self._kinds.pop((door, node), None)
            else:
                self._kinds[(door, node)] = kind
            if slow_s is not None:
                self._slow_s = slow_s
            self._frozen.clear()
            self._changed.notify_all()

    def clear(self) -> None:
        """End all faults."""
        with self._changed:
            self._kinds.clear()
            self._frozen.clear()
            self._changed.notify_all()

    def end(self) -> None:
        """End all faults for good, so that nobody is held any more."""
        self._over = True
        self.clear()

    def all(self) -> list[dict[str, str | None]]:
        """The faults in force."""
        with self._changed:
            return [{"door": door, "node": node, "kind": kind} for (door, node), kind in self._kinds.items()]

    def find(self, door: str, node: str | None) -> str | None:
        """The kind of fault for this door and node, if any."""
        with self._changed:
            own = self._kinds.get((door, node)) if node is not None else None
            return own or self._kinds.get((door, None))

    def nodes(self, door: str, kind: str) -> set[str]:
        """The nodes with this fault of their own."""
        with self._changed:
            return {node for (at, node), one in self._kinds.items() if at == door and one == kind and node}

    def frozen(self, key: object, body: bytes) -> bytes:
        """The body that was first given for ``key`` since the faults last changed."""
        with self._changed:
            return self._frozen.setdefault(key, body)

    def pause(self, door: str, node: str | None, kind: str, seconds: float) -> bool:
        """Wait at most ``seconds``; whether the fault is still in force afterwards."""
        with self._changed:
            if not self._over:
                self._changed.wait(seconds)
        return not self._over and self.find(door, node) == kind
