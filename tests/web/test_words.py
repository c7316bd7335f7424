"""The words of the page: both languages whole, nothing an operator reads outside of them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from main_controller.web.words import Catalogue, chosen_language, read_catalogues
from tests.running import ROOT, Running

CATALOGUES = read_catalogues(ROOT / "words")
ENGLISH, JAPANESE = CATALOGUES["en"].entries, CATALOGUES["ja"].entries
SCRIPTS = sorted((ROOT / "js").rglob("*.js"))
TEMPLATES = sorted((ROOT / "views").glob("*.tpl"))


def _forms(entry: Any) -> dict[str, str]:
    return {"other": entry} if isinstance(entry, str) else entry


def _places(entry: Any) -> set[str]:
    return {place for text in _forms(entry).values() for place in re.findall(r"\{(\w+)\}", text)}


def test_both_languages_have_the_same_keys_in_the_same_order() -> None:
    assert list(ENGLISH) == list(JAPANESE)


@pytest.mark.parametrize("key", ENGLISH)
def test_a_text_has_the_same_places_in_both_languages_and_the_plural_forms_of_each(key: str) -> None:
    english, japanese = ENGLISH[key], JAPANESE[key]
    assert _places(japanese) - {"count"} <= _places(english)
    # What counts may be said by the form alone, in either language.
    assert _places(english) - _places(japanese) <= ({"count"} if isinstance(english, dict) else set())
    assert isinstance(english, dict) == isinstance(japanese, dict)
    if isinstance(english, dict):
        assert set(english) == {"one", "other"}
        assert set(japanese) == {"other"}


# Names of the field, of programs and of files, which stand in Japanese sentences too (words of the screen in English).
NAMES = re.compile(
    r"Soft Stop|Force Stop|Grid Master|Stop all|Main Controller|Global Mode|Local Mode|Effective Mode|apis-web"
    r"|allowed_hosts|roundRect|masterDeal|\{\w+\}"
)


@pytest.mark.parametrize("key", JAPANESE)
def test_a_japanese_text_holds_no_english_sentence(key: str) -> None:
    for text in _forms(JAPANESE[key]).values():
        assert not re.search(r"[A-Za-z]{2,} +[A-Za-z]{2,}", NAMES.sub("・", text)), text


def _asked_in_scripts() -> tuple[set[str], list[re.Pattern[str]]]:
    """The keys that scripts name, and those that they put together, as patterns."""
    keys: set[str] = set()
    patterns = []
    for path in SCRIPTS:
        text = path.read_text()
        keys |= set(re.findall(r'"([a-z_]+\.[a-z0-9_.]+)"', text))
        for template in re.findall(r"`([a-z_]+\.[^`]*)`", text):
            pattern = re.sub(r"\\\$\\\{.*?\\\}(?=\\\.|$|[a-z_])", r"[\\w.]*", re.escape(template))
            patterns.append(re.compile(pattern))
    return keys, patterns


def test_every_text_is_used_and_every_text_that_is_asked_for_is_there() -> None:
    keys, patterns = _asked_in_scripts()
    for path in TEMPLATES:
        keys |= set(re.findall(r't\("([a-z0-9_.]+)"', path.read_text()))
    keys |= {f"mode.{mode}.choice" for mode in ("autonomous", "heteronomous", "stop", "manual")}
    python = "".join(path.read_text() for path in (ROOT / "main_controller" / "web").glob("*.py"))
    keys |= set(re.findall(r'"(page\.[a-z_]+)"', python))
    files = {key for key in keys if key.endswith(".js")}
    areas = {key.partition(".")[0] for key in ENGLISH}
    asked = {key for key in keys - files if key.partition(".")[0] in areas}
    assert asked - set(ENGLISH) == set()
    unused = [key for key in ENGLISH if key not in asked and not any(p.fullmatch(key) for p in patterns)]
    assert unused == []


def test_the_page_has_words_for_every_error_state_note_and_reason() -> None:
    """Codes of the README's tables; those that the page never meets, or whose own sentence is a neighbour's, apart."""
    readme = (ROOT / "README.md").read_text()

    def codes(name: str) -> set[str]:
        part = readme.split(f"<!-- {name} -->")[1].split(f"<!-- /{name} -->")[0]
        return set(re.findall(r"^\| `(\w+)`", part, re.M))

    general = {"bad_request", "forbidden", "not_found", "no_file", "method_not_allowed", "conflict"}
    neighbours = {"neighbour_failed", "neighbour_refused", "neighbour_late", "address_not_allowed"}
    errors = {key.removeprefix("error.") for key in ENGLISH if key.startswith("error.")}
    assert codes("codes") - general - neighbours - errors == set()
    notes = {key.removeprefix("note.") for key in ENGLISH if key.startswith("note.")}
    assert codes("notes") - notes == {"changed_since_shown", "all_programs_stop"}  # an error's words; the question's
    seen = {key.removeprefix("seen.") for key in ENGLISH if key.startswith("seen.")}
    outcomes = {key.removeprefix("outcome.") for key in ENGLISH if key.startswith("outcome.")}
    assert codes("states") <= seen | outcomes


TEXT_IN_MARKUP = re.compile(r"\{\{.*?\}\}|<[^>]*>|^\s*%.*$", re.M)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_no_words(path: Path) -> None:
    text = path.read_text()
    assert re.findall(r"[A-Za-z]{2,}", TEXT_IN_MARKUP.sub("", text)) == []
    assert re.findall(r'(?:aria-label|title|placeholder|alt|content)="(?!\{\{)[A-Z][^"]*"', text) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_holds_no_sentences(path: Path) -> None:
    code = re.sub(r"/\*.*?\*/|//.*$", "", path.read_text(), flags=re.S | re.M)
    code = "\n".join(line for line in code.splitlines() if not re.match(r"\s*throw new Error\(", line))
    texts = re.findall(r'"([^"\n]*)"', code) + re.findall(r"`([^`\n]*)`", code)
    sentences = [text for text in texts if re.search(r"(?:^|[ >])[A-Za-z']{2,} [a-z']{2,} [A-Za-z']{2,}", text)]
    sentences += [text for text in texts if re.match(r"[A-Z][a-z']+ [a-z]", text)]
    assert sentences == []


def test_the_styles_hold_no_words() -> None:
    for path in (ROOT / "css").glob("*.css"):
        assert re.findall(r'content:[^;"]*"[^"]*[A-Za-z]{2,}', path.read_text()) == []


@pytest.mark.parametrize(
    ("asked", "cookie", "accepted", "language"),
    [
        ("", "", "", "en"),
        ("", "", "ja", "ja"),
        ("", "", "ja-JP,en;q=0.8", "ja"),
        ("", "", "en-US,en;q=0.9,ja;q=0.8", "en"),
        ("", "", "fr, ja;q=0.5, en;q=0.4", "ja"),
        ("", "", "ja;q=0, en;q=0.1", "en"),
        ("", "", "fr", "en"),
        ("", "ja", "en", "ja"),
        ("en", "ja", "ja", "en"),
        ("xx", "yy", "ja", "ja"),
        ("", "", "ja;q=x, ;;;, en", "en"),
        ("", "", "*", "en"),
    ],
)
def test_the_language_is_the_one_asked_for_then_the_chosen_then_the_browsers(
    asked: str, cookie: str, accepted: str, language: str
) -> None:
    assert chosen_language(CATALOGUES, asked, cookie, accepted) == language


def test_the_page_comes_in_the_language_that_is_asked_for(product: Running) -> None:
    japanese = product.get("/", headers={"Accept-Language": "ja"})
    assert '<html lang="ja"' in japanese.text
    assert japanese.headers["Content-Language"] == "ja"
    assert {"Accept-Language", "Cookie"} <= {part.strip() for part in japanese.headers["Vary"].split(",")}
    english = product.get("/?lang=en", headers={"Accept-Language": "ja", "Cookie": "language=ja"})
    assert '<html lang="en"' in english.text
    assert english.headers["ETag"] != japanese.headers["ETag"]
    assert '<html lang="ja"' in product.get("/", headers={"Cookie": "language=ja"}).text
    tags = {re.findall(r'data-page="(\w+)"', answer.text)[0] for answer in (english, japanese)}
    assert tags == {
        product.json("/get/picture")["settings"]["page"]
    }  # whoever changes the language need not load again


def test_the_words_within_the_page_cannot_end_it() -> None:
    hostile = Catalogue("en", {"x": "</script><script>alert(1)</script>"})
    assert "<" not in hostile.as_json()
    assert json.loads(hostile.as_json()) == hostile.entries
