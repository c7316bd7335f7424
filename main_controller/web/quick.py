"""``GET /get/logInfo`` without the router: every page and script asks for it every second, and it is ready to be sent.

Anything but the plain request goes the long way; a test holds both answers equal.
"""

import time
from collections.abc import Callable
from typing import Any

from main_controller.errors import NeighbourError
from main_controller.picture.data_collector import DataCollector
from main_controller.web.answers import JSON, accepts_gzip, age_text, has_it

StartResponse = Callable[..., Any]


class QuickLogInfo:
    """Answers the plain request from the snapshot."""

    def __init__(self, collector: DataCollector) -> None:
        self._collector = collector

    def answer(self, environ: dict[str, Any], start: StartResponse) -> list[bytes] | None:
        """The body, or None for a request that must go the long way."""
        if environ["PATH_INFO"] != "/get/logInfo" or environ["REQUEST_METHOD"] != "GET" or environ["QUERY_STRING"]:
            return None
        try:
            snapshot = self._collector.picture()
        except NeighbourError:
            return None
        representation = snapshot.representation
        zipped = accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        headers = [
            ("Cache-Control", "no-cache"),
            ("Vary", "Accept-Encoding"),
            ("ETag", representation.gzip_etag if zipped else representation.etag),
            ("Age", age_text(snapshot.age_s(time.monotonic()))),
        ]
        if has_it(environ.get("HTTP_IF_NONE_MATCH", ""), representation):
            start("304 Not Modified", headers)
            return [b""]
        body = representation.gzipped() if zipped else representation.body
        headers += [("Content-Type", JSON), ("Content-Length", str(len(body)))]
        if zipped:
            headers.append(("Content-Encoding", "gzip"))
        start("200 OK", headers)
        return [body]
