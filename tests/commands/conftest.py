"""One demo cluster and one product for all commands."""

from collections.abc import Iterator

import pytest

from tests.commands.plant import Plant
from tests.running import demo, eventually, pointed, started


@pytest.fixture(scope="package")
def plant() -> Iterator[Plant]:
    with demo(nodes=4, gather=0.1) as doors:
        arguments = [*pointed(doors), "--datacollectorinterval", "0.1", "--neighbour-timeout", "0.5"]
        with started(*arguments, "--schedulerInterval", "0.2") as running:
            there = Plant(doors, running)
            nodes = "/get/freshness"
            eventually(lambda: all(n["state"] == "fresh" for n in running.json(nodes)["nodes"].values()) or None)
            eventually(lambda: len(running.json(nodes)["nodes"]) == 4)
            yield there


@pytest.fixture(autouse=True)
def _clean(plant: Plant) -> Iterator[None]:
    plant.sent()
    yield
    plant.fault(kind="none")
    plant.sent()
