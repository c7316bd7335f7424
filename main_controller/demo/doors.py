"""What each door answers: a request in, an answer out. The sockets are in server.py."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

from main_controller.demo.faults import HTML
from main_controller.demo.shared_state import SharedState
from main_controller.demo.source import Body

_BUDO_MODES = {"/active": "autonomous", "/quiet": "heteronomous", "/stop": "stop", "/manual": "manual"}
_COMMANDS = ("/set/dcdc/", "/setOperationMode", "/shutdown", "/remote/set")
_UPS_PATH = "/1/ups1/operation/mode"
_SECTIONS = {"/remote/get": "dcdc", "/inquiry/09": "meter", "/1/log/data": "emu"}
_LONGEST_STEP = 86_400
_SPOILT = {"html": HTML, "half": b'{"E001": {"dcdc": {"met', "null": b"null"}


@dataclass(slots=True, frozen=True)
class Request:
    """What arrived: ``path`` decoded, the last value of each name in ``query``, ``ip`` the called address."""

    door: str
    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    ip: str = ""


@dataclass(slots=True, frozen=True)
class Answer:
    """What goes back; ``fault`` is "hang", "slow" or "refuse" where the socket itself misbehaves."""

    status: int
    body: bytes
    content_type: str = "application/json"
    fault: str | None = None
    door: str = ""
    node: str | None = None


class NotThisWayError(Exception):
    """An answer other than 200: the status and the sentence."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class Doors:
    """Routes of all doors over one ``SharedState``."""

    def __init__(self, shared: SharedState) -> None:
        self._shared = shared
        self._source = shared.source
        self._routes: dict[str, Callable[[Request, str | None], object]] = {
            "emulator": self._emulator,
            "budo": self._budo,
            "hardware": self._hardware,
            "former": self._former,
            "driver": self._driver,
            "ups": self._ups,
        }

    def answer(self, request: Request) -> Answer:
        """The answer to a request at any door; never raises for what a client can send."""
        if request.path.startswith("/demo/"):
            return self._try(lambda: self._control(request))
        door = "ups" if request.door == "driver" and request.path == _UPS_PATH else request.door
        node = self._node(request, door)
        kind = self._shared.faults.find(door, node)
        changes = _changes(door, request)
        if changes:
            self._note(door, node, kind, request)
        if door in ("driver", "ups") and node is None:
            return Answer(503, b"", fault="refuse")
        if kind in ("hang", "refuse"):
            return Answer(503, b"", fault=kind, door=door, node=node)
        if kind == "error":
            return Answer(500, orjson.dumps({"error": "internal server error"}))
        answer = self._try(lambda: self._routes[door](request, node))
        return answer if kind is None else self._spoil(kind, answer, door, node, request, changes)

    def _try(self, route: Callable[[], object]) -> Answer:
        try:
            with self._shared.lock:
                found = route()
        except NotThisWayError as error:
            return Answer(error.status, orjson.dumps({"error": str(error)}))
        return Answer(200, found if isinstance(found, bytes) else orjson.dumps(found))

    def _spoil(self, kind: str, answer: Answer, door: str, node: str | None, request: Request, changes: bool) -> Answer:
        if kind == "slow":
            return Answer(answer.status, answer.body, answer.content_type, "slow", door, node)
        if kind == "empty":
            return Answer(200, b"[]" if answer.body.startswith(b"[") else b"{}")
        if kind in _SPOILT:
            return Answer(200, _SPOILT[kind], "text/html" if kind == "html" else answer.content_type)
        if kind == "frozen" and not changes:
            key = (door, node, request.path, tuple(request.query.items()))
            return Answer(answer.status, self._shared.faults.frozen(key, answer.body))
        return answer

    def _node(self, request: Request, door: str) -> str | None:
        if door in ("driver", "ups"):
            with self._shared.lock:
                return self._source.node_at(request.ip)
        if request.path.startswith("/set/dcdc/"):
            return request.path.removeprefix("/set/dcdc/")
        return request.query.get("unitId") or None

    def _note(self, door: str, node: str | None, fault: str | None, request: Request) -> None:
        self._shared.commands.append(
            {
                "door": door,
                "method": request.method,
                "path": request.path,
                "query": request.query,
                "body": request.body.decode("utf-8", "replace"),
                "node": node,
                "fault": fault,
            }
        )

    def _emulator(self, request: Request, node: str | None) -> object:
        _must_be("GET", request)
        if request.path == "/get/log":
            return self._shared.log_json
        raise _not_found(request)

    def _budo(self, request: Request, node: str | None) -> object:
        _must_be("GET", request)
        if request.path == "/unitIds":
            return self._source.unit_ids()
        if request.path == "/setOperationMode":
            return self._source.set_mode(request.query.get("value", ""), node)
        if request.path == "/shutdown":
            return self._source.shut_down(node)
        return self._former(request, node)

    def _former(self, request: Request, node: str | None) -> object:
        _must_be("GET", request)
        if request.path == "/deals":
            return self._source.deals()
        if request.path == "/getStatus":
            return self._source.status()
        if request.path in _BUDO_MODES:
            self._source.set_mode(_BUDO_MODES[request.path], None)
            return self._source.status()
        raise _not_found(request)

    def _hardware(self, request: Request, node: str | None) -> object:
        _must_be("GET", request)
        if request.path == "/get/log":
            return self._source.hardware_log()
        if request.path.startswith("/set/dcdc/") and node:
            return self._set_converter(node, request.query)
        raise _not_found(request)

    def _driver(self, request: Request, node: str | None) -> object:
        _must_be("GET", request)
        if node and request.path == "/remote/set":
            return self._set_converter(node, request.query)
        if node and request.path in _SECTIONS:
            return _known(self._source.section(node, _SECTIONS[request.path]), node)
        raise _not_found(request)

    def _ups(self, request: Request, node: str | None) -> object:
        _must_be("PUT", request)
        try:
            mode = orjson.loads(request.body)["operation_mode"]
        except (ValueError, KeyError, TypeError):
            mode = None
        if not isinstance(mode, int) or not 0 <= mode <= 7:
            raise NotThisWayError(400, 'the body must be {"operation_mode": n}, n from 0 to 7')
        return _known(self._source.set_ups(node or "", mode), node or "")

    def _set_converter(self, node: str, query: dict[str, str]) -> object:
        dvg, dig = _number(query, "dvg", 350.0), _number(query, "dig", 0.0)
        drg = _number(query, "drg", 0.0) if "drg" in query else None
        if not 0.0 < dvg <= 400.0 or dig < 0.0:
            raise NotThisWayError(400, "dvg must be over 0 and at most 400 V, dig 0 A or more")
        try:
            return _known(self._source.set_converter(node, query.get("mode", ""), dvg, dig, drg), node)
        except ValueError as error:
            raise NotThisWayError(400, str(error)) from error

    def _control(self, request: Request) -> object:
        query = request.query
        if request.path == "/demo/requests":
            seen = list(self._shared.commands)
            if query.get("clear"):
                self._shared.commands.clear()
            return seen
        if request.path == "/demo/state":
            return self._source.state() | {"gone": self._source.gone, "faults": self._shared.faults.all()}
        if request.path == "/demo/step":
            count = int(_number(query, "n", 1.0))
            if not 0 < count <= _LONGEST_STEP:
                raise NotThisWayError(400, f"n must be between 1 and {_LONGEST_STEP}")
            self._source.step(count)
            self._shared.gather()
            return self._source.state()
        if request.path == "/demo/fault":
            return self._fault(query)
        raise _not_found(request)

    def _fault(self, query: dict[str, str]) -> object:
        kind, faults = query.get("kind", ""), self._shared.faults
        if kind == "none" and "door" not in query:
            faults.clear()
            return faults.all()
        seconds = _number(query, "seconds", 2.0) if "seconds" in query else None
        try:
            faults.put(query.get("door", ""), kind, query.get("node"), seconds)
        except ValueError as error:
            raise NotThisWayError(400, str(error)) from error
        return faults.all()


def _changes(door: str, request: Request) -> bool:
    if door == "ups":
        return True
    return request.path in _BUDO_MODES or request.path.startswith(_COMMANDS)


def _must_be(method: str, request: Request) -> None:
    if request.method != method:
        raise NotThisWayError(405, f"{request.path} takes {method}, not {request.method}")


def _not_found(request: Request) -> NotThisWayError:
    return NotThisWayError(404, f"nothing at {request.path}")


def _known(found: Body | None, node: str) -> Body:
    if found is None:
        raise NotThisWayError(404, f"no node {node}")
    return found


def _number(query: dict[str, Any], name: str, default: float) -> float:
    try:
        number = float(query.get(name, default))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise NotThisWayError(400, f"{name} must be a number, not {query[name]}")
    return number
