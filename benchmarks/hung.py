"""While apis-web hangs and five browsers ask for deals: reads, and how soon Stop all sends its first request.

The moment of sending is when the request has come in at the neighbour; the same way measured, a request sent straight
to the neighbour gives the base.

.venv/bin/python benchmarks/hung.py
"""

import contextlib
import http.client
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import requests

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.parts import SCRIPT, Going, quantile, row, show_load, until_it_answers
from tests.neighbour import node
from tests.running import Running, eventually, pointed, started

BROWSERS, READS, PRESSES = 5, 1000, 20
APIS_WEB = ("/get/log", "/deals", "/getStatus", "/unitIds", "/stop", "/setOperationMode")
ASKED = ("/get/dealsInfo", "/get/globalmode", "/get/freshness")
PATIENT = ("--stale-after", "86400")  # so that the last known modes stay believed as long as this runs


@contextlib.contextmanager
def browsers(running: Running) -> Iterator[None]:
    """Browsers that ask again and again for what only apis-web can tell."""
    stop = threading.Event()

    def browser() -> None:
        with requests.Session() as session:
            while not stop.wait(0.2):
                for path in ASKED:
                    session.get(running.url + path, timeout=10)

    threads = [threading.Thread(target=browser) for _ in range(BROWSERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def reads_ms(running: Running, path: str, count: int = READS) -> list[float]:
    """Times of ``count`` reads of ``path``."""
    times: list[float] = []
    with requests.Session() as session:
        for _ in range(count):
            began = time.perf_counter()
            session.get(running.url + path, timeout=5)
            times.append(1000 * (time.perf_counter() - began))
    return times


def sent_ms(neighbour: Going, url: str, path: str, outward: tuple[str, ...]) -> float:
    """From sending ``path`` to the first outward request that begins like one of ``outward``."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.connect()
    began = time.monotonic()
    connection.request("POST" if path == "/stopAll" else "GET", path, headers=SCRIPT)
    connection.getresponse().read()
    connection.close()
    came = neighbour.arrivals.first_after(began, *outward)
    if came is None:
        raise SystemExit(f"{path} sent nothing to {outward}")
    return 1000 * (came - began)


def presses_ms(mode: str, count: int, *, known: bool = True) -> list[float]:
    """``PRESSES`` times of Stop all with ``count`` nodes in ``mode``; not ``known``: no node was seen to change yet."""
    with Going({f"E{number:03}": node(f"E{number:03}", mode=mode) for number in range(1, count + 1)}) as neighbour:
        for unit in neighbour.nodes:
            neighbour.says(f"/set/dcdc/{unit}", {"status": {"status": "0x0000"}})
        if not known:
            neighbour.says("/get/log", neighbour.nodes)
        doors = [*pointed(neighbour.doors), "--emul-url", neighbour.url]
        with started(*doors, *PATIENT, "--datacollectorinterval", "0.5") as running:
            until_it_answers(running)
            wanted = "fresh" if known else "unconfirmed"
            eventually(lambda: {n["state"] for n in running.json("/get/freshness")["nodes"].values()} == {wanted}, 30)
            for path in APIS_WEB:
                neighbour.hangs(path)
            time.sleep(1)
            outward = ("/set/dcdc/",) if mode == "manual" else ("/stop",) if known else ("/stop", "/set/dcdc/")
            with browsers(running):
                return [sent_ms(neighbour, running.url, "/stopAll", outward) for _ in range(PRESSES)]


def base_ms() -> list[float]:
    """The same for a request that goes straight to the neighbour."""
    with Going({"E001": node("E001")}) as neighbour:
        return [sent_ms(neighbour, neighbour.url, "/getStatus", ("/getStatus",)) for _ in range(PRESSES)]


def show_reads() -> None:
    """Print the rows of the reads."""
    with (
        Going({f"E00{number}": node(f"E00{number}") for number in range(1, 5)}) as neighbour,
        started(*pointed(neighbour.doors)) as running,
    ):
        until_it_answers(running)
        for path in APIS_WEB:
            neighbour.hangs(path)
        time.sleep(1)
        for path in ("/get/logInfo", "/"):
            with browsers(running):
                times = reads_ms(running, path)
            figure = f"{quantile(times, 0.5):.2f} and {quantile(times, 0.99):.2f} ms"
            row(f"{path}, apis-web hung, {BROWSERS} browsers, p50 and p99", figure, "< 10 ms")


def main() -> None:
    """Print the table."""
    show_reads()
    for words, mode, count, known in (
        ("Run (by Budo), 4 nodes", "autonomous", 4, True),
        ("Manual (by waits), 4 nodes", "manual", 4, True),
        ("Manual (by waits), 1,000 nodes", "manual", 1000, True),
        ("modes not known (both ways), 4 nodes", "autonomous", 4, False),
    ):
        times = presses_ms(mode, count, known=known)
        figure = f"{statistics.median(times):.1f} and {max(times):.1f} ms"
        row(f"first request of /stopAll, {words}", figure, "< 10 ms")
    straight = base_ms()
    figure = f"{statistics.median(straight):.1f} and {max(straight):.1f} ms"
    row("    the same for a request straight to the neighbour", figure)
    print(f"Stop all: median and worst of {PRESSES}")
    show_load()


if __name__ == "__main__":
    main()
