"""The one page, drawn from views/main.tpl."""

from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from bottle import HTTPResponse, SimpleTemplate

from main_controller import __version__
from main_controller.picture.representation import Representation
from main_controller.setting_table import Settings
from main_controller.settings import source_of_data
from main_controller.web.answers import answer

_SCRIPTS = {"theme.js", "stop.js", "jquery.js", "jquery-ui.js"}  # which are no modules


class Page:
    """Renders the template once: nothing in it changes while the program runs.

    ``tag`` changes with the page, so that one that was loaded before can be told to load again.
    """

    def __init__(self, settings: Settings, views: Path) -> None:
        template = SimpleTemplate(name="main.tpl", lookup=[str(views)])
        render = partial(
            template.render,
            demo=settings.demo,
            apis_web=source_of_data(settings)[1],
            converter_target=converter_target(settings),
            poll_ms=1000 if settings.emulator else 3000,
            dvg_max=f"{settings.dvg_max:g}",
            dig_max=f"{settings.dig_max:g}",
            version=__version__,
            # Asked for at once rather than as they import each other: a sixth sooner to the first data.
            modules=_modules(views.parent / "js"),
        )
        self.tag = Representation(render(tag="").encode()).etag.strip('"')
        self._representation = Representation(render(tag=self.tag).encode())

    def main(self) -> HTTPResponse:
        """``/``."""
        return answer(self._representation, "text/html; charset=UTF-8")


def _modules(folder: Path) -> list[str]:
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*.js"))
    return sorted(name for name in names if name not in _SCRIPTS)


def converter_target(settings: Settings) -> str:
    """Where converter commands go, in words for the operator."""
    if not settings.emulator:
        return f"the device driver of each node ({settings.set_url.split('?')[0]})"
    hosts = {_host(url) for url in (settings.emul_url, settings.apis_emul_url)}
    away = settings.apis and len(hosts) > 1
    return f"{settings.emul_url} (hardware emulator{', not on the host of apis-web' if away else ''})"


def _host(url: str) -> str | None:
    host = urlsplit(url).hostname
    return "localhost" if host in {"127.0.0.1", "::1"} else host
