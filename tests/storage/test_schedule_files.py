"""Schedule files: whole or not at all; a file from somebody else is mistrusted."""

import codecs
import logging
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from main_controller.errors import BadRequestError, ConflictError, StorageError
from main_controller.storage import schedule_files as module
from main_controller.storage.schedule_files import MAX_ID_BYTES, Schedule, Schedules, due, file_name, parse_time

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def schedules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Schedules:
    monkeypatch.setattr(module, "SETTLED_AFTER_S", 0.0)
    return Schedules(tmp_path)


def test_a_file_that_somebody_may_still_be_writing_is_not_set_aside(tmp_path: Path) -> None:
    (tmp_path / "E1-softStop").write_text("")
    listing = Schedules(tmp_path).read()
    assert "looked at again" in listing.broken["E1-softStop"]
    assert os.listdir(tmp_path) == ["E1-softStop"]
    (tmp_path / "E1-softStop").write_text(NOON.isoformat())
    assert Schedules(tmp_path).read().find("E1") is not None


def test_only_the_very_schedule_that_was_meant_is_ended(schedules: Schedules) -> None:
    old, new = Schedule("", "softStop", NOON), Schedule("", "softStop", NOON.replace(hour=13))
    schedules.write(old)
    schedules.write(new)
    assert not schedules.end(old)
    assert schedules.read().find("") == new
    assert schedules.end(new)
    assert schedules.read().find("") is None


def test_what_may_not_be_changed_any_more_stays_as_it_is(schedules: Schedules, tmp_path: Path) -> None:
    there = Schedule("E1", "softStop", NOON)
    schedules.write(there)

    def still() -> None:
        raise ConflictError("changed")

    with pytest.raises(ConflictError):
        schedules.write(Schedule("E1", "softStop", NOON.replace(hour=13)), still)
    with pytest.raises(ConflictError):
        schedules.delete("E1", "softStop", still)
    assert schedules.at("E1", "softStop") == NOON
    assert os.listdir(tmp_path) == ["E1-softStop"]
    assert schedules.at("E2", "softStop") is None


