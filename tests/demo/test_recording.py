"""The player gives back exactly what was recorded."""

import gzip
from pathlib import Path
from typing import Any

import orjson
import pytest

from main_controller.demo.recording import Recording, RecordingError, read_recording

from .conftest import RECORDING


def test_every_record_comes_out_as_it_went_in(recorded: list[dict[str, Any]]) -> None:
    player = Recording(read_recording(RECORDING), stepped=True)
    for number, record in enumerate(recorded):
        assert orjson.dumps(player.log()) == orjson.dumps(record["log"])
        assert player.deals() == record["deals"]
        assert player.status() == record["status"]
        state = player.state()
        assert (state["step"], state["doing"], state["time"]) == (number, record["doing"], record["t"])
        player.step(1)
    assert player.log() == recorded[-1]["log"], "it stays at the last record"


def test_a_node_that_has_left_the_log_is_still_named(recorded: list[dict[str, Any]]) -> None:
    player = Recording(read_recording(RECORDING), stepped=True)
    player.step(len(recorded))
    assert "E002" not in player.log()
    assert sorted(player.unit_ids()) == ["E001", "E002", "E003", "E004"]


def test_in_real_time_it_follows_the_recorded_times(recorded: list[dict[str, Any]]) -> None:
    player = Recording(read_recording(RECORDING), stepped=False)
    assert not player.pass_time(5.0)
    assert player.pass_time(0.2)
    assert player.log() == recorded[1]["log"]
    assert player.pass_time(60.0)
    assert player.state()["step"] == max(i for i, one in enumerate(recorded) if one["t"] <= 65.2)


def test_stepped_it_does_not_move_by_itself() -> None:
    player = Recording(read_recording(RECORDING), stepped=True)
    assert not player.pass_time(1000.0)
    assert player.state()["step"] == 0


def test_commands_are_accepted_and_change_nothing(recorded: list[dict[str, Any]]) -> None:
    player = Recording(read_recording(RECORDING), stepped=True)
    assert player.set_mode("stop", None) == {"succeeded": True}
    assert player.shut_down(None) == {"succeeded": True}
    answer = player.set_converter("E001", "0x0000", 350, 2, None)
    assert answer == {key: recorded[0]["log"]["E001"]["dcdc"][key] for key in ("status", "meter", "vdis", "param")}
    assert player.set_converter("E999", "0x0000", 350, 2, None) is None
    assert player.log() == recorded[0]["log"]
    assert not player.gone


@pytest.mark.parametrize(
    "content", [b"", b"not json", b"[1]\n", b'{"t": 1}\n', gzip.compress(b'{"t": 1', mtime=0)[:-6], b"\x1f\x8bgarbage"]
)
def test_a_file_that_is_no_recording_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken"
    path.write_bytes(content)
    with pytest.raises(RecordingError) as caught:
        read_recording(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError):
        read_recording(tmp_path / "nothing")
