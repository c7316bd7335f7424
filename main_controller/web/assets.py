"""The files of the page: ours from js/, img/ and css/, jQuery and jQuery UI from their wheels.

A page asks for some sixty at once, so each is read and compressed once, and again only when it has changed.
"""

import mimetypes
import os
import stat
from pathlib import Path

from bottle import HTTPResponse
from xstatic.pkg import jquery, jquery_ui

from main_controller.errors import NotFoundError
from main_controller.picture.representation import Representation
from main_controller.web.answers import answer

_JQUERY = Path(jquery.BASE_DIR)
_JQUERY_UI = Path(jquery_ui.BASE_DIR)
# Where a file answers that the folder does not hold (specification, section 13; contract, section 4).
_FROM_WHEELS = {
    ("js", "jquery.js"): _JQUERY / "jquery.min.js",
    ("js", "jquery-ui.js"): _JQUERY_UI / "jquery-ui.min.js",
    ("css", "jquery-ui.css"): _JQUERY_UI / "jquery-ui.min.css",
}
# What the system's own table says of these differs from machine to machine.
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

Version = tuple[int, int, int]  # changes with every change of a file, also one that keeps its size and its dates


class Assets:
    """Serves the asset folders below ``root``; nothing outside them, whatever the name."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._kept: dict[Path, tuple[Version, Representation]] = {}

    def js(self, name: str) -> HTTPResponse:
        """``/js/<name>``; the name may hold folders."""
        return self._file("js", name)

    def img(self, name: str) -> HTTPResponse:
        """``/img/<name>``."""
        return self._file("img", name)

    def css(self, name: str) -> HTTPResponse:
        """``/css/<name>`` and ``/CSS/<name>``."""
        return self._file("css", name)

    def css_image(self, name: str) -> HTTPResponse:
        """``/css/images/<name>`` and ``/CSS/images/<name>``: from img/, else jQuery UI's icons."""
        try:
            return self._file("img", name)
        except NotFoundError:
            return self._served(_JQUERY_UI / "images", name, name)

    def _file(self, folder: str, name: str) -> HTTPResponse:
        own = self._root / folder
        wheel = _FROM_WHEELS.get((folder, name))
        if wheel is not None and not (own / name).is_file():
            return self._served(wheel.parent, wheel.name, f"{folder}/{name}")
        return self._served(own, name, f"{folder}/{name}", folders=folder == "js")

    def _served(self, folder: Path, name: str, shown: str, *, folders: bool = False) -> HTTPResponse:
        # Only plain files below the folder: what a name could do beyond that, it must not.
        parts = name.split("/")
        is_odd = any(not part or part[0] == "." or set(part) & {"\\", "\0"} for part in parts)
        if is_odd or (len(parts) > 1 and not folders):
            raise NotFoundError(f"no file {shown[:200]!r}", "no_file")
        try:
            representation = self._read(folder / name)
        except (OSError, ValueError) as error:  # not there, or a name that the system cannot even write
            self._kept.pop(folder / name, None)
            raise NotFoundError(f"no file {shown[:200]!r}", "no_file") from error
        return answer(representation, _type_of(name))

    def _read(self, path: Path) -> Representation:
        # Without waiting, and all of the same open file: it may be replaced at any moment, by a pipe too.
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            found = os.fstat(file)
            if not stat.S_ISREG(found.st_mode):
                raise FileNotFoundError(path)
            version = (found.st_ctime_ns, found.st_ino, found.st_size)
            kept = self._kept.get(path)
            if kept is None or kept[0] != version:
                with open(file, "rb", closefd=False) as content:
                    kept = self._kept[path] = (version, Representation(content.read()))
            return kept[1]
        finally:
            os.close(file)


def _type_of(name: str) -> str:
    kind = _TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=UTF-8" if kind.startswith("text/") else kind
