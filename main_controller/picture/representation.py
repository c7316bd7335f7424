"""A body ready to be sent: plain, gzip and ETag, made once for all who read it."""

import gzip
import hashlib
import threading
from typing import Any

import orjson


class Representation:
    """Immutable bytes with their strong ETag; the gzip form is made once, on first demand."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        self.gzip_etag = f'{self.etag[:-1]}-gzip"'
        self._gzip: bytes | None = None
        self._lock = threading.Lock()

    @classmethod
    def of(cls, value: Any) -> "Representation":
        """The representation of a JSON value; names of objects that are no text are written as text."""
        return cls(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS))

    @property
    def tags(self) -> tuple[str, str]:
        """The ETags under which it is sent."""
        return self.etag, self.gzip_etag

    def gzipped(self) -> bytes:
        """The body compressed."""
        if self._gzip is None:
            with self._lock:  # the second reader waits rather than compressing again
                if self._gzip is None:
                    self._gzip = gzip.compress(self.body, compresslevel=5, mtime=0)
        return self._gzip
