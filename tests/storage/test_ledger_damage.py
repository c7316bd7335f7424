"""Whatever becomes of its files: nothing that was there is lost, nothing is silently unrecorded, no id comes again."""

import logging
import os
import resource
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from main_controller.storage import ledger as module
from main_controller.storage.database_file import DatabaseFile, made_anew
from main_controller.storage.ledger import Ledger
from main_controller.storage.ledger_row import Row
from tests.rows import begun
from tests.running import eventually

NAME = "ledger.sqlite3"


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRY_S", 0.02)
    monkeypatch.setattr(module, "OPEN_AGAIN_S", 0.05)


@contextmanager
def opened(folder: Path) -> Iterator[Ledger]:
    ledger = Ledger(folder, 36500)
    try:
        yield ledger
    finally:
        ledger.close()


def accepted(ledger: Ledger, times: int = 1) -> list[Row]:
    rows = []
    for _ in range(times):
        rows.append(ledger.update(begun(ledger, "x", "flushCache", "", {}), outcome="accepted"))
        ledger.written(rows[-1])
    return rows


def ids(ledger: Ledger) -> list[int]:
    return [row.id for row in ledger.newest(1000)]


def in_file(folder: Path, name: str = NAME) -> list[int]:
    with sqlite3.connect(folder / name) as other:
        found = [row[0] for row in other.execute("SELECT id FROM commands ORDER BY id")]
    other.close()
    return found


# --- at the start -----------------------------------------------------------------------------------------------


