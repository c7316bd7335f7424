"""The routes that change the plant, and those that tell what came of it (specification, section 5.1)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from bottle import HTTPResponse, request

from main_controller.commands.operations import Operations, Result
from main_controller.commands.recorder import KEY
from main_controller.commands.scheduler import Scheduler
from main_controller.commands.stop_all import StopAll
from main_controller.errors import BadRequestError, NotFoundError
from main_controller.storage.ledger import MOST_ROWS, Ledger
from main_controller.storage.schedule_files import Listing, Schedules
from main_controller.web.answers import JSON, answer_value, callback, parameters, wrapped
from main_controller.web.guard import Hosts, command_key, command_parameters, from_browser, only_our_page
from main_controller.web.waiting_room import WaitingRoom

_CONVERTER: tuple[str, ...] = ("mode", "dvg", "dig", "drg")


class Commands:
    """Each method answers one route; everything is checked before the one door is knocked at."""

    def __init__(self, operations: Operations, stop_all: StopAll, hosts: Hosts, room: WaitingRoom) -> None:
        self._operations = operations
        self._stop_all = stop_all
        self._hosts = hosts
        self._room = room

    def set_budo(self, mode: str) -> HTTPResponse:
        """``/set/budo/<mode>``."""
        self._admit(())
        with self._room.seat():
            return _answer(self._operations.set_budo_mode(_origin(), mode))

    def set_operation_mode(self) -> HTTPResponse:
        """``/setOperationMode``: of a node where there is a unitId, else of the cluster."""
        given = self._admit(("value", "unitId", "force", "was"))
        unit, force = _unit(given), _force(given)
        if "value" not in given:
            raise BadRequestError("value: missing")
        if unit is None and force:
            raise BadRequestError("force: only with unitId")
        with self._room.seat():
            if unit is None:
                return _answer(self._operations.set_global_mode(_origin(), given["value"], was=given.get("was")))
            return _answer(
                self._operations.set_local_mode(_origin(), unit, given["value"], force=force, was=given.get("was"))
            )

    def set_dcdc(self, node_id: str) -> HTTPResponse:
        """``/set/dcdc/<id>``."""
        given = self._admit((*_CONVERTER, "force", "was"))
        values = {name: given[name] for name in _CONVERTER if name in given}
        with self._room.seat():
            return _answer(
                self._operations.set_converter(_origin(), node_id, values, force=_force(given), was=given.get("was"))
            )

    def stop_all(self) -> HTTPResponse:
        """``/stopAll``: whatever the query says, and without waiting for a seat."""
        self._hosts.check(request.environ)
        only_our_page(request.environ)
        KEY.set(command_key(request.environ))
        result = self._stop_all.stop_all(_origin(), parameters().get("was"))
        try:
            return _answer(result)
        except BadRequestError:  # a callback that is none
            return _plain(result)

    def shut_down(self) -> HTTPResponse:
        """``/shutDown``: of a node where there is a unitId, else of the cluster."""
        given = self._admit(("unitId", "force", "was"))
        with self._room.seat():
            return _answer(
                self._operations.shut_down(_origin(), _unit(given), force=_force(given), was=given.get("was"))
            )

    def flush_cache(self) -> HTTPResponse:
        """``/flushCache``."""
        self._admit(())
        with self._room.seat():
            return _answer(self._operations.flush_cache(_origin()))

    def ups_mode(self, mode: str) -> HTTPResponse:
        """``/upsMode/<n>``."""
        self._admit(())
        with self._room.seat():
            return _answer(self._operations.set_ups(_origin(), mode))

    def set_schedule(self) -> HTTPResponse:
        """``/setSchedule``; without unitId, or with an empty one, for the cluster; without value: clear."""
        given = self._admit(("operation", "unitId", "value", "was"))
        if "operation" not in given:
            raise BadRequestError("operation: missing; allowed: softStop")
        unit = given.get("unitId", "")
        with self._room.seat():  # a disk can hang too
            return _answer(
                self._operations.set_schedule(
                    _origin(), given["operation"], unit, given.get("value"), was=given.get("was")
                )
            )

    def _admit(self, allowed: tuple[str, ...]) -> dict[str, str]:
        """The parameters of a command that may be carried out; raises 400, 403 or 421."""
        self._hosts.check(request.environ)
        only_our_page(request.environ)
        given = command_parameters(request.environ, allowed)
        callback()
        KEY.set(command_key(request.environ))
        return given


class Told:
    """The routes that tell of schedules and commands."""

    def __init__(self, schedules: Schedules, scheduler: Scheduler, ledger: Ledger, room: WaitingRoom) -> None:
        self._room = room
        self._schedules = schedules
        self._scheduler = scheduler
        self._ledger = ledger

    def schedules(self) -> HTTPResponse:
        """``/schedules``: by target ("" is the cluster) and operation, the time in UTC."""
        told: dict[str, dict[str, str]] = {}
        for schedule in self._read().schedules:
            told.setdefault(schedule.unit, {})[schedule.operation] = schedule.at.isoformat()
        return answer_value(told)

    def schedule_states(self) -> HTTPResponse:
        """``/schedules/state``: beside the time whether it is to come, in force, or pending and why."""
        return answer_value(self._scheduler.states(self._read().schedules, datetime.now(UTC)))

    def broken_schedules(self) -> HTTPResponse:
        """``/schedules/broken``: by file name, what is wrong with the files that are no schedules."""
        return answer_value(self._read().broken)

    def _read(self) -> Listing:
        with self._room.seat():  # a disk can hang too
            return self._schedules.read()

    def commands(self) -> HTTPResponse:
        """``/commands``: newest first; ``limit`` (100) and ``since`` an id; or those of one ``key``."""
        given = parameters()
        if "key" in given:
            with self._room.seat():  # a disk can hang too
                return answer_value([row.told() for row in self._ledger.by_key(given["key"])])
        limit = _whole(given, "limit", 100, 1, MOST_ROWS)
        since = _whole(given, "since", 0, 0, 2**63 - 1)
        return answer_value([row.told() for row in self._ledger.newest(limit, since)])

    def command(self, command_id: str) -> HTTPResponse:
        """``/commands/<id>``."""
        row = (
            self._ledger.get(int(command_id))
            if command_id.isascii() and command_id.isdecimal() and len(command_id) < 19
            else None
        )
        if row is None:
            raise NotFoundError(f"no command {command_id[:80]!r}")
        return answer_value(row.told())


def _whole(given: Mapping[str, str], name: str, default: int, lowest: int, highest: int) -> int:
    text = given.get(name, str(default))
    if not (text.isdecimal() and text.isascii() and len(text) < 20 and lowest <= int(text) <= highest):
        raise BadRequestError(f"{name}: {text[:80]!r} is not allowed; a number from {lowest} to {highest}")
    return int(text)


def _unit(given: Mapping[str, str]) -> str | None:
    unit = given.get("unitId")
    if unit == "":  # a script's empty variable must not mean the whole cluster
        raise BadRequestError("unitId: empty; leave it out to mean the whole cluster")
    return unit


def _force(given: Mapping[str, str]) -> bool:
    text = given.get("force", "false")
    if text not in {"true", "false"}:
        raise BadRequestError(f"force: {text[:80]!r} is not allowed; true or false")
    return text == "true"


def _origin() -> str:
    kind = "browser" if from_browser(request.environ) else "script"
    return f"{request.environ.get('REMOTE_ADDR', 'unknown')} {kind}"


def _answer(result: Result) -> HTTPResponse:
    name = callback()
    if name is None:
        return _plain(result)
    body, content_type = wrapped(orjson.dumps(result.body, option=orjson.OPT_NON_STR_KEYS), name)
    return HTTPResponse(body, result.status, **_headers(result, content_type))


def _plain(result: Result) -> HTTPResponse:
    body = orjson.dumps(result.body, option=orjson.OPT_NON_STR_KEYS)
    return HTTPResponse(body, result.status, **_headers(result, JSON))


def _headers(result: Result, content_type: str) -> dict[str, Any]:
    return {"Content-Type": content_type, "Cache-Control": "no-store", "X-Command-Id": str(result.command_id)}
