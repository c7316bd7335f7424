"""Seconds until the first outward request of Stop all, a read and a command, while somebody attacks; loopback only.

Each attack lasts half a minute at most, and comes from another address than the operator. All converters but one hang;
the moment of sending is when the request has come in at the one that does not.

.venv/bin/python benchmarks/attacks.py [name of an attack ...]
"""

import contextlib
import http.client
import resource
import socket
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.parts import SCRIPT, Going, row, show_load, until_it_answers
from tests.neighbour import node
from tests.running import Running, eventually, pointed, started

LASTS_S, PRESSES, PATIENCE_S = 30.0, 5, 20.0
ATTACKER, OPERATOR = "127.0.0.66", "127.0.0.1"
HEALTHY = "E000"
HUNG = [f"E{number:03}" for number in range(1, 8)]
PATIENT = ("--stale-after", "86400", "--datacollectorinterval", "0.5")


@contextlib.contextmanager
def never_read(
    running: Running, _: Going, *, count: int, requests: int = 100, source: str = ATTACKER
) -> Iterator[None]:
    """``count`` connections that send ``requests`` requests at once and read nothing; who is closed comes again."""
    host, port = address(running)
    stop = threading.Event()
    wanted = b"GET /get/logInfo HTTP/1.1\r\nHost: localhost\r\n\r\n" * requests
    open_ones: list[socket.socket] = []
    come_in_all = 0

    def come() -> None:
        nonlocal come_in_all
        while not stop.is_set():
            if len(open_ones) >= count:
                stop.wait(0.02)
                continue
            sock = socket.socket()
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.settimeout(1)
            try:
                sock.bind((source, 0))
                sock.connect((host, port))
                sock.setblocking(False)
                sock.send(wanted)
            except OSError:
                sock.close()
                stop.wait(0.01)
            else:
                come_in_all += 1
                open_ones.append(sock)

    def drop_closed() -> None:
        while not stop.wait(0.1):
            for sock in list(open_ones):
                if not established(sock):
                    sock.close()
                    open_ones.remove(sock)

    with background([*[come] * 4, drop_closed], stop):
        time.sleep(5)
        yield
        row(f"    connections of the attacker: {come_in_all} came", f"{len(open_ones)} are open")
    for sock in open_ones:
        sock.close()


def established(sock: socket.socket) -> bool:
    """Whether a connection is still open on both sides."""
    return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == 1


@contextlib.contextmanager
def idle(running: Running, _: Going, *, count: int) -> Iterator[None]:
    """``count`` connections that say nothing at all."""
    with never_read(running, _, count=count, requests=0):
        yield


@contextlib.contextmanager
def asking(running: Running, _: Going, *, count: int, path: str) -> Iterator[None]:
    """``count`` scripts that ask for ``path`` again and again."""
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            asked(running, path, ATTACKER)

    with background([ask] * count, stop):
        time.sleep(1)
        yield


@contextlib.contextmanager
def urgent(running: Running, neighbour: Going, *, count: int) -> Iterator[None]:
    """``count`` reads with ``urgent=true`` while apis-web hangs."""
    neighbour.hangs("/get/log")
    with asking(running, neighbour, count=count, path="/get/unit/E000?urgent=true"):
        yield
    neighbour.healthy()


Attack = Callable[[Running, Going], contextlib.AbstractContextManager[None]]
ATTACKS: dict[str, Attack] = {
    "nobody attacks": lambda *_: contextlib.nullcontext(),
    "1,000 connections that never read": lambda *who: never_read(*who, count=1000),
    "8,400 connections that never read": lambda *who: never_read(*who, count=8400),
    "8,400 that never read, from our own address": lambda *who: never_read(*who, count=8400, source=OPERATOR),
    "8,400 idle connections": lambda *who: idle(*who, count=8400),
    "24 Stop alls, converters hang": lambda *who: asking(*who, count=24, path="/stopAll"),
    "64 Stop alls, converters hang": lambda *who: asking(*who, count=64, path="/stopAll"),
    "24 urgent reads, apis-web hangs": lambda *who: urgent(*who, count=24),
    "64 urgent reads, apis-web hangs": lambda *who: urgent(*who, count=64),
    "64 commands to hung converters": lambda *who: asking(
        *who, count=64, path=f"/set/dcdc/{HUNG[0]}?mode=0x0000&dvg=350&dig=2&force=true"
    ),
    "64 scripts that read": lambda *who: asking(*who, count=64, path="/get/logInfo"),
}


