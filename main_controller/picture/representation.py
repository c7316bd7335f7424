"""A body ready to be sent: plain, gzip and ETag, made once for all who read it."""

import hashlib
import threading
import zlib
from typing import Any

import orjson

_GZIP = zlib.MAX_WBITS | 16  # with the head and the foot of a gzip file


class Representation:
    """Immutable bytes, in one or more parts, with their strong ETag; the gzip form is made once, on first demand."""

    def __init__(self, *parts: bytes) -> None:
        self._parts = parts
        tag = hashlib.blake2b(digest_size=12)
        for part in parts:
            tag.update(part)
        self.etag = f'"{tag.hexdigest()}"'
        self.gzip_etag = f'{self.etag[:-1]}-gzip"'
        self._gzip: bytes | None = None
        self._lock = threading.Lock()

    @classmethod
    def of(cls, value: Any) -> "Representation":
        """The representation of a JSON value; names of objects that are no text are written as text."""
        return cls(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS))

    @property
    def body(self) -> bytes:
        """All parts together; not kept, since almost everybody asks for the gzip form."""
        return self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)

    @property
    def tags(self) -> tuple[str, str]:
        """The ETags under which it is sent."""
        return self.etag, self.gzip_etag

    def gzipped(self) -> bytes:
        """The body compressed."""
        if self._gzip is None:
            with self._lock:  # the second reader waits rather than compressing again
                if self._gzip is None:
                    packing = zlib.compressobj(5, zlib.DEFLATED, _GZIP)
                    packed = [packing.compress(part) for part in self._parts]
                    self._gzip = b"".join([*packed, packing.flush()])
        return self._gzip