def test_a_schedule_is_written_read_replaced_and_deleted(schedules: Schedules, tmp_path: Path) -> None:
    schedules.write(Schedule("", "softStop", NOON))
    schedules.write(Schedule("CSL3-C0-LEFT", "softStop", NOON))
    later = NOON.replace(hour=13)
    schedules.write(Schedule("", "softStop", later))
    assert sorted(os.listdir(tmp_path)) == ["-softStop", "CSL3-C0-LEFT-softStop"]
    assert (tmp_path / "-softStop").read_text() == "2026-12-01T13:00:00+00:00"
    assert schedules.read().find("") == Schedule("", "softStop", later)
    assert schedules.read().find("CSL3-C0-LEFT") == Schedule("CSL3-C0-LEFT", "softStop", NOON)
    assert schedules.delete("", "softStop")
    assert not schedules.delete("", "softStop")
    assert schedules.read().find("") is None


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-01T12:00:00Z",
        "2026-12-01T12:00:00+00:00",
        "2026-12-01T21:00:00+09:00",
        "2026-12-01T21:00:00 09:00",
        "2026-12-01T21:00 09:00",
        "2026-12-01 21:00:00+0900",
        " 2026-12-01T12:00:00.000Z\n",
    ],
)
def test_times_of_every_offset_are_the_same_moment(text: str) -> None:
    assert parse_time(text) == NOON
    assert parse_time(text).utcoffset() == NOON.utcoffset()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("2026-12-01T12:00:00", "offset"),
        ("2026-12-01", "offset"),
        ("tomorrow", "ISO 8601"),
        ("", "ISO 8601"),
        ("2026-13-01T12:00:00Z", "ISO 8601"),
        ("0001-01-01T00:00:00+09:00", "range"),
    ],
)
def test_a_time_that_is_none_says_why(text: str, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        parse_time(text)


@given(st.text())
def test_no_text_is_a_traceback(text: str) -> None:
    try:
        at = parse_time(text)
    except ValueError:
        return
    assert at.tzinfo is UTC


@pytest.mark.parametrize("unit", ["a/b", "..", ".hidden", "a\0b", "x" * (MAX_ID_BYTES + 1), "é" * 101])
def test_an_id_that_cannot_be_a_file_name_is_refused(unit: str) -> None:
    with pytest.raises(BadRequestError, match="unitId"):
        file_name(unit, "softStop")


@given(st.text(min_size=1, max_size=60))
def test_every_other_id_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, unit: str) -> None:
    try:
        name = file_name(unit, "softStop")
    except BadRequestError:
        return
    assert name.rpartition("-")[0] == unit
    schedules = Schedules(tmp_path_factory.mktemp("s"))
    try:
        unit.encode()
    except UnicodeEncodeError:
        return
    schedules.write(Schedule(unit, "softStop", NOON))
    assert schedules.read().schedules == (Schedule(unit, "softStop", NOON),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_file_that_an_editor_on_windows_wrote_is_a_schedule(
    schedules: Schedules, tmp_path: Path, encoding: str, end: str
) -> None:
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(encoding, b"")
    text = "2026-12-01T21:00:00.000000+09:00" + end
    (tmp_path / "E001-softStop").write_bytes(mark + text.encode(encoding))
    assert schedules.read().schedules == (Schedule("E001", "softStop", NOON),)


def test_what_cannot_be_understood_is_set_aside_and_the_others_stay(
    schedules: Schedules, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    outside = tmp_path.parent / "outside"
    outside.write_text(NOON.isoformat())
    long = b"2026-12-01T12:00:00Z" + b" " * 160
    bad: dict[str, bytes] = {"E1": b"nonsense", "E2": b"", "E3": b"\xff\xfe", "E4": long}
    for unit, content in bad.items():
        (tmp_path / f"{unit}-softStop").write_bytes(content)
    (tmp_path / "E5-softStop").symlink_to(outside)
    (tmp_path / "E6-softStop").mkdir()
    os.mkfifo(tmp_path / "E7-softStop")
    (tmp_path / "E8-hardStart").write_text("x")
    (tmp_path / "README").write_text("x")
    (tmp_path / ".E9-softStop").write_text(NOON.isoformat())
    (tmp_path / "good-softStop").write_text("2026-12-01T21:00:00+09:00\n")
    os.close(os.open(os.fsencode(tmp_path) + b"/\xff-softStop", os.O_CREAT | os.O_WRONLY))
    with caplog.at_level(logging.ERROR):
        listing = schedules.read()
    assert listing.schedules == (Schedule("good", "softStop", NOON),)
    assert set(listing.broken) == {
        *(f"E{n}-softStop" for n in range(1, 8)),
        "E8-hardStart",
        "README",
        "\ufffd-softStop",
    }
    names = os.listdir(tmp_path)
    assert all(f"E{n}-softStop.broken" in names for n in range(1, 8))
    assert {"E8-hardStart", "README", ".E9-softStop"} <= set(names)
    assert outside.read_text() == NOON.isoformat()
    reported = len(caplog.records)
    again = schedules.read()
    assert again.schedules == listing.schedules
    assert set(again.broken) >= {"E1-softStop.broken", "E8-hardStart"}
    assert len(caplog.records) == reported  # once, not every time


def test_a_second_broken_file_of_the_same_name_does_not_replace_the_first(schedules: Schedules, tmp_path: Path) -> None:
    for content in ("first", "second"):
        (tmp_path / "E1-softStop").write_text(content)
        schedules.read()
    contents = sorted(path.read_text() for path in tmp_path.glob("*.broken"))
    assert contents == ["first", "second"]


def test_a_write_that_cannot_be_leaves_the_last_one(
    schedules: Schedules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedules.write(Schedule("", "softStop", NOON))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        schedules.write(Schedule("", "softStop", NOON.replace(hour=13)))
    assert os.listdir(tmp_path) == ["-softStop"]
    assert schedules.read().find("") == Schedule("", "softStop", NOON)


def test_what_a_cut_off_write_left_is_swept(schedules: Schedules, tmp_path: Path) -> None:
    (tmp_path / ".writing-0123").write_text("2026")
    assert schedules.read().schedules == ()
    schedules.sweep()
    assert os.listdir(tmp_path) == []


def test_due_is_pure_and_takes_the_cluster_first() -> None:
    all_of_them = [Schedule("E2", "softStop", NOON), Schedule("", "softStop", NOON), Schedule("E1", "softStop", NOON)]
    assert due(all_of_them, NOON.replace(hour=11)) == []
    assert [schedule.unit for schedule in due(all_of_them, NOON)] == ["", "E1", "E2"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"soon", "'soon' is no ISO 8601 date and time, such as 2026-12-01T12:00:00+09:00"),
        (b"2099-01-01T00:00:00", "'2099-01-01T00:00:00' has no offset from UTC, such as Z or +09:00"),
        (b"0001-01-01T00:00:00+23:00", "'0001-01-01T00:00:00+23:00' is out of range"),
        (b"\xff\xfe\x00", "no text"),
        (b"x" * (module.MAX_BYTES + 1), f"longer than {module.MAX_BYTES} bytes"),
        (b"x" * module.MAX_BYTES, f"'{'x' * 80}' is no ISO 8601"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_also_after_it_was_set_aside(
    schedules: Schedules, tmp_path: Path, content: bytes, problem: str
) -> None:
    path = tmp_path / "E1-softStop"
    path.write_bytes(content)
    os.utime(path, (1_000_000_000, 1_000_000_000))
    (said,) = schedules.read().broken.values()
    assert said.startswith(problem)
    assert said.endswith("; set aside as E1-softStop.broken")
    (said,) = schedules.read().broken.values()
    assert said.startswith(problem)
    assert Schedules(tmp_path).read().broken == {"E1-softStop.broken": "set aside as broken"}  # after a start


def test_what_is_no_plain_file_is_set_aside_by_its_name(schedules: Schedules, tmp_path: Path) -> None:
    (tmp_path / "E1-softStop").symlink_to("/etc/hostname")
    (tmp_path / "E2-softStop").mkdir()
    for name in ("E1-softStop", "E2-softStop"):
        os.utime(tmp_path / name, (1_000_000_000, 1_000_000_000), follow_symlinks=False)
    assert schedules.read().broken == {
        "E1-softStop": "a symbolic link is no schedule; set aside as E1-softStop.broken",
        "E2-softStop": "no regular file; set aside as E2-softStop.broken",
    }


def test_a_folder_that_is_gone_is_named_and_is_made_again_for_the_next_schedule(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    gone = Schedules(folder)
    with pytest.raises(StorageError, match="the schedules cannot be read: No such file"):
        gone.read()
    with pytest.raises(StorageError, match=f"the folder {folder} is gone, and its schedules with it"):
        gone.delete("E1", "softStop")
    gone.write(Schedule("E1", "softStop", datetime(2099, 1, 1, tzinfo=UTC)))
    assert gone.read().find("E1") is not None
    assert not gone.end(Schedule("E1", "softStop", datetime(2098, 1, 1, tzinfo=UTC)))
    assert gone.end(Schedule("E1", "softStop", datetime(2099, 1, 1, tzinfo=UTC)))
