"""CPU time of one poll of the Data Collector, beside parsing and writing the same data alone.

.venv/bin/python benchmarks/collector.py
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import orjson

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import startMain
from benchmarks.log_info import nodes
from main_controller import settings
from main_controller.neighbours.apis_web import ApisWeb
from main_controller.picture.data_collector import DataCollector
from main_controller.picture.snapshot import SnapshotHolder
from main_controller.runtime.process import run_gc_rarely
from tests.neighbour import Neighbour
from tests.running import pointed


def cpu_ms(work: Callable[[], object], turns: int = 7) -> tuple[float, float]:
    """Median CPU time of this thread and median wall time of ``work``, ms."""
    cpu, wall = [], []
    for _ in range(turns):
        began_cpu, began = time.thread_time(), time.perf_counter()
        work()
        cpu.append(1000 * (time.thread_time() - began_cpu))
        wall.append(1000 * (time.perf_counter() - began))
    return statistics.median(cpu), statistics.median(wall)


def main() -> None:
    """Print the table."""
    run_gc_rarely()  # as the worker does
    for count in (100, 1000, 10000):
        with Neighbour() as neighbour:
            neighbour.cluster(nodes(count))
            chosen = settings.load(vars(startMain), {}, pointed(neighbour.doors))[0]
            collector = DataCollector(chosen, ApisWeb(chosen), SnapshotHolder())
            collector.step()
            cpu, wall = cpu_ms(collector.step)
            body = collector.picture().representation.body
            base, _ = cpu_ms(lambda body=body: orjson.dumps(orjson.loads(body)))  # type: ignore[misc]
            print(
                f"{count:6} nodes  {cpu:7.1f} ms CPU a poll ({1000 * cpu / count:5.1f} per 1,000 nodes, "
                f"{cpu / base:4.2f} of parsing and writing alone), {wall:7.1f} ms in all"
            )


if __name__ == "__main__":
    main()
