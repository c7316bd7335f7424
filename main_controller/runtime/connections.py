"""Closes connections when there are too many, of one address or in all: many that do nothing must keep nobody out.

The server accepts connections, and knows no limit by address. Those of the worker are looked through again and again,
and what is too much is closed: first what its client does not read, then what is idle, the longest first.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterable, Mapping

from main_controller.runtime.client_sockets import ClientSocket, ClientSockets, Doing, close, looked_at
from main_controller.threads.daemon import Daemon

_log = logging.getLogger(__name__)

EVERY_S, WHILE_CROWDED_S = 0.25, 0.05
# Who has just come may be about to ask.
_NEW_FOR_MS = 100
_REPORTED_EVERY_S = 60.0
_CLOSED_FIRST: tuple[Doing, ...] = ("unread", "idle", "busy")


def too_many(counts: Mapping[str, int], of_one: int, in_all: int) -> dict[str, int]:
    """How many connections of each group must go: those over ``of_one``, then of the largest, until ``in_all`` fit."""
    left = {group: min(count, of_one) for group, count in counts.items()}
    over = sum(left.values()) - in_all
    while over > 0:
        top = max(left.values())
        largest = [group for group, count in left.items() if count == top]
        below = max((count for count in left.values() if count < top), default=0)
        for group in largest:
            less = min(over, top - below, -(-over // len(largest)))
            left[group] -= less
            over -= less
    return {group: counts[group] - count for group, count in left.items() if count < counts[group]}


def chosen(clients: Iterable[ClientSocket], many: Mapping[str, int]) -> list[ClientSocket]:
    """Which go: of every group as many as ``many`` says, unread first, then idle; none that has just come."""
    going: list[ClientSocket] = []
    left = dict(many)
    for client in sorted(clients, key=lambda one: (_CLOSED_FIRST.index(one.doing), -one.for_ms)):
        is_new = client.doing != "unread" and client.for_ms < _NEW_FOR_MS
        if left.get(client.group, 0) > 0 and not is_new:
            left[client.group] -= 1
            going.append(client)
    return going


class ConnectionWatch(Daemon):
    """Looks through the connections to our own port ``port``."""

    def __init__(self, port: int, of_one: int, in_all: int) -> None:
        super().__init__("connections", EVERY_S)
        self._clients = ClientSockets(port)
        self._of_one = of_one
        self._in_all = in_all
        self._crowded = False
        self._reported_at_s: dict[str, float] = {}

    def step(self) -> None:
        """Close what is too much now."""
        clients = self._clients.all()
        counts = Counter(client.group for client in clients)
        crowded = too_many(counts, self._of_one, self._in_all)
        self._crowded = bool(crowded)
        if not crowded:
            return
        self._report(crowded, counts)
        # The server takes its time to see that one is over: those do not count.
        alive = [found for client in clients if client.group in crowded and (found := looked_at(client)) is not None]
        counts = Counter({group: count for group, count in counts.items() if group not in crowded})
        counts.update(client.group for client in alive)
        for client in chosen(alive, too_many(counts, self._of_one, self._in_all)):
            close(client)

    def _report(self, many: Mapping[str, int], counts: Mapping[str, int]) -> None:
        """Log each group that is too many; once a minute, however often it comes again."""
        now_s = time.monotonic()
        lately = {group: at_s for group, at_s in self._reported_at_s.items() if now_s - at_s < _REPORTED_EVERY_S}
        for group in sorted(many.keys() - lately.keys()):
            _log.warning("%d connections from %s are too many: some are closed", counts[group], group)
        self._reported_at_s = dict.fromkeys(many, now_s) | lately

    def due_after(self, due_s: float, now_s: float) -> float:
        """Sooner while somebody comes again and again: who waits behind must get in."""
        return now_s + (WHILE_CROWDED_S if self._crowded else EVERY_S)
