"""``GET /get/picture``: all that the page shows, of one moment, in one answer.

It holds no age and no time of day. What is old is told as a moment of the monotonic clock; the header ``X-Clock``
says what that clock shows now. So a picture in which nothing has happened is the same bytes again, and a 304. The
route waits for no neighbour.
"""

import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from bottle import HTTPResponse, request

from main_controller import nodes
from main_controller.commands.scheduler import Scheduler
from main_controller.errors import NeighbourError, NotOurHostError, StorageError
from main_controller.picture.data_collector import DataCollector
from main_controller.picture.deals import Deals
from main_controller.picture.representation import Representation
from main_controller.picture.snapshot import Snapshot
from main_controller.setting_table import Settings
from main_controller.storage.ledger import Ledger
from main_controller.storage.schedule_files import Listing, Schedules
from main_controller.web.answers import answer, callback, parameters
from main_controller.web.reads import Doubts
from main_controller.web.waiting_room import WaitingRoom

CLOCK = "X-Clock"
NEWEST = 20
_MOST_KEPT = 2
_PROCESS = secrets.token_hex(4)  # an id of another process gives everything


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the parts of the answer come from."""

    collector: DataCollector
    deals: Deals
    doubts: Doubts
    schedules: Schedules
    scheduler: Scheduler
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class _Nodes:
    """The nodes of a snapshot and what is known of each, ready to be sent, until ``until_s``."""

    snapshot: Snapshot
    before: Mapping[str, int]
    until_s: float
    known: Representation

    @property
    def parts(self) -> dict[str, tuple[str, bytes]]:
        """By name, the tag and the bytes of what is sent only when it has changed."""
        of = {"nodes": self.snapshot.representation, "known": self.known}
        return {name: (f"{_PROCESS}{one.etag[1:13]}", one.body) for name, one in of.items()}


class PictureRoute:
    """Answers ``/get/picture``; ``page_tag`` changes with the page itself."""

    def __init__(self, settings: Settings, sources: Sources, room: WaitingRoom, page_tag: str) -> None:
        self._apis = settings.apis
        self._sources = sources
        self._room = room
        self._settings = {"page": page_tag}
        self._nodes: _Nodes | None = None
        self._listing = Listing((), {})
        self._kept: dict[tuple[bytes, tuple[str, ...]], Representation] = {}
        self._lock = threading.Lock()

    def picture(self) -> HTTPResponse:
        """``/get/picture``; ``since``: the id of the picture that the reader has.

        ``id``; ``nodes`` as ``/get/logInfo``, and ``known``, by node its state and ``true_since_s``, each only where it
        differs from that of ``since``; ``collector``; ``deals`` with their list; ``mode``; ``schedules``; ``broken``;
        the newest ``commands``; ``settings``; ``cannot``: what the server cannot do now. Moments are in s of the clock
        in the header ``X-Clock``.
        """
        callback()
        collector = self._sources.collector
        cannot: dict[str, Any] = {
            "command": self._refused(),
            "date": self._sources.doubts.dates.report(),
            "schedules": None,
        }
        schedules = self._schedules(cannot)
        now_s = time.monotonic()
        shown = self._nodes_at(now_s)
        parts = {} if shown is None else shown.parts
        told = {
            "id": "-".join(tag for tag, _ in parts.values()),
            "collector": collector.moments(None if shown is None else shown.snapshot),
            "deals": self._deals(),
            "mode": self._mode(shown),
            "schedules": schedules,
            "broken": self._listing.broken,
            "commands": [row.as_answer() for row in self._sources.ledger.newest(NEWEST)],
            "settings": self._settings,
            "cannot": cannot,
        }
        has = parameters().get("since", "").split("-")
        new = {name: body for name, (tag, body) in parts.items() if tag not in has}
        representation = self._representation(told, new)
        return answer(representation, headers={CLOCK: f"{now_s:.3f}"})

    def _refused(self) -> dict[str, Any] | None:
        try:
            self._sources.doubts.hosts.check(request.environ)
        except NotOurHostError as error:
            return error.as_answer()
        return None

    def _schedules(self, cannot: dict[str, Any]) -> Mapping[str, Any]:
        """Of every schedule time and state; those read last while the folder cannot be read, which ``cannot`` says."""
        with self._room.try_disk() as seated:
            if seated:
                try:
                    self._listing = self._sources.schedules.read()
                except StorageError as error:
                    cannot["schedules"] = error.as_answer()
        return self._sources.scheduler.states(self._listing.schedules, datetime.now(UTC))

    def _deals(self) -> dict[str, Any]:
        deals = self._sources.deals.deals
        try:
            found = deals.get(may_wait=False).value
        except NeighbourError:
            return deals.moments() | {"tag": None, "list": []}
        return deals.moments() | {"tag": found.etag[1:13], "list": orjson.Fragment(found.body)}

    def _mode(self, shown: _Nodes | None) -> dict[str, Any] | None:
        """The cluster's mode as apis-web or Budo tells it, asked for only where no node reports one."""
        here = {} if shown is None else shown.snapshot.nodes
        if not here or any(nodes.global_mode(node) is not None for node in here.values()):
            return None
        try:
            active = self._sources.deals.active.get(
                may_wait=False, at_most_s=self._sources.collector.freshness.stale_after_s
            ).value
        except NeighbourError:
            return None
        return {"active": active, "mode": nodes.RUN if active and not self._apis else None}

    def _nodes_at(self, now_s: float) -> _Nodes | None:
        """What all readers of this moment share; made anew only when something of it has changed."""
        try:
            snapshot = self._sources.collector.picture()
        except NeighbourError:
            return None
        freshness = snapshot.freshness
        before = self._sources.doubts.before.older_nodes(freshness, now_s)
        kept = self._nodes
        if kept is not None and kept.snapshot is snapshot and kept.before == before and now_s < kept.until_s:
            return kept
        known = {unit: told | {"before_command": before.get(unit)} for unit, told in freshness.moments(now_s).items()}
        self._nodes = _Nodes(snapshot, before, freshness.changes_at_s(now_s), Representation.of(known))
        return self._nodes

    def _representation(self, told: dict[str, Any], new: Mapping[str, bytes]) -> Representation:
        """The answer with the parts that are new, made and compressed once for all who ask for the same."""
        core = orjson.dumps(told, option=orjson.OPT_NON_STR_KEYS)
        key = core, tuple(new)  # of the parts' bytes the id in the core speaks
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                more = [part for name, body in new.items() for part in (b',"' + name.encode() + b'":', body)]
                kept = Representation(core[:-1], *more, b"}")
                self._kept = dict([*self._kept.items(), (key, kept)][-_MOST_KEPT:])
            return kept
