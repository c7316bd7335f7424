"""The routes that read (specification, section 5.1; contract, section 4)."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import netifaces
from bottle import HTTPResponse, request

from main_controller import nodes
from main_controller.commands.before_command import BeforeCommand
from main_controller.errors import NeighbourFailedError, NotFoundError, NotOurHostError
from main_controller.neighbours.devices import Devices
from main_controller.picture.data_collector import DataCollector
from main_controller.picture.deals import Deals
from main_controller.picture.snapshot import Snapshot
from main_controller.runtime.date_watch import DateWatch
from main_controller.setting_table import Settings
from main_controller.web.answers import age_text, answer, answer_value, callback, parameters
from main_controller.web.guard import Hosts
from main_controller.web.waiting_room import WaitingRoom


@dataclass(frozen=True, slots=True)
class Doubts:
    """What may keep the page from being believed or obeyed."""

    before: BeforeCommand
    dates: DateWatch
    hosts: Hosts


class Reads:
    """Each method answers one route."""

    def __init__(
        self,
        settings: Settings,
        collector: DataCollector,
        deals: Deals,
        devices: Devices,
        doubts: Doubts,
        room: WaitingRoom,
    ) -> None:
        self._settings = settings
        self._collector = collector
        self._deals = deals
        self._devices = devices
        self._doubts = doubts
        self._room = room

    def log_info(self) -> HTTPResponse:
        """``/get/logInfo``: all nodes as collected, with the age of the picture."""
        snapshot = self._collector.picture()
        return answer(snapshot.representation, headers=_age(snapshot.age_s(time.monotonic())))

    def unit(self, node_id: str) -> HTTPResponse:
        """``/get/unit/<id>``: one node."""
        snapshot = self._snapshot()
        return answer_value(self._of(snapshot, node_id), _age_of(snapshot, node_id))

    def oesunit(self, node_id: str) -> HTTPResponse:
        """``/get/oesunit/<id>``: who the node is."""
        snapshot = self._snapshot()
        return answer_value(_section(self._of(snapshot, node_id), node_id, "oesunit"), _age_of(snapshot, node_id))

    def dcdc(self, node_id: str) -> HTTPResponse:
        """``/get/dcdc/<id>``: its converter."""
        return self._device(node_id, "dcdc")

    def meter(self, node_id: str) -> HTTPResponse:
        """``/get/meter/<id>``: its converter's meter."""
        return self._device(node_id, "meter")

    def emu(self, node_id: str) -> HTTPResponse:
        """``/get/emu/<id>``: its energy management unit."""
        return self._device(node_id, "emu")

    def global_mode(self) -> HTTPResponse:
        """``/get/globalmode``: active as apis-web says, mode as the nodes report it, null while they disagree.

        Its age is that of the oldest node that tells it. An error where neither can be known, as where no node is live.
        """
        callback()
        with self._room.try_seat() as seated:
            active = self._deals.active.get(may_wait=seated, at_most_s=self._collector.freshness.stale_after_s)
        if not self._settings.apis:
            mode = nodes.RUN if active.value else None
            return answer_value({"active": active.value, "mode": mode}, _age(active.age_s))
        snapshot = self._collector.picture()
        believable = self._believable_nodes(snapshot)
        mode = nodes.agreed_global_mode(believable.values())
        age_s = max(active.age_s, snapshot.age_s(time.monotonic(), believable))
        return answer_value({"active": active.value, "mode": mode}, _age(age_s))

    def _believable_nodes(self, snapshot: Snapshot) -> dict[str, nodes.Node]:
        """The fresh nodes; while none is, those not yet confirmed. Raises NeighbourError where there is neither."""
        now_s = time.monotonic()
        by_state: dict[str | None, dict[str, nodes.Node]] = {}
        for node_id, node in snapshot.nodes.items():
            by_state.setdefault(snapshot.freshness.state(node_id, now_s), {})[node_id] = node
        found = by_state.get("fresh") or by_state.get("unconfirmed")
        if found:
            return found
        self._collector.picture(must_be_new=True)  # says why there are no new data, if that is the reason
        age_s = snapshot.age_s(now_s)
        raise NeighbourFailedError(f"no node's data change any more, the last are {age_s:.0f} s old", sent=True)

    def deals_info(self) -> HTTPResponse:
        """``/get/dealsInfo``: the running deals, with their age."""
        callback()
        with self._room.try_seat() as seated:
            reading = self._deals.deals.get(may_wait=seated)
        return answer(reading.value, headers=_age(reading.age_s))

    def freshness(self) -> HTTPResponse:
        """``/get/freshness``: what of the picture can be believed.

        ``before_command``: the id of the last command that a node's data may be older than, else null. ``commands``:
        why a command under this address would be refused, else null. ``date``: whether this machine's date has jumped.
        """
        now_s = time.monotonic()
        freshness = self._collector.freshness
        before = self._doubts.before.older_nodes(freshness, now_s)
        return answer_value(
            {
                "collector": self._collector.status(now_s),
                "deals": self._deals.deals.status(now_s),
                "commands": self._refused(),
                "date": self._doubts.dates.report(),
                "nodes": {
                    node_id: known | {"before_command": before.get(node_id)}
                    for node_id, known in freshness.report(now_s).items()
                },
            }
        )

    def _refused(self) -> str | None:
        try:
            self._doubts.hosts.check(request.environ)
        except NotOurHostError as error:
            return str(error)
        return None

    def ipv4(self) -> HTTPResponse:
        """``/ipv4``: the address of this machine, as text."""
        return HTTPResponse(
            own_address(), 200, **{"Content-Type": "text/plain; charset=UTF-8", "Cache-Control": "no-cache"}
        )

    def _snapshot(self) -> Snapshot:
        if parameters().get("urgent") != "true":
            return self._collector.picture()
        callback()  # refused before anything is sent
        with self._room.seat():
            return self._collector.refresh()

    def _of(self, snapshot: Snapshot, node_id: str) -> nodes.Node:
        node = snapshot.nodes.get(node_id)
        if node is not None:
            return node
        history = snapshot.freshness.histories.get(node_id)
        if history is None:
            raise NotFoundError(f"unknown node {node_id[:200]!r}", "unknown_node", node=node_id[:200])
        seen = (
            "never seen since the start"
            if history.seen_at_utc is None
            else (f"last seen {history.seen_at_utc.isoformat('T', 'seconds')}")
        )
        known = {} if history.seen_at_utc is None else {"seen": history.seen_at_utc.isoformat("T", "seconds")}
        raise NotFoundError(f"node {node_id[:200]!r} is lost: {seen}", "node_lost", node=node_id[:200], **known)

    def _device(self, node_id: str, kind: str) -> HTTPResponse:
        if parameters().get("urgent") == "true" and not self._settings.emulator:
            callback()
            ip = nodes.ip(self._of(self._collector.picture(), node_id))
            if ip is None:
                raise NotFoundError(
                    f"node {node_id[:200]!r} has no address", "node_without_address", node=node_id[:200]
                )
            with self._room.seat():
                return answer_value(self._devices.read(kind, ip), _age(0.0))  # the device itself, just now
        snapshot = self._snapshot()
        node = self._of(snapshot, node_id)
        found = _section(node, node_id, "dcdc" if kind == "meter" else kind)
        if kind == "meter":
            found = _section(found, node_id, "meter")
        return answer_value(found, _age_of(snapshot, node_id))


def _section(node: Mapping[str, Any], node_id: str, name: str) -> Mapping[str, Any]:
    found = nodes.section(node, name)
    if not found:
        raise NotFoundError(
            f"node {node_id[:200]!r} has no section {name}", "section_missing", node=node_id[:200], section=name
        )
    return found


def _age(age_s: float) -> dict[str, str]:
    return {"Age": age_text(age_s)}


def _age_of(snapshot: Snapshot, node_id: str) -> dict[str, str]:
    return _age(snapshot.age_s(time.monotonic(), (node_id,)))


def own_address() -> str:
    """The IPv4 address of this machine: of the interface with the default route, else any, else loopback."""
    gateways: dict[Any, Any] = netifaces.gateways()
    _, first = gateways.get("default", {}).get(netifaces.AF_INET, (None, None))
    names = sorted(netifaces.interfaces(), key=lambda name: name != first)
    addresses = [
        str(entry["addr"])
        for name in names
        for entry in netifaces.ifaddresses(name).get(netifaces.AF_INET, [])
        if entry.get("addr")
    ]
    return next((a for a in addresses if not a.startswith("127.")), "127.0.0.1")
