"""Which nodes are fresh, unconfirmed, stale or lost; pure, told from successive polls and the cluster's members.

apis-web answers 200 with old data, so the only sign of life of a node is that its own ``time`` changes (contract,
section 2). Ages are on the monotonic clock: neither this machine's date nor the nodes' matters.
"""

import dataclasses
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from main_controller import nodes
from main_controller.picture.rhythm import Rhythm

State = Literal["unconfirmed", "fresh", "stale", "lost"]

FORGET_AFTER_S = 3600.0
MOST_STRANGERS = 1000
# Of members that were never seen: so many, or as many as are there. What apis-web gathers has the last word.
MOST_UNSEEN, LONGEST_UNSEEN_ID = 1000, 1000
_SETTLED = frozenset({"fresh", "unconfirmed"})
# A node that stands while others move is stale after so many of its rhythms: three, and one may be a little short.
_SILENT_RHYTHMS = 2.75


NO_RHYTHM = Rhythm()


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
    asked_at_s: float | None = None
    rhythm: Rhythm = NO_RHYTHM
    answered_at_s: float | None = None
    """When its converter itself answered last."""
    running: Mapping[str, Any] | None = None
    """What its converter did when it was known last: status and current_a; None where it waited, or nobody knows."""


UNSEEN = History()


@dataclass(frozen=True, slots=True)
class Freshness:
    """The histories of all known nodes after some poll; every change gives a new value."""

    stale_after_s: float
    histories: Mapping[str, History] = field(default_factory=dict)
    members: frozenset[str] = frozenset()
    interval_s: float = 5.0
    moved_at_s: float | None = None
    """When any node's clock was last seen to change."""

    def after_poll(
        self, polled: Mapping[str, nodes.Node], now_s: float, now_utc: datetime, asked_at_s: float | None = None
    ) -> "Freshness":
        """After a good poll that gave ``polled``; nodes that it does not name are lost or, in time, forgotten.

        ``asked_at_s`` is when the poll was sent; ``now_s``, when it was answered.
        """
        when = (now_s if asked_at_s is None else asked_at_s, now_s, now_utc, self.interval_s)
        histories = {node_id: _seen(self.histories.get(node_id), node, *when) for node_id, node in polled.items()}
        moved = any(history.changed_at_s == now_s and history.changes for history in histories.values())
        for node_id, history in self.histories.items():
            if node_id not in histories and self._remembered(node_id, history, now_s):
                histories[node_id] = history if not history.present else dataclasses.replace(history, present=False)
        moved_at_s = now_s if moved else self.moved_at_s
        return dataclasses.replace(self, histories=self._without_too_many(histories), moved_at_s=moved_at_s)

    def changed_at(self, now_s: float) -> list[Rhythm]:
        """The rhythms of the nodes whose clocks were seen to change by the poll of ``now_s``."""
        return [
            history.rhythm
            for history in self.histories.values()
            if history.rhythm.by_s and history.changed_at_s == now_s
        ]

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
        known = dataclasses.replace(self, members=self._believed(node_ids))
        histories = {
            node_id: history
            for node_id, history in self.histories.items()
            if history.present or known._remembered(node_id, history, now_s)
        }
        for node_id in sorted(known.members - histories.keys()):
            histories[node_id] = UNSEEN
        return dataclasses.replace(known, histories=histories)

    def _believed(self, node_ids: Iterable[str]) -> frozenset[str]:
        """The members that were seen once, and of the others the first few: nobody else vouches for them."""
        named = frozenset(node_ids)
        seen = {node_id for node_id in named if self.histories.get(node_id, UNSEEN).seen_at_s is not None}
        unseen = sorted(node_id for node_id in named - seen if len(node_id) <= LONGEST_UNSEEN_ID)
        present = sum(history.present for history in self.histories.values())
        return frozenset(seen.union(unseen[: max(MOST_UNSEEN, present)]))

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
        if now_s - history.changed_at_s >= self.stale_after_s or self._stands_alone(history):
            return "stale"
        return "fresh" if history.confirmed else "unconfirmed"

    def _stands_alone(self, history: History) -> bool:
        """Whether other nodes' clocks went on while this one's stood for three of its own rhythms."""
        gap_s = history.rhythm.gap_s
        if gap_s is None or history.changed_at_s is None or self.moved_at_s is None:
            return False
        return self.moved_at_s - history.changed_at_s >= _SILENT_RHYTHMS * max(gap_s, self.interval_s)

    def true_since_s(self, units: Iterable[str] | None = None) -> float | None:
        """Since when (monotonic clock) the oldest data of ``units`` were true; None where none of them is here.

        Without ``units`` of all that move together: not of a node that stands alone, nor of one never seen to change
        beside those that were. Such a node's data are at least as old as the first sight of them. It goes forward only
        with newer data.
        """
        here = {unit: history for unit, history in self.histories.items() if history.present}
        if units is not None:
            chosen = [here[unit] for unit in units if unit in here]
        else:
            together = [history for history in here.values() if not self._stands_alone(history)] or list(here.values())
            chosen = [history for history in together if history.confirmed] or together
        since = [_true_since_s(history) for history in chosen]
        known = [at_s for at_s in since if at_s is not None]
        return min(known, default=None)

    def answered(self, answers: Mapping[str, Mapping[str, Any]], now_s: float) -> "Freshness":
        """After converters themselves answered (parts of dcdc sections): what they do is known, whatever nodes tell."""
        known = {
            unit: dataclasses.replace(
                self.histories[unit],
                answered_at_s=now_s,
                running=_running({"dcdc": answer}, self.histories[unit].running),
            )
            for unit, answer in answers.items()
            if unit in self.histories
        }
        return dataclasses.replace(self, histories={**self.histories, **known})

    def left_running(self, now_s: float) -> list[str]:
        """The lost and stale nodes whose converter was not waiting when it was known last."""
        return [
            unit
            for unit, history in self.histories.items()
            if history.running is not None and self._state(history, now_s) not in _SETTLED
        ]

    def report(self, now_s: float) -> dict[str, dict[str, Any]]:
        """For ``/get/freshness``: of every node its state, age_s (at most; null while unknown), times, name, address.

        ``running`` is there of a lost or stale node whose converter was not waiting when it was known last.
        """
        return {node_id: self._report(history, now_s) for node_id, history in self.histories.items()}

    def moments(self, now_s: float) -> dict[str, dict[str, Any]]:
        """For ``/get/picture``: the same as moments of the monotonic clock (s), which change only with the data."""
        return {node_id: self._moments(history, now_s) for node_id, history in self.histories.items()}

    def changes_at_s(self, now_s: float) -> float:
        """When a node becomes stale next without newer data (monotonic clock); infinity when none can."""
        due = (
            history.changed_at_s + self.stale_after_s
            for history in self.histories.values()
            if history.present and history.changed_at_s is not None
        )
        return min((at_s for at_s in due if at_s > now_s), default=math.inf)

    def _moments(self, history: History, now_s: float) -> dict[str, Any]:
        told = self._report(history, now_s)
        del told["age_s"]
        if told["state"] != "lost":
            del told["last_seen"]  # which every poll changes
        return told | {"true_since_s": _rounded(history.rhythm.true_since_s)}

    def _report(self, history: History, now_s: float) -> dict[str, Any]:
        state = self._state(history, now_s)
        known = {
            "state": state,
            "age_s": _age_s(history, now_s),
            "last_time": history.last_time,
            "last_seen": None if history.seen_at_utc is None else history.seen_at_utc.isoformat("T", "seconds"),
            "display": history.display,
            "ip": history.ip,
        }
        return known if history.running is None or state in _SETTLED else known | {"running": history.running}


