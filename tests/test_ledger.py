"""Every command has a row; the disk may fail, the command may not."""

import logging
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from main_controller import ledger as module
from main_controller.ledger import Ledger


def test_a_row_is_on_the_disk_before_the_command_is_sent(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, 365)
    row = ledger.begin("127.0.0.1 script", "set/budo", "", {"mode": "stop"})
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as other:
        assert other.execute("SELECT id, outcome FROM commands").fetchall() == [(row.id, "sending")]
    ledger.update(row, outcome="accepted", answer={"active": False}, watched=True, observed="watching")
    ledger.close()
    again = Ledger(tmp_path, 365)
    (found,) = again.watched()
    assert found.told() == row.told() | {"outcome": "accepted", "answer": {"active": False}, "observed": "watching"}
    assert again.begin("x", "flushCache", "", {}).id == row.id + 1
    again.close()


def test_a_command_that_was_cut_off_is_unknown_after_the_restart(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, 365)
    row = ledger.begin("x", "stopAll", "", {})
    ledger.close()
    again = Ledger(tmp_path, 365)
    found = again.get(row.id)
    assert found is not None
    assert found.outcome == "unknown"
    assert "may have taken effect" in found.answer
    again.close()


def test_old_rows_go_and_watched_ones_stay(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, 10)
    old = ledger.begin("x", "flushCache", "", {})
    watched = ledger.update(ledger.begin("x", "stopAll", "", {}), watched=True)
    ledger.forget_old(datetime.now(UTC) + timedelta(days=9))
    assert ledger.get(old.id) is not None
    ledger.forget_old(datetime.now(UTC) + timedelta(days=11))
    assert ledger.get(old.id) is None
    assert ledger.get(watched.id) is not None
    ledger.close()


def test_more_rows_than_fit_in_memory_are_read_from_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 5)
    ledger = Ledger(tmp_path, 365)
    slow = ledger.begin("x", "stopAll", "", {})
    for _ in range(20):
        ledger.update(ledger.begin("x", "flushCache", "", {}), outcome="accepted")
    assert [row.id for row in ledger.newest(10)] == list(range(21, 11, -1))
    first = ledger.get(2)
    assert first is not None
    assert first.command == "flushCache"
    assert ledger.update(slow, outcome="accepted").outcome == "accepted"
    assert ledger.get(99) is None
    ledger.close()


@pytest.mark.parametrize("how", ["no database", "a folder is in the way", "full"])
def test_a_broken_disk_costs_the_record_loudly_and_never_the_command(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    if how == "no database":
        (tmp_path / "ledger.sqlite3").write_bytes(b"this is no database" * 100)
    elif how == "a folder is in the way":
        (tmp_path / "ledger.sqlite3").mkdir()
    ledger = Ledger(tmp_path, 365)
    if how == "full":
        with sqlite3.connect(tmp_path / "ledger.sqlite3") as other:
            other.execute("DROP TABLE commands")
    with caplog.at_level(logging.INFO):
        rows = [ledger.begin("x", "stopAll", "", {}) for _ in range(3)]
        ledger.update(rows[0], outcome="accepted")
    errors = [record for record in caplog.records if record.levelname == "ERROR"]
    assert len(errors) == 1  # once, not every time
    assert "NOT recorded" in errors[0].getMessage()
    assert [row.id for row in ledger.newest(10)] == [3, 2, 1]
    found = ledger.get(1)
    assert found is not None
    assert found.outcome == "accepted"
    if how == "full":
        with sqlite3.connect(tmp_path / "ledger.sqlite3") as other:
            other.execute(module._TABLE)
        with caplog.at_level(logging.INFO):
            ledger.begin("x", "stopAll", "", {})
        assert "recorded again" in caplog.text
    ledger.close()
