"""Which nodes are fresh, unconfirmed, stale or lost; pure, told from successive polls and the cluster's members.

apis-web answers 200 with old data, so the only sign of life of a node is that its own ``time`` changes (contract,
section 2). Ages are on the monotonic clock: neither this machine's date nor the nodes' matters.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from main_controller import nodes

State = Literal["unconfirmed", "fresh", "stale", "lost"]

FORGET_AFTER_S = 3600.0
MOST_STRANGERS = 1000


@dataclass(frozen=True, slots=True)
class History:
    """What is remembered of one node; all None for a member that was never seen."""

    present: bool = False
    confirmed: bool = False
    last_time: str | None = None
    changed_at_s: float | None = None
    changes: int = 0
    seen_at_s: float | None = None
    seen_at_utc: datetime | None = None
    display: str | None = None
    ip: str | None = None


UNSEEN = History()


@dataclass(frozen=True, slots=True)
class Freshness:
    """The histories of all known nodes after some poll; every change gives a new value."""

    stale_after_s: float
    histories: Mapping[str, History] = field(default_factory=dict)
    members: frozenset[str] = frozenset()

    def after_poll(self, polled: Mapping[str, nodes.Node], now_s: float, now_utc: datetime) -> "Freshness":
        """After a good poll that gave ``polled``; nodes that it does not name are lost or, in time, forgotten."""
        histories = {
            node_id: _seen(self.histories.get(node_id), node, now_s, now_utc) for node_id, node in polled.items()
        }
        for node_id, history in self.histories.items():
            if node_id not in histories and self._remembered(node_id, history, now_s):
                histories[node_id] = history if not history.present else dataclasses.replace(history, present=False)
        return dataclasses.replace(self, histories=self._without_too_many(histories))

    def _without_too_many(self, histories: dict[str, History]) -> dict[str, History]:
        """At most MOST_STRANGERS nodes that are neither there nor members: ids may come and go for ever."""
        strangers = [
            node_id for node_id, history in histories.items() if not history.present and node_id not in self.members
        ]
        strangers.sort(key=lambda node_id: histories[node_id].seen_at_s or 0.0)
        for node_id in strangers[: max(0, len(strangers) - MOST_STRANGERS)]:
            del histories[node_id]
        return histories

    def after_members(self, node_ids: Iterable[str], now_s: float) -> "Freshness":
        """After apis-web named its members; those never seen are lost from the start."""
        known = dataclasses.replace(self, members=frozenset(node_ids))
        histories = {
            node_id: history
            for node_id, history in self.histories.items()
            if history.present or known._remembered(node_id, history, now_s)
        }
        for node_id in sorted(known.members - histories.keys()):
            histories[node_id] = UNSEEN
        return dataclasses.replace(known, histories=histories)

    def _remembered(self, node_id: str, history: History, now_s: float) -> bool:
        if node_id in self.members:
            return True
        return history.seen_at_s is not None and now_s - history.seen_at_s < FORGET_AFTER_S

    def state(self, node_id: str, now_s: float) -> State | None:
        """The state of one node at ``now_s``; None for an unknown one."""
        history = self.histories.get(node_id)
        return None if history is None else self._state(history, now_s)

    def _state(self, history: History, now_s: float) -> State:
        if not history.present or history.changed_at_s is None:
            return "lost"
        if now_s - history.changed_at_s >= self.stale_after_s:
            return "stale"
        return "fresh" if history.confirmed else "unconfirmed"

    def report(self, now_s: float) -> dict[str, dict[str, Any]]:
        """For ``/get/freshness``: state, age_s (s since the last change), times, name and address of every node."""
        return {
            node_id: {
                "state": self._state(history, now_s),
                "age_s": None if history.changed_at_s is None else round(now_s - history.changed_at_s, 1),
                "last_time": history.last_time,
                "last_seen": None if history.seen_at_utc is None else history.seen_at_utc.isoformat("T", "seconds"),
                "display": history.display,
                "ip": history.ip,
            }
            for node_id, history in self.histories.items()
        }


def _seen(before: History | None, node: nodes.Node, now_s: float, now_utc: datetime) -> History:
    time = nodes.clock(node)
    display, ip = nodes.name_and_ip(node)
    known = before is not None and before.changed_at_s is not None
    changed = known and before is not None and time is not None and time != before.last_time
    if before is None or not known:
        before = History(changed_at_s=now_s)
    return History(
        present=True,
        # A node whose first answers carried no time has not been seen to change when one appears.
        confirmed=before.confirmed or (changed and before.last_time is not None),
        last_time=time if time is not None else before.last_time,
        changed_at_s=now_s if changed else before.changed_at_s,
        changes=before.changes + int(changed),
        seen_at_s=now_s,
        seen_at_utc=now_utc,
        display=display or before.display,
        ip=ip or before.ip,
    )