def _rounded(at_s: float | None) -> float | None:
    return None if at_s is None else round(at_s, 2)


def _age_s(history: History, now_s: float) -> float | None:
    since_s = history.rhythm.true_since_s
    return None if since_s is None else round(now_s - since_s, 1)


def _true_since_s(history: History) -> float | None:
    since_s = history.rhythm.true_since_s
    return history.changed_at_s if since_s is None else since_s


def _tells_more(before: History, rhythm: Rhythm, is_new: bool) -> bool:
    """Whether data say more of a converter than its own last answer: not those that stand, nor those read before it."""
    if not is_new or before.answered_at_s is None:
        return is_new
    return rhythm.read_after(before.answered_at_s)


def _running(node: nodes.Node, before: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    status = nodes.converter_status(node)
    if status is None:
        return before
    if status == nodes.WAIT:
        return None
    current_a = nodes.grid_current_a(node)
    return {"status": status, "current_a": None if current_a is None else abs(current_a)}


def _seen(
    before: History | None, node: nodes.Node, asked_at_s: float, now_s: float, now_utc: datetime, interval_s: float
) -> History:
    time = nodes.clock(node)
    display, ip = nodes.name_and_ip(node)
    known = before is not None and before.changed_at_s is not None
    changed = known and before is not None and time is not None and time != before.last_time
    if before is None or not known:
        before = History(changed_at_s=now_s)
    rhythm = before.rhythm
    if changed and before.last_time is not None and before.asked_at_s is not None:
        rhythm = rhythm.changed(before.asked_at_s, now_s, interval_s)
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
        asked_at_s=asked_at_s,
        answered_at_s=before.answered_at_s,
        rhythm=rhythm,
        running=_running(node, before.running) if _tells_more(before, rhythm, changed or not known) else before.running,
    )
