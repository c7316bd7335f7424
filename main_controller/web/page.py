"""The one page, drawn from views/main.tpl in each language."""

import hashlib
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
from bottle import HTTPResponse, SimpleTemplate, request

from main_controller import __version__
from main_controller.commands.described import described
from main_controller.commands.kinds import KINDS
from main_controller.picture.representation import Representation
from main_controller.setting_table import Settings
from main_controller.settings import source_of_data
from main_controller.web.answers import answer, parameters
from main_controller.web.words import COOKIE, Catalogue, chosen_language, read_catalogues

_SCRIPTS = {"theme.js", "stop.js", "jquery.js", "jquery-ui.js"}  # which are no modules


class Page:
    """Renders the template once a language: nothing in it changes while the program runs.

    ``tag`` changes with the page, so that one that was loaded before can be told to load again.
    """

    def __init__(self, settings: Settings, program: Path) -> None:
        self._catalogues = read_catalogues(program / "words")
        template = SimpleTemplate(name="main.tpl", lookup=[str(program / "views")])
        draw = {
            language: partial(template.render, **self._values(settings, program, language))
            for language in self._catalogues
        }
        together = "".join(render(tag="") for render in draw.values())
        self.tag = hashlib.blake2b(together.encode(), digest_size=12).hexdigest()
        self._drawn = {language: Representation(render(tag=self.tag).encode()) for language, render in draw.items()}

    def _values(self, settings: Settings, program: Path, language: str) -> dict[str, Any]:
        words = self._catalogues[language]
        return {
            "t": words.text,
            "lang": language,
            "languages": [(one.language, one.name) for one in self._catalogues.values()],
            "words": words.as_json(),
            "commands": orjson.dumps(described(KINDS, settings)).decode().replace("<", "\\u003c"),
            "demo": settings.demo,
            "apis_web": source_of_data(settings)[1],
            "converter_target": converter_target(settings, words),
            "poll_ms": 1000 if settings.emulator else 3000,
            "dvg_max": f"{settings.dvg_max:g}",
            "version": __version__,
            # Asked for at once rather than as they import each other: a sixth sooner to the first data.
            "modules": _modules(program / "js"),
        }

    def main(self) -> HTTPResponse:
        """``/``; ``lang`` the language, else the one chosen on the page, else the browser's, else English."""
        environ = request.environ
        language = chosen_language(
            self._catalogues,
            parameters().get("lang", ""),
            request.get_cookie(COOKIE, ""),
            environ.get("HTTP_ACCEPT_LANGUAGE", ""),
        )
        headers = {"Content-Language": language, "Vary": "Accept-Encoding, Accept-Language, Cookie"}
        return answer(self._drawn[language], "text/html; charset=UTF-8", headers)


def _modules(folder: Path) -> list[str]:
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*.js"))
    return sorted(name for name in names if name not in _SCRIPTS)


def converter_target(settings: Settings, words: Catalogue) -> str:
    """Where converter commands go, in words for the operator."""
    if not settings.emulator:
        return words.text("page.target_driver", url=settings.set_url.split("?")[0])
    hosts = {_host(url) for url in (settings.emul_url, settings.apis_emul_url)}
    is_away = settings.apis and len(hosts) > 1
    return words.text("page.target_emulator_away" if is_away else "page.target_emulator", url=settings.emul_url)


def _host(url: str) -> str | None:
    host = urlsplit(url).hostname
    return "localhost" if host in {"127.0.0.1", "::1"} else host
