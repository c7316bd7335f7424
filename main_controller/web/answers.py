"""How every route answers: JSON or another representation, conditional, compressed, JSONP (contract, section 4)."""

import math
import re
import urllib.parse
from typing import Any

from bottle import HTTPResponse, request

from main_controller.commands.asked import VALUE_NOT_ALLOWED
from main_controller.errors import BadRequestError
from main_controller.picture.representation import Representation

JSON = "application/json"
_CALLBACK = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*(\.[A-Za-z_$][A-Za-z0-9_$]*)*")
_ETAGS = re.compile(r'"[^"]*"')
MAX_CALLBACK = 64
_PACKED = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})  # gzip would make nothing smaller


def parameters() -> dict[str, str]:
    """The query's parameters as a read takes them: the first of each name; what is not UTF-8 is replaced."""
    found: dict[str, str] = {}
    for name, value in urllib.parse.parse_qsl(request.query_string, keep_blank_values=True, errors="replace"):
        found.setdefault(name, value)
    return found


def callback() -> str | None:
    """The JSONP callback that is asked for; raises BadRequestError for one that is no dotted identifier."""
    name = parameters().get("callback")
    if name is None or (len(name) <= MAX_CALLBACK and _CALLBACK.fullmatch(name)):
        return name
    raise BadRequestError(
        f"callback: {name[:80]!r} is no dotted JavaScript identifier of at most {MAX_CALLBACK} characters",
        VALUE_NOT_ALLOWED,
        name="callback",
        value=name[:80],
    )


def answer_value(value: Any, headers: dict[str, str] | None = None) -> HTTPResponse:
    """A JSON value as the answer to a read."""
    return answer(Representation.of(value), headers=headers)


def age_text(age_s: float) -> str:
    """The value of an ``Age`` header, whole seconds: rounded up, since data are at most so old."""
    return str(max(0, math.ceil(age_s)))


def _header(name: str) -> str:
    """A header of the request. Bottle's ``request.headers`` would leave a cycle, which is collected seldom."""
    value: str = request.environ.get(f"HTTP_{name}", "")
    return value


def answer(
    representation: Representation, content_type: str = JSON, headers: dict[str, str] | None = None
) -> HTTPResponse:
    """A representation as the answer to a read: 304 where the reader has it, gzip and JSONP where asked for."""
    name = callback() if content_type == JSON else None
    if name is not None:
        body, content_type = wrapped(representation.body, name)
        representation = Representation(body)
    zipped = content_type not in _PACKED and accepts_gzip(_header("ACCEPT_ENCODING"))
    all_headers = {
        "Content-Type": content_type,
        "Cache-Control": "no-cache",
        "Vary": "Accept-Encoding",
        "ETag": representation.gzip_etag if zipped else representation.etag,
        **(headers or {}),
    }
    if has_it(_header("IF_NONE_MATCH"), representation):
        return HTTPResponse(status=304, **_without(all_headers, "Content-Type"))
    if zipped:
        all_headers["Content-Encoding"] = "gzip"
        return HTTPResponse(representation.gzipped(), 200, **all_headers)
    return HTTPResponse(representation.body, 200, **all_headers)


def _without(headers: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in headers.items() if key != name}


def wrapped(body: bytes, name: str) -> tuple[bytes, str]:
    """A JSON body as JSONP for the callback ``name``, and its content type."""
    # The comment keeps the first bytes out of the caller's hands; the two separators end a line in old scripts.
    safe = body.replace(b"\xe2\x80\xa8", b"\\u2028").replace(b"\xe2\x80\xa9", b"\\u2029")
    return b"/**/" + name.encode() + b"(" + safe + b");", "application/javascript; charset=UTF-8"


def has_it(if_none_match: str, representation: Representation) -> bool:
    """Whether the reader's If-None-Match names this representation, in either form."""
    if not if_none_match:
        return False
    if if_none_match.strip() == "*":
        return True
    return not {representation.etag, representation.gzip_etag}.isdisjoint(_ETAGS.findall(if_none_match))


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether an Accept-Encoding asks for gzip."""
    for part in accept_encoding.lower().split(","):
        coding, _, weight = part.partition(";")
        if coding.strip() in {"gzip", "x-gzip"}:
            return "".join(weight.split()) not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
