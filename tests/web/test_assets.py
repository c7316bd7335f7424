"""The files of the page, from folders of the test's own: they are kept in memory, and yet always as they are now."""

import gzip
import os
from pathlib import Path

import bottle
import pytest

from main_controller.errors import NotFoundError
from main_controller.picture.representation import Representation
from main_controller.web.assets import Assets


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("js", "css", "img"):
        (tmp_path / folder).mkdir()
    return tmp_path


@pytest.fixture
def assets(root: Path) -> Assets:
    return Assets(root)


def _asked(**headers: str) -> None:
    bottle.request.bind({f"HTTP_{name}": value for name, value in headers.items()})


def test_a_file_that_has_changed_is_served_as_it_is_now(root: Path, assets: Assets) -> None:
    _asked()
    path = root / "js" / "main.js"
    path.write_bytes(b"one")
    before = assets.js("main.js")
    dates = path.stat()
    path.write_bytes(b"two")
    os.utime(path, ns=(dates.st_atime_ns, dates.st_mtime_ns))  # as a copy that keeps the dates
    after = assets.js("main.js")
    assert (before.body, after.body) == (b"one", b"two")
    assert before.headers["ETag"] != after.headers["ETag"]


def test_a_file_that_has_gone_is_not_served_from_memory(root: Path, assets: Assets) -> None:
    _asked()
    path = root / "css" / "main.css"
    path.write_bytes(b"one")
    assert assets.css("main.css").body == b"one"
    path.unlink()
    with pytest.raises(NotFoundError, match=r"main\.css"):
        assets.css("main.css")


def test_only_files_are_served(root: Path, assets: Assets) -> None:
    _asked()
    (root / "js" / "folder.js").mkdir()
    os.mkfifo(root / "js" / "pipe.js")
    for name in ("folder.js", "pipe.js", "nothing.js", "", "a" * 300, "lone \udcff\ud800 surrogate"):
        with pytest.raises(NotFoundError):
            assets.js(name)


def test_scripts_may_lie_in_folders_and_nothing_leads_out_of_them(root: Path, assets: Assets) -> None:
    _asked()
    (root / "js" / "data" / ".hidden").mkdir(parents=True)
    (root / "css" / "deep").mkdir()
    for path in ("js/data/api.js", "js/data/.hidden/x.js", "css/deep/x.css", "secret.js"):
        (root / path).write_bytes(b"here")
    assert assets.js("data/api.js").body == b"here"
    odd = ("../secret.js", "data/../../secret.js", "data//api.js", "/data/api.js", "data/", "data", "./data/api.js")
    for name in (*odd, "data/.hidden/x.js", "data\\api.js", "data/api.js\0", f"{root}/secret.js"):
        with pytest.raises(NotFoundError):
            assets.js(name)
    with pytest.raises(NotFoundError):
        assets.css("deep/x.css")


def test_a_file_is_compressed_for_those_who_take_it_so(root: Path, assets: Assets) -> None:
    (root / "js" / "main.js").write_bytes(b"some words, " * 100)
    _asked(ACCEPT_ENCODING="gzip")
    zipped = assets.js("main.js")
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.body) == b"some words, " * 100
    _asked(IF_NONE_MATCH=zipped.headers["ETag"])
    assert assets.js("main.js").status_code == 304


def test_a_picture_is_sent_as_it_is(assets: Assets) -> None:
    _asked(ACCEPT_ENCODING="gzip")
    answer = assets.css_image("ui-icons_444444_256x240.png")
    assert answer.body.startswith(b"\x89PNG")
    assert "Content-Encoding" not in answer.headers


def test_a_file_is_read_once(root: Path, assets: Assets, monkeypatch: pytest.MonkeyPatch) -> None:
    _asked()
    (root / "js" / "main.js").write_bytes(b"one")
    made: list[bytes] = []

    def make(body: bytes) -> Representation:
        made.append(body)
        return Representation(body)

    monkeypatch.setattr("main_controller.web.assets.Representation", make)
    assert [assets.js("main.js").body for _ in range(3)] == [b"one"] * 3
    assert made == [b"one"]


def test_a_file_in_the_folder_wins_over_the_package(root: Path, assets: Assets) -> None:
    _asked()
    assert b"jQuery" in assets.js("jquery.js").body
    (root / "js" / "jquery.js").write_bytes(b"ours")
    assert assets.js("jquery.js").body == b"ours"
    icon = "ui-icons_444444_256x240.png"
    assert assets.css_image(icon).body.startswith(b"\x89PNG")
    (root / "img" / icon).write_bytes(b"ours")
    assert assets.css_image(icon).body == b"ours"
