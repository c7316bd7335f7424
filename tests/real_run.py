"""A recorded hour of a real cluster with the hardware's own values beside it (contract, section 2b), polled as we do.

``python -m tests.real_run`` prints the share of shown values that no hardware had within their age.
"""

import bisect
import gzip
import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from main_controller import nodes
from main_controller.demo.simulation import Simulation
from main_controller.picture.freshness import Freshness
from main_controller.picture.rhythm import PollPlan
from tests.running import ROOT

INTERVAL_S = 5.0
SETTLED_S = 25.0
LATE_S = 1.0
TOLERANCES = {"vg": 10.0, "status": None, "wg": 60.0}
QUIET = ((0, 360), (961, 1200))  # nothing is wrong there

Record = dict[str, Any]


def records() -> list[Record]:
    """The lines, each with its own ``log`` (None where apis-web did not answer)."""
    path = ROOT / "tests" / "data" / "real-run-with-hardware.jsonl.gz"
    with gzip.open(path, "rt") as lines:
        found = [json.loads(line) for line in lines]
    last = None
    for record in found:
        if record.get("log") == "same":
            record["log"] = last
        last = record["log"] = record.get("log") or None
    return found


def stretches(found: list[Record]) -> Iterator[list[Record]]:
    """The lines of each stretch of time."""
    begin = 0
    for at in range(1, len(found) + 1):
        if at == len(found) or found[at]["t"] - found[at - 1]["t"] > 60:
            yield found[begin:at]
            begin = at


@dataclass
class Counts:
    """How many values were shown, how many of them were not true within their age; ages and states in quiet times."""

    shown: Counter[str] = field(default_factory=Counter)
    untrue: Counter[str] = field(default_factory=Counter)
    quiet_ages: list[float] = field(default_factory=list)
    quiet_states: Counter[str | None] = field(default_factory=Counter)
    polls: int = 0
    seconds: int = 0

    def share(self, name: str) -> float:
        """The share of untrue values, 0 to 1."""
        return self.untrue[name] / self.shown[name]

    def age(self, share: float) -> float:
        """The age that ``share`` of the shown values do not exceed, s."""
        ordered = sorted(self.quiet_ages)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


Age = Callable[[Freshness, str, float, float], float | None]


def by_freshness(freshness: Freshness, unit: str, now_s: float, polled_s: float) -> float | None:
    """The age as the product tells it."""
    found: float | None = freshness.report(now_s)[unit]["age_s"]
    return found


def by_poll(freshness: Freshness, unit: str, now_s: float, polled_s: float) -> float | None:
    """The age as it was told before: since the last poll."""
    return now_s - polled_s


def _readings(log: Record, unit: str) -> dict[str, Any]:
    node = log[unit]
    meter = nodes.section(nodes.section(node, "dcdc"), "meter")
    return {"vg": meter.get("vg"), "wg": meter.get("wg"), "status": nodes.converter_status(node)}


def _was_true(name: str, value: Any, truths: list[Record]) -> bool:
    tolerance = TOLERANCES[name]
    if value is None or tolerance is None:
        return any(truth[name] == value for truth in truths)
    return any(abs(truth[name] - value) <= tolerance for truth in truths)


class _Viewer:
    """One who looks at every second at what is shown."""

    def __init__(self, stretch: list[Record], age: Age, counts: Counts) -> None:
        self._stretch = stretch
        self._times = [record["t"] for record in stretch]
        self._age = age
        self._counts = counts

    def look(self, log: Record, freshness: Freshness, now_s: float, polled_s: float) -> None:
        """Count what is shown of ``log`` at ``now_s``."""
        quiet = any(begin <= now_s < end for begin, end in QUIET)
        for unit in log:
            age_s = self._age(freshness, unit, now_s, polled_s)
            if age_s is None:
                continue
            if quiet:
                self._counts.quiet_ages.append(age_s)
                self._counts.quiet_states[freshness.state(unit, now_s)] += 1
            # What was read last before the span was still true as it began.
            first = max(0, bisect.bisect_right(self._times, now_s - age_s - LATE_S + 1e-9) - 1)
            last = bisect.bisect_right(self._times, now_s + 1e-9)
            truths = [record["hardware"][unit] for record in self._stretch[first:last] if unit in record["hardware"]]
            if not truths:
                continue
            for name, value in _readings(log, unit).items():
                self._counts.shown[name] += 1
                self._counts.untrue[name] += not _was_true(name, value, truths)


def demo_records(seconds: int = 600) -> list[Record]:
    """The same of the demo cluster, which gathers as apis-web does; its modes change every two minutes."""
    cluster = Simulation(nodes=4, seed=1, speed=1.0, gather_s=5.0)
    modes = itertools.cycle(["autonomous", "stop", "autonomous", "manual"])
    log, found = cluster.log(), []
    for step in range(seconds * 4):  # its bus rises by more than the tolerance in a second
        if step % 480 == 0:
            cluster.set_mode(next(modes), None)
        if cluster.pass_time(0.25):
            log = cluster.log()
        hardware = {
            unit: {"status": reading["status"]["status"], **reading["meter"]}
            for unit in cluster.unit_ids()
            if (reading := cluster.section(unit, "dcdc")) is not None
        }
        found.append({"t": step / 4, "log": log, "hardware": hardware})
    return found


def watch(age: Age, *, found: list[Record] | None = None, in_step: bool = True, phase_s: float = 0.0) -> Counts:
    """Poll every stretch, the first time ``phase_s`` after its begin, and look at it every second."""
    counts = Counts()
    for stretch in stretches(records() if found is None else found):
        viewer = _Viewer(stretch, age, counts)
        times = [record["t"] for record in stretch]
        freshness, plan = Freshness(20.0, interval_s=INTERVAL_S), PollPlan(INTERVAL_S)
        log: Record = {}
        polled_s = due_s = times[0] + phase_s
        for second in itertools.count():
            now_s = times[0] + phase_s + second
            if now_s >= times[-1]:
                break
            while due_s <= now_s:
                record = stretch[bisect.bisect_right(times, due_s) - 1]
                counts.polls += 1
                changed = []
                if record["log"] is not None and due_s - record["t"] <= 2:
                    log, polled_s = record["log"], due_s
                    freshness = freshness.after_poll(log, due_s, datetime.fromtimestamp(due_s, UTC))
                    changed = freshness.changed_at(due_s)
                due_s = plan.next_s(changed, due_s) if in_step else due_s + INTERVAL_S
            counts.seconds += 1
            if now_s - times[0] >= SETTLED_S:
                viewer.look(log, freshness, now_s, polled_s)
    return counts


def main() -> None:
    """Print the shares before and after."""
    runs = itertools.product(
        (("real", records()), ("demo", demo_records())),
        (("since the poll", by_poll, False), ("at most, polled in step", by_freshness, True)),
        (0.0, 1.3, 2.5, 4.0),
    )
    for (cluster, lines), (words, age, in_step), phase_s in runs:
        found = watch(age, found=lines, in_step=in_step, phase_s=phase_s)
        shares = ", ".join(f"{name} {100 * found.share(name):.2f} %" for name in TOLERANCES)
        ages = ", ".join(f"{found.age(share):.1f}" for share in (0.5, 0.99, 1))
        polls = found.polls / found.seconds * INTERVAL_S
        print(f"{cluster}, {words}, phase {phase_s}: outside {shares}; age {ages} s; {polls:.2f} polls an interval")


if __name__ == "__main__":
    main()
