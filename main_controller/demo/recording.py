"""Plays a recorded run of a real cluster: the bodies come out exactly as they went in."""

import gzip
from pathlib import Path
from typing import Any

import orjson

from main_controller.demo.source import Body


class RecordingError(ValueError):
    """The file cannot be read as a recording."""


def read_recording(path: Path) -> list[Body]:
    """The records of a file of JSON lines, gzipped or not: ``t`` (s), ``doing`` and three bodies.

    Raises ``RecordingError`` in one sentence.
    """
    try:
        content = path.read_bytes()
        if content.startswith(b"\x1f\x8b"):
            content = gzip.decompress(content)
        records = [orjson.loads(line) for line in content.splitlines() if line.strip()]
    except (OSError, EOFError, ValueError) as error:
        raise RecordingError(f"recording {path}: {error}") from error
    wanted = {"t", "log", "deals", "status"}
    if not records or not all(isinstance(one, dict) and wanted <= one.keys() for one in records):
        raise RecordingError(f"recording {path}: a line without one of {sorted(wanted)}")
    return records


class Recording:
    """The player. In real time by ``t``, or only by ``step`` when ``stepped``; it stays at the last record.

    Commands are answered as accepted and change nothing. There is no second recording for the hardware
    emulator, so its log is the nodes' own without ``apis`` and ``battery``.
    """

    def __init__(self, records: list[Body], *, stepped: bool) -> None:
        self.gone = False
        self._records = records
        self._stepped = stepped
        self._at = 0
        self._clock_s = float(records[0]["t"])
        self._seen: dict[str, None] = dict.fromkeys(records[0]["log"])

    @property
    def _now(self) -> Body:
        return self._records[self._at]

    def pass_time(self, wall_s: float) -> bool:
        """Move on to the record whose ``t`` has come; True when it is another one."""
        if self._stepped:
            return False
        self._clock_s += wall_s
        before = self._at
        while self._at + 1 < len(self._records) and self._records[self._at + 1]["t"] <= self._clock_s:
            self.step(1)
        return self._at != before

    def step(self, count: int) -> None:
        """Move on by ``count`` records."""
        for _ in range(min(count, len(self._records) - 1 - self._at)):
            self._at += 1
            self._seen.update(dict.fromkeys(self._now["log"]))

    def state(self) -> Body:
        """Which record this is (from 0) of how many, what was being done, and its time in seconds."""
        return {
            "step": self._at,
            "steps": len(self._records),
            "doing": self._now.get("doing", ""),
            "time": self._now["t"],
        }

    def log(self) -> Body:
        """The recorded ``/get/log``."""
        log: Body = self._now["log"]
        return log

    def hardware_log(self) -> Body:
        """The recorded nodes in the former form."""
        return {
            node: {
                **{key: value for key, value in body.items() if key not in ("apis", "battery")},
                "oesunit": {**body.get("oesunit", {}), "on": True},
            }
            for node, body in self.log().items()
        }

    def deals(self) -> list[Body]:
        """The recorded ``/deals``."""
        deals: list[Body] = self._now["deals"]
        return deals

    def status(self) -> Body:
        """The recorded ``/getStatus``."""
        status: Body = self._now["status"]
        return status

    def unit_ids(self) -> list[str]:
        """Every id seen so far."""
        return list(self._seen)

    def set_mode(self, value: str, node: str | None) -> Body:
        """Accepted, without effect."""
        return {"succeeded": True}

    def shut_down(self, node: str | None) -> Body:
        """Accepted, without effect."""
        return {"succeeded": True}

    def set_converter(self, node: str, mode: str, dvg: float, dig: float, drg: float | None) -> Body | None:
        """Accepted, without effect; the recorded converter answers."""
        dcdc = self.section(node, "dcdc")
        return dcdc and {key: dcdc[key] for key in ("status", "meter", "vdis", "param") if key in dcdc}

    def set_ups(self, node: str, mode: int) -> Body | None:
        """Accepted, without effect."""
        return {"operation_mode": mode} if node in self.log() else None

    def section(self, node: str, name: str) -> Body | None:
        """The recorded section."""
        body: dict[str, Any] = self.log().get(node, {})
        found: Body | None = body.get("dcdc", {}).get("meter") if name == "meter" else body.get(name)
        return found

    def node_at(self, ip: str) -> str | None:
        """The node recorded with that address; a recording of a real network has none on loopback."""
        return next((node for node, body in self.log().items() if body["oesunit"]["ip"] == ip), None)
