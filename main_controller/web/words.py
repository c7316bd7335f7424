"""The words of the page (words/*.json): every sentence that an operator reads, in each language, by its meaning."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

COOKIE = "language"
"""Which language was chosen on the page."""
FALLBACK = "en"
_NAMES = {"en": "English", "ja": "日本語"}
_PLACE = re.compile(r"\{(\w+)\}")

Entry = str | Mapping[str, str]  # a text with {places}, or one for each plural form


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The words of one language."""

    language: str
    entries: Mapping[str, Entry]

    @property
    def name(self) -> str:
        """What the language is called in its menu, by itself."""
        return _NAMES[self.language]

    def text(self, key: str, **values: object) -> str:
        """The text of ``key`` with its places filled. Raises KeyError for an unknown key, place or plural."""
        entry = self.entries[key]
        if not isinstance(entry, str):
            raise KeyError(f"{key} has plural forms")
        return _PLACE.sub(lambda place: str(values[place[1]]), entry)

    def as_json(self) -> str:
        """All entries as JSON that can stand within a page."""
        return orjson.dumps(self.entries).decode().replace("<", "\\u003c")


def read_catalogues(folder: Path) -> dict[str, Catalogue]:
    """The catalogues of a folder by language, English first."""
    files = sorted(folder.glob("*.json"), key=lambda path: (path.stem != FALLBACK, path.stem))
    return {path.stem: Catalogue(path.stem, orjson.loads(path.read_bytes())) for path in files}


def chosen_language(known: Mapping[str, Catalogue], asked: str, cookie: str, accepted: str) -> str:
    """Which of ``known`` is shown: what the address asks for, else what was chosen on the page, else what the browser
    would like best (its ``Accept-Language``), else English."""
    for wanted in (asked, cookie):
        if wanted in known:
            return wanted
    ranges = [_weighed(part) for part in accepted.split(",")]
    for weight, language in sorted(ranges, key=lambda one: -one[0]):
        if weight > 0 and language in known:
            return language
    return FALLBACK


def _weighed(part: str) -> tuple[float, str]:
    """The weight of one range of an ``Accept-Language`` and its language: ``ja-JP;q=0.8`` is 0.8 of ja."""
    name, _, weight = part.partition(";")
    number = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", weight)
    return float(number[1]) if number else float(not weight.strip()), name.strip().lower().partition("-")[0]
