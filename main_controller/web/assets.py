"""The files of the page: ours from js/, img/ and css/, jQuery and jQuery UI from their wheels."""

from pathlib import Path

from bottle import HTTPResponse, request, static_file
from xstatic.pkg import jquery, jquery_ui

from main_controller.errors import NotFoundError

_JQUERY = Path(jquery.BASE_DIR)
_JQUERY_UI = Path(jquery_ui.BASE_DIR)
# Where a file answers that the folder does not hold (specification, section 13; contract, section 4).
_FROM_WHEELS = {
    ("js", "jquery.js"): _JQUERY / "jquery.min.js",
    ("js", "jquery-ui.js"): _JQUERY_UI / "jquery-ui.min.js",
    ("css", "jquery-ui.css"): _JQUERY_UI / "jquery-ui.min.css",
}
_TYPES: dict[str, str] = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}


class Assets:
    """Serves the asset folders below ``root``; nothing outside them, whatever the name."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def js(self, name: str) -> HTTPResponse:
        """``/js/<name>``."""
        return self._file("js", name)

    def img(self, name: str) -> HTTPResponse:
        """``/img/<name>``."""
        return self._file("img", name)

    def css(self, name: str) -> HTTPResponse:
        """``/css/<name>`` and ``/CSS/<name>``."""
        return self._file("css", name)

    def css_image(self, name: str) -> HTTPResponse:
        """``/css/images/<name>`` and ``/CSS/images/<name>``: from img/, else jQuery UI's icons."""
        if (self._root / "img" / name).is_file() or "/" in name or "\\" in name:
            return self._file("img", name)
        return _served(_JQUERY_UI / "images", name, name)

    def _file(self, folder: str, name: str) -> HTTPResponse:
        own = self._root / folder
        wheel = _FROM_WHEELS.get((folder, name))
        if wheel is not None and not (own / name).is_file():
            return _served(wheel.parent, wheel.name, f"{folder}/{name}")
        return _served(own, name, f"{folder}/{name}")


def _served(folder: Path, name: str, shown: str) -> HTTPResponse:
    # Only plain files right in the folder: what a name could do beyond that, it must not.
    if "/" in name or "\\" in name or name.startswith(".") or "\0" in name:
        raise NotFoundError(f"no file {shown[:200]!r}")
    request.environ.pop("HTTP_RANGE", None)  # these files are small: always whole
    found = static_file(name, root=str(folder), mimetype=_TYPES.get(Path(name).suffix, True), charset="UTF-8")
    if found.status_code in {403, 404}:
        raise NotFoundError(f"no file {shown[:200]!r}")
    found.set_header("Cache-Control", "no-cache")
    return found
