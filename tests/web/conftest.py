"""One product in front of one neighbour for the tests of a file."""

from collections.abc import Iterator

import pytest

from tests.neighbour import Neighbour
from tests.running import Running, eventually, pointed, started
from tests.web.cluster import DEALS, NODES


@pytest.fixture(scope="module")
def neighbour() -> Iterator[Neighbour]:
    with Neighbour() as running:
        running.cluster(NODES, DEALS)
        yield running


@pytest.fixture(scope="module")
def product(neighbour: Neighbour) -> Iterator[Running]:
    arguments = [*pointed(neighbour.doors), "--datacollectorinterval", "0.2", "--poll-timeout", "0.5"]
    with started(*arguments, "--neighbour-timeout", "0.5") as running:
        eventually(lambda: running.get("/get/logInfo").status_code == 200)
        yield running


@pytest.fixture
def healthy(neighbour: Neighbour, product: Running) -> Iterator[None]:
    """Whatever a test makes of the neighbour, the next one finds all well."""
    yield
    neighbour.cluster(NODES, DEALS)
    eventually(lambda: product.json("/get/logInfo") == NODES)
    eventually(lambda: product.json("/get/freshness")["collector"]["ok"])
