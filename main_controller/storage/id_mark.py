"""The highest id that a row ever had, in a file beside the ledger: ids never begin again, whatever becomes of it."""

import contextlib
import os
from pathlib import Path

_DIGITS = 20  # always as many, so that it is written over in its place, also on a full disk


class IdMark:
    """One number at ``path``, at most ``top``; what the disk does is never raised."""

    def __init__(self, path: Path, top: int) -> None:
        self._path = path
        self._top = top
        self._kept: int | None = None

    def read(self) -> int | None:
        """The number; None where there is none that can be understood."""
        try:
            text = self._path.read_bytes()[: _DIGITS + 1].strip()
        except OSError:
            return None
        self._kept = int(text) if text.isdigit() and int(text) <= self._top else None
        return self._kept

    def raise_to(self, number: int) -> None:
        """Keep ``number`` if it is higher than what is kept."""
        if self._kept is not None and number <= self._kept:
            return
        with contextlib.suppress(OSError):
            file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.pwrite(file, b"%0*d\n" % (_DIGITS, number), 0)
            finally:
                os.close(file)
            self._kept = number
