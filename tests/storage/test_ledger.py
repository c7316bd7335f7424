"""Every command has a row; the disk may fail, the command may not."""

import logging
import shutil
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from main_controller.commands.kind import Kinds
from main_controller.commands.kinds import KINDS
from main_controller.commands.observer import Observer
from main_controller.commands.row_life import RowLife
from main_controller.storage import database, ledger_store
from main_controller.storage import ledger as module
from main_controller.storage.ledger import Ledger
from main_controller.storage.ledger_row import RowState
from tests.rows import begun
from tests.running import eventually


def test_a_row_is_on_the_disk_before_the_command_is_sent(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, 365)
    row = begun(ledger, "127.0.0.1 script", "set/budo", "", {"mode": "stop"})
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as other:
        assert other.execute("SELECT id, outcome FROM commands").fetchall() == [(row.id, "sending")]
    ledger.update(row, outcome="accepted", answer={"active": False}, sight=RowState.WATCHING)
    ledger.close()
    again = Ledger(tmp_path, 365)
    (found,) = again.watched()
    seen = {"observed": "watching", "state": "watching"}
    assert found.as_answer() == row.as_answer() | {"outcome": "accepted", "answer": {"active": False}} | seen
    assert begun(again, "x", "flushCache", "", {}).id == row.id + 1
    again.close()


def test_a_command_that_was_cut_off_is_unknown_after_the_restart(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, 365)
    row = begun(ledger, "x", "stopAll", "", {})
    ledger.close()
    again = Ledger(tmp_path, 365)
    RowLife(again, Kinds(KINDS), Observer(Kinds(KINDS)))
    found = again.get(row.id)
    assert found is not None
    assert found.outcome == "unknown"
    assert "may have taken effect" in found.answer
    assert found.watched  # it is looked for, and holds up what must not be sent meanwhile
    again.close()