def address(running: Running) -> tuple[str, int]:
    """Where the product listens."""
    parts = urlsplit(running.url)
    return str(parts.hostname), int(parts.port or 0)


@contextlib.contextmanager
def background(works: list[Callable[[], None]], stop: threading.Event) -> Iterator[None]:
    """All ``works`` at the same time, until the end or LASTS_S."""
    threads = [threading.Thread(target=work) for work in works]
    watch = threading.Timer(LASTS_S, stop.set)
    for thread in [*threads, watch]:
        thread.start()
    try:
        yield
    finally:
        watch.cancel()
        stop.set()
        for thread in [*threads, watch]:
            thread.join()


def asked(running: Running, path: str, source: str = OPERATOR) -> tuple[float, int | None]:
    """Seconds until the answer to ``path``, and its status; None where there was none in PATIENCE_S."""
    began = time.monotonic()
    with contextlib.suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection(*address(running), timeout=PATIENCE_S, source_address=(source, 0))
        try:
            connection.request("GET", path, headers=SCRIPT)
            status = connection.getresponse().status
            return time.monotonic() - began, status
        finally:
            connection.close()
    return time.monotonic() - began, None


def until_sent(running: Running, neighbour: Going) -> float | None:
    """Seconds from connecting for Stop all until its first request has come in; None for none in PATIENCE_S."""
    began = time.monotonic()
    pressing = threading.Thread(target=asked, args=(running, "/stopAll"), daemon=True)
    pressing.start()
    while time.monotonic() < began + PATIENCE_S:
        came = neighbour.arrivals.first_after(began, f"/set/dcdc/{HEALTHY}")
        if came is not None:
            return came - began
        time.sleep(0.01)
    return None


def show(name: str) -> None:
    """Print what one attack does to Stop all, a read and a command."""
    units = [HEALTHY, *HUNG]
    with Going({unit: node(unit, mode="manual") for unit in units}) as neighbour:
        neighbour.says(f"/set/dcdc/{HEALTHY}", {"status": {"status": "0x0000"}})
        for unit in HUNG:
            neighbour.hangs(f"/set/dcdc/{unit}")
        with started(*pointed(neighbour.doors), "--emul-url", neighbour.url, *PATIENT) as running:
            until_it_answers(running)
            eventually(lambda: {n["state"] for n in running.json("/get/freshness")["nodes"].values()} == {"fresh"}, 30)
            with ATTACKS[name](running, neighbour):
                sent = until_sent(running, neighbour)  # the first press counts: an attack may hold it up for good
                reads = [asked(running, "/get/logInfo") for _ in range(PRESSES)]
                commands = [asked(running, "/setSchedule?operation=softStop") for _ in range(PRESSES)]
    row(f"{name}: first request of /stopAll", f"none in {PATIENCE_S:g} s" if sent is None else f"{sent:.3f} s")
    for what, answers in (("/get/logInfo", reads), ("a command", commands)):
        good = [took_s for took_s, status in answers if status == 200]
        figure = f"{statistics.median(good):.3f} s, worst {max(good):.3f} s" if good else "-"
        row(f"    {what}: {len(good)} of {PRESSES} answered", figure)


def main() -> None:
    """Print the table."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    for name in sys.argv[1:] or ATTACKS:
        show(name)
    show_load()


if __name__ == "__main__":
    main()
