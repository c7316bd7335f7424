"""Seconds until the first outward request of Stop all, a read and a command, while somebody attacks; loopback only.

Each attack lasts 45 s at most, and comes from another process and, but for one, another address than the operator. All
converters but one hang; the moment of sending is when the request has come in at the one that does not.

.venv/bin/python benchmarks/attacks.py [name of an attack ...]
"""

import contextlib
import http.client
import json
import os
import resource
import select
import socket
import statistics
import subprocess
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

LASTS_S, BUILDS_UP_S, PRESSES, PATIENCE_S = 45.0, 10.0, 5, 20.0
ATTACKER, OPERATOR = "127.0.0.66", "127.0.0.1"
HEALTHY = "E000"
HUNG = [f"E{number:03}" for number in range(1, 8)]
PATIENT = ("--stale-after", "86400", "--datacollectorinterval", "0.5")


def come_and_never_read(url: str, stop: threading.Event, count: int, requests: int, source: str) -> str:
    """Keep ``count`` connections open that send ``requests`` requests at once and read nothing, closed ones anew."""
    parts = urlsplit(url)
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
                sock.connect((parts.hostname, parts.port))
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
            if len(open_ones) >= count:
                print("up", flush=True)
            for sock in list(open_ones):
                if not established(sock):
                    sock.close()
                    open_ones.remove(sock)

    at_once([*[come] * 4, drop_closed])
    return f"{come_in_all} connections of the attacker came; {len(open_ones)} are open"


def ask_for_ever(url: str, stop: threading.Event, count: int, path: str) -> str:
    """``count`` scripts that ask for ``path`` again and again."""
    answers = [0]

    def ask() -> None:
        while not stop.is_set():
            asked(url, path, ATTACKER)
            answers[0] += 1

    at_once([ask] * count)
    return f"about {answers[0]} requests of the attacker ended"


def established(sock: socket.socket) -> bool:
    """Whether a connection is still open on both sides."""
    return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == 1


def at_once(works: list[Callable[[], None]]) -> None:
    """All works, each in a thread, until all end."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


WAYS: dict[str, Callable[..., str]] = {"connections": come_and_never_read, "asking": ask_for_ever}


def attack(way: str, url: str, *what: int | str) -> None:
    """What the process of the attacker does, until its input ends or LASTS_S have passed."""
    stop = threading.Event()

    def until_told() -> None:
        sys.stdin.read()
        stop.set()

    threading.Thread(target=until_told, daemon=True).start()
    threading.Timer(LASTS_S, stop.set).start()
    print(WAYS[way](url, stop, *what), flush=True)
    os._exit(0)


@contextlib.contextmanager
def attacked(running: Running, way: str, *what: int | str) -> Iterator[None]:
    """An attacker in a process of its own, so that it takes none of the time of who measures."""
    arguments = [sys.executable, __file__, "attack", json.dumps([way, running.url, *what])]
    process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        if way == "connections" and process.stdout is not None:  # until it has them all, as far as it gets them
            select.select([process.stdout], [], [], BUILDS_UP_S)
        else:
            time.sleep(1)
        yield
    finally:
        said, _ = process.communicate(timeout=LASTS_S + PATIENCE_S)
        row(f"    {said.strip().splitlines()[-1]}", "")


@contextlib.contextmanager
def urgent(running: Running, neighbour: Going, count: int) -> Iterator[None]:
    """``count`` reads with ``urgent=true`` while apis-web hangs."""
    neighbour.hangs("/get/log")
    with attacked(running, "asking", count, "/get/unit/E000?urgent=true"):
        yield


Attack = Callable[[Running, Going], contextlib.AbstractContextManager[None]]
HUNG_COMMAND = f"/set/dcdc/{HUNG[0]}?mode=0x0000&dvg=350&dig=2&force=true"
ATTACKS: dict[str, Attack] = {
    "nobody attacks": lambda *_: contextlib.nullcontext(),
    "1,000 connections that never read": lambda it, _: attacked(it, "connections", 1000, 400, ATTACKER),
    "8,400 connections that never read": lambda it, _: attacked(it, "connections", 8400, 400, ATTACKER),
    "8,400 that never read, our own address": lambda it, _: attacked(it, "connections", 8400, 400, OPERATOR),
    "8,400 idle connections": lambda it, _: attacked(it, "connections", 8400, 0, ATTACKER),
    "24 Stop alls, converters hang": lambda it, _: attacked(it, "asking", 24, "/stopAll"),
    "64 Stop alls, converters hang": lambda it, _: attacked(it, "asking", 64, "/stopAll"),
    "24 urgent reads, apis-web hangs": lambda it, neighbour: urgent(it, neighbour, 24),
    "64 urgent reads, apis-web hangs": lambda it, neighbour: urgent(it, neighbour, 64),
    "64 commands to a hung converter": lambda it, _: attacked(it, "asking", 64, HUNG_COMMAND),
    "64 scripts that read": lambda it, _: attacked(it, "asking", 64, "/get/logInfo"),
}


def asked(url: str, path: str, source: str = OPERATOR) -> tuple[float, int | None]:
    """Seconds until the answer to ``path``, and its status; None where there was none in PATIENCE_S."""
    began = time.monotonic()
    with contextlib.suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE_S, source_address=(source, 0))
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
    pressing = threading.Thread(target=asked, args=(running.url, "/stopAll"), daemon=True)
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
                reads = [asked(running.url, "/get/logInfo") for _ in range(PRESSES)]
                commands = [asked(running.url, "/setSchedule?operation=softStop") for _ in range(PRESSES)]
    row(f"{name}: first request of /stopAll", f"none in {PATIENCE_S:g} s" if sent is None else f"{sent:.3f} s")
    for what, answers in (("/get/logInfo", reads), ("a command", commands)):
        good = [took_s for took_s, status in answers if status == 200]
        figure = f"{statistics.median(good):.3f} s, worst {max(good):.3f} s" if good else "-"
        row(f"    {what}: {len(good)} of {PRESSES} answered", figure)


def main() -> None:
    """Print the table."""
    if sys.argv[1:2] == ["attack"]:
        attack(*json.loads(sys.argv[2]))
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    for name in sys.argv[1:] or ATTACKS:
        show(name)
    show_load()


if __name__ == "__main__":
    main()
