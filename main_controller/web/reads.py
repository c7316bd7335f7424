"""The routes that read (specification, section 5.1; contract, section 4)."""

import time
from collections.abc import Mapping
from typing import Any

import netifaces
from bottle import HTTPResponse

from main_controller import nodes
from main_controller.data_collector import DataCollector
from main_controller.deals import Deals
from main_controller.errors import NotFoundError
from main_controller.neighbours.devices import Devices
from main_controller.settings import Settings
from main_controller.snapshot import Snapshot
from main_controller.waiting_room import WaitingRoom
from main_controller.web.answers import answer, answer_value, callback, parameters


class Reads:
    """Each method answers one route."""

    def __init__(
        self,
        settings: Settings,
        collector: DataCollector,
        deals: Deals,
        devices: Devices,
        room: WaitingRoom,
    ) -> None:
        self._settings = settings
        self._collector = collector
        self._deals = deals
        self._devices = devices
        self._room = room

    def log_info(self) -> HTTPResponse:
        """``/get/logInfo``: all nodes as collected, with the age of the picture."""
        snapshot = self._collector.picture()
        return answer(snapshot.representation, headers=_age(time.monotonic() - snapshot.received_at_s))

    def unit(self, node_id: str) -> HTTPResponse:
        """``/get/unit/<id>``: one node."""
        return answer_value(self._node(node_id))

    def oesunit(self, node_id: str) -> HTTPResponse:
        """``/get/oesunit/<id>``: who the node is."""
        return answer_value(_section(self._node(node_id), node_id, "oesunit"))

    def dcdc(self, node_id: str) -> HTTPResponse:
        """``/get/dcdc/<id>``: its converter."""
        return answer_value(self._device(node_id, "dcdc"))

    def meter(self, node_id: str) -> HTTPResponse:
        """``/get/meter/<id>``: its converter's meter."""
        return answer_value(self._device(node_id, "meter"))

    def emu(self, node_id: str) -> HTTPResponse:
        """``/get/emu/<id>``: its energy management unit."""
        return answer_value(self._device(node_id, "emu"))

    def global_mode(self) -> HTTPResponse:
        """``/get/globalmode``: active as apis-web says, mode as the nodes report it, null while they disagree."""
        callback()
        with self._room.try_seat() as seated:
            active = self._deals.active.get(may_wait=seated).value
        if not self._settings.apis:
            return answer_value({"active": active, "mode": "autonomous" if active else None})
        mode = nodes.agreed_global_mode(self._believable_nodes())
        return answer_value({"active": active, "mode": mode})

    def _believable_nodes(self) -> list[nodes.Node]:
        """The fresh nodes; while none is, those not yet confirmed."""
        snapshot, now_s = self._collector.picture(), time.monotonic()
        by_state: dict[str | None, list[nodes.Node]] = {}
        for node_id, node in snapshot.nodes.items():
            by_state.setdefault(snapshot.freshness.state(node_id, now_s), []).append(node)
        return by_state.get("fresh") or by_state.get("unconfirmed") or []

    def deals_info(self) -> HTTPResponse:
        """``/get/dealsInfo``: the running deals, with their age."""
        callback()
        with self._room.try_seat() as seated:
            reading = self._deals.deals.get(may_wait=seated)
        return answer(reading.value, headers=_age(reading.age_s))

    def freshness(self) -> HTTPResponse:
        """``/get/freshness``: what of the picture can be believed."""
        now_s = time.monotonic()
        return answer_value(
            {
                "collector": self._collector.status(now_s),
                "deals": self._deals.deals.status(now_s),
                "nodes": self._collector.freshness.report(now_s),
            }
        )

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

    def _node(self, node_id: str) -> nodes.Node:
        return self._of(self._snapshot(), node_id)

    def _of(self, snapshot: Snapshot, node_id: str) -> nodes.Node:
        node = snapshot.nodes.get(node_id)
        if node is not None:
            return node
        history = snapshot.freshness.histories.get(node_id)
        if history is None:
            raise NotFoundError(f"unknown node {node_id[:200]!r}")
        seen = (
            "never seen since the start"
            if history.seen_at_utc is None
            else (f"last seen {history.seen_at_utc.isoformat('T', 'seconds')}")
        )
        raise NotFoundError(f"node {node_id[:200]!r} is lost: {seen}")

    def _device(self, node_id: str, kind: str) -> Mapping[str, Any]:
        if parameters().get("urgent") == "true" and not self._settings.emulator:
            callback()
            ip = nodes.ip(self._of(self._collector.picture(), node_id))
            if ip is None:
                raise NotFoundError(f"node {node_id[:200]!r} has no address")
            with self._room.seat():
                return self._devices.read(kind, ip)
        node = self._node(node_id)
        if kind == "meter":
            return _section(_section(node, node_id, "dcdc"), node_id, "meter")
        return _section(node, node_id, kind)


def _section(node: Mapping[str, Any], node_id: str, name: str) -> Mapping[str, Any]:
    found = nodes.section(node, name)
    if not found:
        raise NotFoundError(f"node {node_id[:200]!r} has no section {name}")
    return found


def _age(age_s: float) -> dict[str, str]:
    return {"Age": str(int(age_s))}


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