def test_a_broken_ledger_is_set_aside_whole_and_ids_go_on(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        accepted(ledger, 3)
    (tmp_path / NAME).write_bytes(b"this is no database" * 100)
    (tmp_path / f"{NAME}-wal").write_bytes(b"its log")
    with opened(tmp_path) as ledger:
        assert [row.id for row in accepted(ledger)] == [4]
        assert ids(ledger) == [4]
    (aside,) = [path for path in tmp_path.glob("*.broken-*") if not path.name.endswith("-wal")]
    assert aside.read_bytes() == b"this is no database" * 100
    assert (tmp_path / f"{aside.name}-wal").read_bytes() == b"its log"


def test_the_log_of_a_ledger_that_is_empty_by_now_is_kept(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        accepted(ledger, 3)
        log = (tmp_path / f"{NAME}-wal").read_bytes()  # as after a power cut
    (tmp_path / NAME).write_bytes(b"")
    (tmp_path / f"{NAME}-wal").write_bytes(log)
    with opened(tmp_path) as ledger:
        assert [row.id for row in accepted(ledger)] == [4]
    (aside,) = tmp_path.glob("*.broken-*")
    assert aside.read_bytes() == log


def test_a_ledger_broken_in_its_middle_is_set_aside_too(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with opened(tmp_path) as ledger:
        accepted(ledger, 300)
    size = (tmp_path / NAME).stat().st_size
    with (tmp_path / NAME).open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * (size - 8192))
    with opened(tmp_path) as ledger:
        assert [row.id for row in accepted(ledger)] == [301]
    assert len(list(tmp_path.glob("*.broken-*"))) == 1
    assert "was broken; it is set aside" in caplog.text


def test_of_a_broken_ledger_without_a_mark_no_id_is_given_again(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"this is no database" * 100)
    before = int(time.time())
    with opened(tmp_path) as ledger:
        (row,) = accepted(ledger)
        assert row.id > before


def test_two_that_are_set_aside_in_the_same_second_are_both_kept(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / NAME).write_text(f"no database {number}")
        DatabaseFile(tmp_path / NAME).set_aside()
    assert sorted(path.read_text()[-1] for path in tmp_path.glob("*.broken-*")) == ["0", "1", "2"]


@contextmanager
def no_file_may_grow(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_on_a_disk_that_is_full_at_the_start_nothing_is_set_aside_and_all_is_there_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with opened(tmp_path) as ledger:
        accepted(ledger, 3)
    with no_file_may_grow(64):  # as a full disk: files may be written over, but get no longer
        ledger = Ledger(tmp_path, 36500)
        row = begun(ledger, "x", "stopAll", "", {})
        assert row.id == 4
        assert "NOT recorded" in caplog.text
    eventually(lambda: ids(ledger) == [4, 3, 2, 1])
    ledger.close()
    assert in_file(tmp_path) == [1, 2, 3, 4]
    assert not list(tmp_path.glob("*.broken-*"))


def test_without_any_command_a_ledger_is_there_again_when_it_can_be_read(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        accepted(ledger, 3)
    with no_file_may_grow(64):
        ledger = Ledger(tmp_path, 36500)
        assert ids(ledger) == []
    eventually(lambda: ids(ledger) == [3, 2, 1])
    ledger.close()


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE commands ADD COLUMN needed TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE commands RENAME COLUMN origin TO asker",
        "ALTER TABLE commands DROP COLUMN observed",
    ],
)
def test_a_ledger_of_a_newer_version_is_left_whole_and_said_where_it_cannot_be_written(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, statement: str
) -> None:
    with opened(tmp_path) as ledger:
        accepted(ledger, 3)
    with sqlite3.connect(tmp_path / NAME) as newer:
        newer.execute(statement)
        newer.execute("PRAGMA user_version = 99")
    newer.close()
    with opened(tmp_path) as ledger:
        row = begun(ledger, "x", "stopAll", "", {})
        assert row.id == 4
        recorded = in_file(tmp_path) == [1, 2, 3, 4]
        assert recorded != ("NOT recorded" in caplog.text)
        assert ledger.get(4) is not None
    assert in_file(tmp_path)[:3] == [1, 2, 3]
    assert not list(tmp_path.glob("*.broken-*"))


def test_a_row_at_the_top_of_the_range_stays_and_ids_go_on_below(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        accepted(ledger, 3)
    with sqlite3.connect(tmp_path / NAME) as other:
        for odd in (2**63 - 1, -5):
            other.execute(
                f'INSERT INTO commands SELECT {odd}, at, origin, command, target, "values", outcome, answer, observed,'  # noqa: S608
                " observed_after_s, watched, key, life FROM commands WHERE id = 1"
            )
    other.close()
    with opened(tmp_path) as ledger:
        assert [row.id for row in accepted(ledger, 2)] == [4, 5]
        assert ids(ledger) == [5, 4, 3, 2, 1]
    assert in_file(tmp_path) == [-5, 1, 2, 3, 4, 5, 2**63 - 1]


@pytest.mark.parametrize("mark", ["99999999999999999999\n", "", "nonsense", "-1", "\udcff"])
def test_a_mark_that_is_none_is_no_mark(tmp_path: Path, mark: str) -> None:
    with opened(tmp_path) as ledger:
        accepted(ledger, 3)
    (tmp_path / "ledger.highest-id").write_text(mark, errors="surrogateescape")
    with opened(tmp_path) as ledger:
        assert [row.id for row in accepted(ledger)] == [4]


# --- ids --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gone", [NAME, "ledger.highest-id"])
def test_when_all_rows_were_forgotten_or_one_of_the_files_went_ids_go_on(tmp_path: Path, gone: str) -> None:
    with opened(tmp_path) as ledger:
        accepted(ledger, 3)
        ledger.forget_old(datetime.now(UTC) + timedelta(days=40000))
        eventually(lambda: ids(ledger) == [])
    (tmp_path / gone).unlink()
    with opened(tmp_path) as ledger:
        assert [row.id for row in accepted(ledger)] == [4]


def test_an_older_ledger_put_back_does_not_take_ids_back(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        accepted(ledger, 3)
    older = (tmp_path / NAME).read_bytes()
    with opened(tmp_path) as ledger:
        accepted(ledger, 5)
    (tmp_path / NAME).write_bytes(older)
    with opened(tmp_path) as ledger:
        assert [row.id for row in accepted(ledger)] == [9]
        assert ids(ledger) == [9, 3, 2, 1]


def test_another_row_with_the_same_id_is_not_written_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with opened(tmp_path) as ledger:
        accepted(ledger, 1)
        with sqlite3.connect(tmp_path / NAME) as other:
            other.execute(
                "INSERT INTO commands SELECT 2, '2020-01-01T00:00:00.000+00:00', origin, 'stopAll', target, \"values\","
                " outcome, answer, observed, observed_after_s, watched, key, life FROM commands WHERE id = 1"
            )
        other.close()
        begun(ledger, "x", "flushCache", "", {})
        assert "command 2 is NOT recorded: the ledger has another row with this id" in caplog.text
    with sqlite3.connect(tmp_path / NAME) as other:
        assert other.execute("SELECT command FROM commands WHERE id = 2").fetchall() == [("stopAll",)]
    other.close()


def test_making_the_table_anew_keeps_rows_columns_of_others_and_indexes(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / NAME) as old:
        old.execute("CREATE TABLE commands (id INTEGER PRIMARY KEY, at TEXT NOT NULL, other TEXT)")
        old.execute("CREATE INDEX by_other ON commands (other)")
        old.execute("INSERT INTO commands VALUES (7, 'now', 'theirs')")
        made_anew(old, "commands")
        assert old.execute("SELECT * FROM commands WHERE other = 'theirs'").fetchall() == [(7, "now", "theirs")]
        assert old.execute("SELECT seq FROM sqlite_sequence").fetchall() == [(7,)]
        assert "by_other" in str(old.execute("EXPLAIN QUERY PLAN SELECT * FROM commands WHERE other = ''").fetchall())
        with pytest.raises(sqlite3.OperationalError):
            made_anew(old, "no_such_table")
    old.close()


# --- while it runs ----------------------------------------------------------------------------------------------


def cut_to(size: int) -> Callable[[Path], None]:
    return lambda folder: os.truncate(folder / NAME, size)


def written_over(folder: Path) -> None:
    size = (folder / NAME).stat().st_size
    with (folder / NAME).open("r+b") as file:
        file.write(b"\xff" * size)


def replaced(folder: Path) -> None:
    (folder / "other").write_bytes(b"no database")
    (folder / "other").rename(folder / NAME)


DAMAGE: dict[str, Callable[[Path], None]] = {
    "cut to nothing": cut_to(0),
    "cut to two pages": cut_to(8192),
    "cut within a page": cut_to(10000),
    "written over": written_over,
    "replaced by something else": replaced,
    "removed": lambda folder: (folder / NAME).unlink(),
    "its log removed": lambda folder: (folder / f"{NAME}-wal").unlink(),
    "its log cut": lambda folder: os.truncate(folder / f"{NAME}-wal", 0),
}


@pytest.mark.parametrize("checkpointed", [False, True], ids=["in the log", "in the file"])
@pytest.mark.parametrize("how", DAMAGE)
def test_a_ledger_that_is_damaged_while_it_runs_is_said_and_has_all_rows_of_the_memory_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, how: str, checkpointed: bool
) -> None:
    caplog.set_level(logging.INFO)
    with opened(tmp_path) as ledger:
        accepted(ledger, 60)
        if checkpointed:
            with sqlite3.connect(tmp_path / NAME) as other:
                other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            other.close()
            accepted(ledger, 2)
        before = ids(ledger)
        DAMAGE[how](tmp_path)
        new = accepted(ledger, 3)
        if checkpointed:  # else what lies in the log makes up for what happens to the file
            assert "NOT recorded" in caplog.text
        eventually(lambda: caplog.text.count("NOT recorded") == caplog.text.count("recorded again"))
        assert [row.id for row in new] == [before[0] + 1, before[0] + 2, before[0] + 3]
        eventually(lambda: not ledger._unwritten)
    assert in_file(tmp_path) == sorted([*before, *(row.id for row in new)])
    with opened(tmp_path) as again:
        assert ids(again)[0] == new[-1].id
        assert {row.outcome for row in again.newest(1000)} == {"accepted"}


def test_a_row_that_cannot_be_written_costs_no_other(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with opened(tmp_path) as ledger:
        begun(ledger, "x", "flushCache", "", {"odd": object()})
        begun(ledger, "x", "flushCache", "lone \ud800 surrogate", {})
        (row,) = accepted(ledger)
    assert in_file(tmp_path) == [row.id]
    assert "command 1 is NOT recorded" in caplog.text
    assert "command 2 is NOT recorded" in caplog.text
