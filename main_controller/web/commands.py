"""The routes that change the plant, and those that read what came of it (specification, section 5.1)."""

import contextvars
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import orjson
from bottle import HTTPResponse, request

from main_controller.commands.asked import Asked, not_allowed
from main_controller.commands.door import Door
from main_controller.commands.kind import Kind
from main_controller.commands.outcomes import Result
from main_controller.commands.recorder import KEY
from main_controller.commands.scheduler import Scheduler
from main_controller.errors import BadRequestError, NotFoundError
from main_controller.storage.ledger import MOST_ROWS, Ledger
from main_controller.storage.schedule_files import Listing, Schedules
from main_controller.web.answers import JSON, answer_value, callback, parameters, wrapped
from main_controller.web.guard import Hosts, command_key, command_parameters, from_browser, only_our_page
from main_controller.web.waiting_room import WaitingRoom

_NOT_AWAITED = {
    "error": "sent, but so many wait for their answers that this one does not; /commands tells what came of it",
    "code": "not_awaited",
    "params": {},
}


class Commands:
    """Answers the routes of the table of commands; everything is checked before the one door is knocked at."""

    def __init__(
        self, door: Door, hosts: Hosts, room: WaitingRoom, aside: Callable[[Callable[[], object]], None]
    ) -> None:
        self._door = door
        self._hosts = hosts
        self._room = room
        self._aside = aside  # makes a call that nobody waits for

    def carry_out(self, kind: Kind, **path: str) -> HTTPResponse:
        """The route of one command; ``path`` is what varies in it. Raises 400, 403, 421 or 503."""
        environ = request.environ
        self._hosts.check(environ)
        only_our_page(environ)
        if kind.is_urgent:  # whatever the query says
            return self._carry_out_at_once(kind, Asked(_origin(), parameters() | path))
        asked = Asked(_origin(), command_parameters(environ, kind.in_query) | path)
        callback()
        KEY.set(command_key(environ))
        with self._room.command(str(environ.get("REMOTE_ADDR", ""))):
            return _answer(self._door.carry_out(kind, asked))

    def _carry_out_at_once(self, kind: Kind, asked: Asked) -> HTTPResponse:
        """Without a seat too; but then nobody waits for what comes of it, so that no thread is missing elsewhere."""
        KEY.set(command_key(request.environ))
        with self._room.stop_all() as seated:
            if not seated:
                carry_out = contextvars.copy_context().run
                self._aside(lambda: carry_out(self._door.carry_out, kind, asked))
                return _json(_NOT_AWAITED, HTTPStatus.GATEWAY_TIMEOUT)
            result = self._door.carry_out(kind, asked)
        try:
            return _answer(result)
        except BadRequestError:  # a callback that is none
            return _plain(result)


class CommandReads:
    """The routes that read schedules and the ledger."""

    def __init__(self, schedules: Schedules, scheduler: Scheduler, ledger: Ledger, room: WaitingRoom) -> None:
        self._room = room
        self._schedules = schedules
        self._scheduler = scheduler
        self._ledger = ledger

    def schedules(self) -> HTTPResponse:
        """``/schedules``: by target ("" is the cluster) and operation, the time in UTC."""
        found: dict[str, dict[str, str]] = {}
        for schedule in self._read().schedules:
            found.setdefault(schedule.unit, {})[schedule.operation] = schedule.at.isoformat()
        return answer_value(found)

    def schedule_states(self) -> HTTPResponse:
        """``/schedules/state``: beside the time whether it is to come, in force, or pending and why."""
        return answer_value(self._scheduler.states(self._read().schedules, datetime.now(UTC)))

    def broken_schedules(self) -> HTTPResponse:
        """``/schedules/broken``: by file name, what is wrong with the files that are no schedules."""
        return answer_value(self._read().broken)

    def _read(self) -> Listing:
        with self._room.disk():
            return self._schedules.read()

    def commands(self) -> HTTPResponse:
        """``/commands``: newest first; ``limit`` (100) and ``since`` an id; or those of one ``key``."""
        given = parameters()
        if "key" in given:
            with self._room.disk():
                return answer_value([row.as_answer() for row in self._ledger.by_key(given["key"])])
        limit = _whole(given, "limit", 100, 1, MOST_ROWS)
        since = _whole(given, "since", 0, 0, 2**63 - 1)
        return answer_value([row.as_answer() for row in self._ledger.newest(limit, since)])

    def command(self, command_id: str) -> HTTPResponse:
        """``/commands/<id>``."""
        row = (
            self._ledger.get(int(command_id))
            if command_id.isascii() and command_id.isdecimal() and len(command_id) < 19
            else None
        )
        if row is None:
            raise NotFoundError(f"no command {command_id[:80]!r}", "unknown_command", id=command_id[:80])
        return answer_value(row.as_answer())


def _whole(given: Mapping[str, str], name: str, default: int, lowest: int, highest: int) -> int:
    text = given.get(name, str(default))
    if not (text.isdecimal() and text.isascii() and len(text) < 20 and lowest <= int(text) <= highest):
        raise not_allowed(name, text, f"a number from {lowest} to {highest}")
    return int(text)


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


def _json(body: Mapping[str, Any], status: HTTPStatus) -> HTTPResponse:
    return HTTPResponse(orjson.dumps(body), status, **{"Content-Type": JSON, "Cache-Control": "no-store"})


def _headers(result: Result, content_type: str) -> dict[str, Any]:
    return {"Content-Type": content_type, "Cache-Control": "no-store", "X-Command-Id": str(result.command_id)}