def test_another_program_that_locks_the_database_holds_up_no_command(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ledger = Ledger(tmp_path, 365)
    begun(ledger, "x", "flushCache", "", {})
    with sqlite3.connect(tmp_path / "ledger.sqlite3", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        rows = [begun(ledger, "x", "stopAll", "", {}) for _ in range(5)]
        assert time.monotonic() - began < 2
        other.execute("ROLLBACK")
    assert "NOT recorded" in caplog.text
    assert [row.id for row in ledger.newest(9)] == [row.id for row in reversed(rows)] + [1]
    ledger.close()


def test_a_damaged_row_costs_that_row(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, 365)
    for _ in range(3):
        ledger.update(begun(ledger, "x", "flushCache", "", {}), outcome="accepted")
    ledger.close()
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as other:
        other.execute("UPDATE commands SET answer = 'no JSON' WHERE id = 1")
        other.execute("UPDATE commands SET at = 'yesterday' WHERE id = 2")
    again = Ledger(tmp_path, 365)
    assert [row.id for row in again.newest(9)] == [3]
    assert again.get(1) is None
    again.close()


def test_a_database_that_is_none_is_set_aside_and_a_new_one_begins(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite3").write_bytes(b"this is no database" * 100)
    ledger = Ledger(tmp_path, 365)
    begun(ledger, "x", "flushCache", "", {})
    ledger.close()
    (aside,) = tmp_path.glob("ledger.sqlite3.broken-*")
    assert aside.read_bytes().startswith(b"this is no database")
    again = Ledger(tmp_path, 365)
    assert len(again.newest(9)) == 1
    again.close()


def test_old_rows_go_and_watched_ones_stay(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, 10)
    old = ledger.update(begun(ledger, "x", "flushCache", "", {}), outcome="accepted")
    watched = ledger.update(begun(ledger, "x", "stopAll", "", {}), outcome="accepted", sight=RowState.WATCHING)
    ledger.forget_old(datetime.now(UTC) + timedelta(days=9))
    ledger.written(begun(ledger, "x", "flushCache", "", {}))
    assert ledger.get(old.id) is not None
    ledger.forget_old(datetime.now(UTC) + timedelta(days=11))
    eventually(lambda: ledger.get(old.id) is None)
    assert ledger.get(watched.id) is not None
    ledger.close()


def test_more_rows_than_fit_in_memory_are_read_from_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 5)
    ledger = Ledger(tmp_path, 365)
    slow = begun(ledger, "x", "stopAll", "", {})
    for _ in range(20):
        ledger.update(begun(ledger, "x", "flushCache", "", {}), outcome="accepted")
    assert [row.id for row in ledger.newest(10)] == list(range(21, 11, -1))
    first = ledger.get(2)
    assert first is not None
    assert first.command == "flushCache"
    assert ledger.update(slow, outcome="accepted").outcome == "accepted"
    assert ledger.get(99) is None
    ledger.close()


@pytest.mark.parametrize("how", ["a folder is in the way", "full"])
def test_a_broken_disk_costs_the_record_loudly_and_never_the_command(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    caplog.set_level(logging.INFO)
    if how == "a folder is in the way":
        (tmp_path / "data").write_text("a file")
        ledger = Ledger(tmp_path / "data", 365)
    else:
        ledger = Ledger(tmp_path, 365)
        with sqlite3.connect(tmp_path / "ledger.sqlite3") as other:
            other.execute("DROP TABLE commands")
    rows = [begun(ledger, "x", "stopAll", "", {}) for _ in range(3)]
    ledger.update(rows[0], outcome="accepted")
    errors = [record for record in caplog.records if record.levelname == "ERROR"]
    assert ["NOT recorded" in record.getMessage() for record in errors] == [True]  # once, not every time
    assert [row.id for row in ledger.newest(10)] == [3, 2, 1]
    found = ledger.get(1)
    assert found is not None
    assert found.outcome == "accepted"
    if how == "full":
        with sqlite3.connect(tmp_path / "ledger.sqlite3", isolation_level=None) as other:
            other.execute("PRAGMA user_version = 0")
            ledger_store._migrate(other)
        begun(ledger, "x", "stopAll", "", {})
        assert "recorded again" in caplog.text
    ledger.close()


_OLD_TABLE = """
CREATE TABLE commands (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, origin TEXT NOT NULL, command TEXT NOT NULL, target TEXT NOT NULL,
    "values" TEXT NOT NULL, outcome TEXT NOT NULL, answer TEXT NOT NULL, observed TEXT, observed_after_s REAL,
    watched INTEGER NOT NULL
)"""


@pytest.mark.parametrize(
    ("observed", "after_s", "watched", "state", "params"),
    [
        ("observed", 6.5, 0, "observed", {"after_s": 6.5}),
        ("watching", None, 1, "watching", {}),
        ("waiting for data", None, 1, "waiting_for_data", {}),
        ("superseded by 12", None, 0, "superseded", {"by": 12}),
        ("not taken: no fresh data for an hour", None, 0, "given_up", {}),
        ("not taken: E001: stop", None, 0, "not_taken", {"text": "E001: stop", "instead": [], "more": 0}),
        (None, None, 0, "accepted", {}),
    ],
)
def test_a_row_of_an_older_version_reads_as_before_and_has_its_state(
    tmp_path: Path, observed: str | None, after_s: float | None, watched: int, state: str, params: dict[str, object]
) -> None:
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as old:
        for statement in ledger_store._MIGRATIONS[:3]:
            old.execute(str(statement))
        old.execute("PRAGMA user_version = 3")
        row = (7, "2026-11-01T00:00:00.000+00:00", "x", "stopAll", "", "{}", "accepted", "null", observed, after_s)
        old.execute(f"INSERT INTO commands VALUES ({', '.join('?' * 12)})", (*row, watched, None))  # noqa: S608
    ledger = Ledger(tmp_path, 36500)
    (found,) = ledger.newest(9)
    assert (found.observed, found.observed_after_s, found.watched) == (observed, after_s, watched == 1)
    assert (found.state, found.state_params, found.code, found.params) == (state, params, None, {})
    ledger.close()


def test_an_older_row_that_was_watched_by_words_alone_is_watched_no_more(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, 36500)
    ledger.update(begun(ledger, "x", "stopAll", "", {}), outcome="accepted", sight=RowState.WATCHING)
    ledger.close()
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as older:  # as an older version ends one that it does not know
        older.execute("UPDATE commands SET watched = 0, life = NULL")
    again = Ledger(tmp_path, 36500)
    assert [row.state for row in again.newest(9)] == ["accepted"]
    again.close()


@pytest.mark.parametrize("life", ["7", '"x"', '{"sight": "nonsense"}', '{"sight": "superseded", "state_params": {}}'])
def test_a_row_with_a_damaged_life_costs_that_row(tmp_path: Path, life: str) -> None:
    ledger = Ledger(tmp_path, 365)
    for _ in range(2):
        ledger.update(begun(ledger, "x", "flushCache", "", {}), outcome="accepted")
    ledger.close()
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as other:
        other.execute("UPDATE commands SET life = ? WHERE id = 1", (life,))
    again = Ledger(tmp_path, 365)
    assert [row.id for row in again.newest(9)] == [2]
    again.close()


def test_a_ledger_of_an_older_version_goes_on_and_so_does_one_of_a_newer(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as old:
        old.execute(_OLD_TABLE)
        old.execute(
            "INSERT INTO commands VALUES (7, '2026-11-01T00:00:00.000+00:00', 'x', 'stopAll', '', '{}', 'accepted',"
            " 'null', NULL, NULL, 0)"
        )
    ledger = Ledger(tmp_path, 36500)
    assert [(row.id, row.key) for row in ledger.newest(9)] == [(7, None)]
    row = ledger.enter("x", "stopAll", "", {}, "a-key-of-the-page")
    ledger.written(row)
    ledger.close()
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as newer:
        newer.execute("ALTER TABLE commands ADD COLUMN something TEXT")
        newer.execute("PRAGMA user_version = 99")
    again = Ledger(tmp_path, 36500)
    assert [row.id for row in again.by_key("a-key-of-the-page")] == [8]
    assert again.by_key("another-key") == []
    assert [row.id for row in again.newest(9)] == [8, 7]
    assert not list(tmp_path.glob("*.broken*"))
    again.close()


def test_a_ledger_that_somebody_holds_at_the_start_is_neither_set_aside_nor_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Ledger(tmp_path, 365)
    old = begun(first, "x", "stopAll", "", {})
    first.close()
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as other:
        other.execute("PRAGMA user_version = 1")  # of an older version: a migration has to write
        other.execute("DROP INDEX commands_by_key")
        other.execute("ALTER TABLE commands DROP COLUMN key")
        other.execute("ALTER TABLE commands DROP COLUMN life")
    monkeypatch.setattr(database, "OPENING_S", 0.1)
    holder = sqlite3.connect(tmp_path / "ledger.sqlite3", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    ledger = Ledger(tmp_path, 365)
    new = begun(ledger, "x", "flushCache", "", {})
    assert new.id > old.id
    assert not list(tmp_path.glob("*.broken*"))
    holder.execute("COMMIT")
    holder.close()
    eventually(lambda: [row.id for row in ledger.newest(9)] == [new.id, old.id])
    ledger.close()


def test_a_folder_that_is_removed_is_said_and_made_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    ledger = Ledger(tmp_path / "data", 365)
    begun(ledger, "x", "flushCache", "", {})
    shutil.rmtree(tmp_path / "data")
    second = begun(ledger, "x", "flushCache", "", {})
    eventually(lambda: "NOT recorded" in caplog.text)
    eventually(lambda: "recorded again" in caplog.text)
    ledger.close()
    again = Ledger(tmp_path / "data", 365)
    assert [row.id for row in again.newest(9)] == [second.id, second.id - 1]  # what was in memory is there again
    again.close()


def test_what_could_not_be_written_is_written_when_it_can(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRY_S", 0.05)
    ledger = Ledger(tmp_path, 365)
    with sqlite3.connect(tmp_path / "ledger.sqlite3", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        rows = [begun(ledger, "x", "stopAll", "", {}) for _ in range(3)]
        other.execute("ROLLBACK")
    for row in rows:
        ledger.written(row)
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as other:
        assert other.execute("SELECT count(*) FROM commands").fetchone() == (3,)
    ledger.close()


def test_a_row_of_another_version_holds_up_nobody(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, 365)
    ledger.update(begun(ledger, "x", "fooBar", "", {}), outcome="accepted", sight=RowState.WATCHING)
    ledger.update(begun(ledger, "x", "set/budo", "", {}), outcome="accepted", sight=RowState.WATCHING)
    RowLife(ledger, Kinds(KINDS), Observer(Kinds(KINDS)))
    assert [row.command for row in ledger.watched()] == ["set/budo"]
    ledger.close()
