"""One demo cluster and one product for all commands; the Scheduler by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.clock import Clock
from tests.commands.plant import Plant
from tests.neighbour import Neighbour
from tests.running import demo, eventually, pointed, started


@pytest.fixture(scope="package")
def _standing_plant() -> Iterator[Plant]:
    with demo(nodes=4, gather=0.1) as doors:
        arguments = [*pointed(doors), "--datacollectorinterval", "0.1", "--neighbour-timeout", "0.5"]
        with started(*arguments, "--schedulerInterval", "0.2") as running:
            there = Plant(doors, running)
            nodes = "/get/freshness"
            eventually(lambda: all(n["state"] == "fresh" for n in running.json(nodes)["nodes"].values()) or None)
            eventually(lambda: len(running.json(nodes)["nodes"]) == 4)
            yield there


@pytest.fixture
def plant(_standing_plant: Plant) -> Iterator[Plant]:
    """A healthy plant that has been sent nothing yet."""
    _standing_plant.sent()
    yield _standing_plant
    _standing_plant.fault(kind="none")
    _standing_plant.sent()


@pytest.fixture
def clock(tmp_path: Path) -> Iterator[Clock]:
    """The Scheduler of a product that is polled and stepped by hand."""
    with Neighbour() as neighbour:
        running = Clock(neighbour, tmp_path)
        yield running
        running.product.ledger.close()
