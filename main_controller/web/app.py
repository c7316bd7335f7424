"""The Bottle app: routes, and how errors leave it (specification, section 4.2.1)."""

import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

import orjson
from bottle import Bottle, HTTPResponse, request

from main_controller.commands.kind import Kinds
from main_controller.errors import (
    BadRequestError,
    MainControllerError,
    MethodNotAllowedError,
    NotFoundError,
)
from main_controller.runtime.logs import BoundedLog
from main_controller.web.answers import JSON, callback, wrapped
from main_controller.web.assets import Assets
from main_controller.web.commands import CommandReads, Commands
from main_controller.web.page import Page
from main_controller.web.picture import PictureRoute
from main_controller.web.quick import QuickLogInfo
from main_controller.web.reads import Reads
from main_controller.web.well_formed import what_is_wrong

_log = logging.getLogger(__name__)

SECURITY_HEADERS = [
    ("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
]
_BOTH = ("GET", "POST")
_VARIABLE = re.compile(r"<(\w+)>")
_ANY = "<{}:re:(?s:.+)>"  # a node id may hold any character, slashes and line ends too

Handler = Callable[..., HTTPResponse]
StartResponse = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Route:
    """One route: its path as Bottle writes it, and what answers it."""

    path: str
    handler: Handler
    methods: tuple[str, ...] = ("GET", "HEAD")


def read_routes(page: Page, reads: Reads, picture: PictureRoute, assets: Assets) -> list[Route]:
    """The routes of the specification's section 5.1 that read, ``/get/freshness`` and ``/get/picture``."""
    node, file = _ANY.format("node_id"), _ANY.format("name")
    return [
        Route("/", page.main),
        Route("/get/logInfo", reads.log_info),
        Route("/get/unit/" + node, reads.unit),
        Route("/get/oesunit/" + node, reads.oesunit),
        Route("/get/dcdc/" + node, reads.dcdc),
        Route("/get/meter/" + node, reads.meter),
        Route("/get/emu/" + node, reads.emu),
        Route("/get/globalmode", reads.global_mode),
        Route("/get/dealsInfo", reads.deals_info),
        Route("/get/freshness", reads.freshness),
        Route("/get/picture", picture.picture),
        Route("/ipv4", reads.ipv4),
        Route("/js/" + file, assets.js),
        Route("/img/" + file, assets.img),
        Route("/css/images/" + file, assets.css_image),
        Route("/CSS/images/" + file, assets.css_image),
        Route("/css/" + file, assets.css),
        Route("/CSS/" + file, assets.css),
    ]


def command_routes(commands: Commands, reads: CommandReads, kinds: Kinds) -> list[Route]:
    """The routes of the table of commands, and those that read what came of them (specification, section 5.1)."""
    return [
        *(
            Route(
                _VARIABLE.sub(lambda name: _ANY.format(name[1]), kind.route), partial(commands.carry_out, kind), _BOTH
            )
            for kind in kinds.table.values()
        ),
        Route("/schedules", reads.schedules),
        Route("/schedules/state", reads.schedule_states),
        Route("/schedules/broken", reads.broken_schedules),
        Route("/commands", reads.commands),
        Route("/commands/" + _ANY.format("command_id"), reads.command),
    ]


class WebApp:
    """The WSGI app around Bottle: the same headers on every answer, and no request that Bottle would misread."""

    def __init__(self, routes: Iterable[Route], quick: QuickLogInfo) -> None:
        self._quick = quick
        self._bottle = _JsonErrors()
        self._refused = BoundedLog(_log, 5)
        self.routes = tuple(routes)
        for route in self.routes:
            reads = "HEAD" in route.methods
            handler = self._answering(route.handler, logging.DEBUG if reads else logging.INFO)
            self._bottle.route(route.path, [method for method in route.methods if method != "HEAD"], handler)
            if not reads:  # Bottle answers HEAD by GET, and HEAD must execute nothing
                self._bottle.route(route.path, "HEAD", self._answering(_no_head, logging.INFO))

    def _answering(self, handler: Handler, level: int) -> Handler:
        """The handler with its errors as answers; a refusal is logged at ``level``, a few a second at most."""

        def answering(**arguments: str) -> HTTPResponse:
            _log.debug("%s %r", request.method, request.path)
            try:
                return handler(**arguments)
            except MainControllerError as error:
                self._refused.log(level, "%s %r refused: %s", request.method, request.path[:200], error)
                return _error_answer(error, sent=False)

        return answering

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Any:
        environ["wsgi.errors"] = _ERRORS

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            return start_response(status, headers + SECURITY_HEADERS, exc_info)

        wrong = what_is_wrong(environ)
        if wrong is not None:
            self._refused.log(logging.INFO, "%r refused: %s", environ["PATH_INFO"][:200], wrong)
            body = orjson.dumps(wrong.as_answer())
            length = ("Content-Length", str(len(body)))
            start("400 Bad Request", [("Content-Type", JSON), length, ("X-Not-Sent", "true")])
            return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]
        quick = self._quick.answer(environ, start)
        if quick is not None:
            return quick
        return self._bottle(environ, start)


class _Errors:
    """Where Bottle writes what went wrong inside: to the log, like everything else."""

    def write(self, text: str) -> None:
        """Log a text."""
        if text.strip():
            _log.error("%s", text.strip())

    def flush(self) -> None:
        """Nothing is kept back."""


_ERRORS = _Errors()


class _JsonErrors(Bottle):  # type: ignore[misc]
    """A Bottle whose own errors are JSON too."""

    def __init__(self) -> None:
        super().__init__()
        self._unsupported = BoundedLog(_log, 3)

    def default_error_handler(self, error: Any) -> HTTPResponse:
        path = str(request.path)[:200]
        if error.status_code == HTTPStatus.NOT_FOUND:
            problem: MainControllerError = NotFoundError(f"no such route: {path!r}")
        elif error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allow = "GET, POST" if "POST" in str(error.get_header("Allow")) else "GET, HEAD"
            problem = MethodNotAllowedError(
                f"{request.method[:20]} is not allowed for {path!r}; allowed: {allow}", allow
            )
        elif error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            problem = BadRequestError(f"{path!r}: {error.body}")
        else:
            _log.error("%s %r failed", request.method, path, exc_info=error.exception)
            problem = MainControllerError("internal error; the log says more")
        if error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            self._unsupported.log(logging.ERROR, "unsupported call %s %r: %s", request.method[:20], path, problem)
        return _error_answer(problem)


def _no_head(**_: str) -> HTTPResponse:
    raise MethodNotAllowedError(f"HEAD is not allowed for {request.path[:200]!r}; allowed: GET, POST", "GET, POST")


def _error_answer(error: MainControllerError, *, sent: bool = True) -> HTTPResponse:
    body, content_type = orjson.dumps(error.as_answer()), JSON
    try:
        name = callback()
    except BadRequestError:
        name = None
    if name is not None:
        body, content_type = wrapped(body, name)
    headers = {"Content-Type": content_type, "Cache-Control": "no-store"}
    if isinstance(error, MethodNotAllowedError):
        headers["Allow"] = error.allow
    if not sent or error.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        headers["X-Not-Sent"] = "true"  # which tells our own refusal from a proxy's
    return HTTPResponse(body, error.status, **headers)
