"""Requests a second of ``/get/logInfo`` against nginx that serves the same bytes as a file, in turn.

A 304 is held against nginx's whole answers too, and gzip against our own plain ones.

Needs wrk and nginx from the system's packages.

    .venv/bin/python benchmarks/log_info.py
"""

import gzip
import json
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.neighbour import Neighbour  # noqa: E402
from tests.running import eventually, pointed, started  # noqa: E402

CONNECTIONS, SECONDS, TURNS = 16, 3, 3
_CONF = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{ access_log off; default_type application/json; client_body_temp_path {folder}; proxy_temp_path {folder};
  fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder}; sendfile on; tcp_nopush on;
  server {{ listen 127.0.0.1:{port}; root {folder}; }} }}
"""


def nodes(count: int) -> dict[str, object]:
    """A cluster of ``count`` nodes as recorded."""
    with gzip.open(ROOT / "tests/data/recording.jsonl.gz") as recording:
        sample = list(json.loads(recording.readline())["log"].values())
    return {f"E{number:05}": sample[number % len(sample)] for number in range(count)}


@contextmanager
def nginx(body: bytes) -> Iterator[str]:
    """nginx with ``body`` as a file; its URL."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "logInfo").write_bytes(body)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        (folder / "conf").write_text(_CONF.format(folder=folder, port=port))
        process = subprocess.Popen(["nginx", "-p", name, "-c", str(folder / "conf")])
        url = f"http://127.0.0.1:{port}/logInfo"
        try:
            eventually(lambda: _up(url) or process.poll() is not None)
            if process.poll() is not None:
                raise SystemExit(f"nginx did not start: {(folder / 'error.log').read_text()}")
            yield url
        finally:
            process.terminate()
            process.wait(5)


def _up(url: str) -> bool:
    try:
        return requests.get(url, timeout=1).status_code == 200
    except requests.ConnectionError:
        return False


def load(url: str, *headers: str) -> tuple[float, float]:
    """Requests a second and the 99th percentile, ms."""
    options = [part for header in headers for part in ("-H", header)]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", *options, url]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    late = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    if rate is None or late is None:
        raise SystemExit(f"wrk said something else: {said}")
    return float(rate[1]), float(late[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[late[2]]


def measure(count: int) -> None:
    """Print the rows of one cluster size."""
    with Neighbour() as neighbour:
        neighbour.cluster(nodes(count))
        with started(*pointed(neighbour.doors)) as running:
            path = running.url + "/get/logInfo"
            eventually(lambda: running.get("/get/logInfo").status_code == 200, 30)
            answer = requests.get(path, headers={"Accept-Encoding": "identity"}, timeout=10)
            with nginx(answer.content) as file:
                time.sleep(1)
                forms = {
                    "200": (),
                    "304": (f"If-None-Match: {answer.headers['ETag']}",),
                    "gzip": ("Accept-Encoding: gzip",),
                }
                ours: dict[str, list[tuple[float, float]]] = {form: [] for form in forms}
                theirs: list[float] = []
                for _ in range(TURNS):
                    theirs.append(load(file)[0])
                    for form, headers in forms.items():
                        ours[form].append(load(path, *headers))
                base = statistics.median(theirs)
                rates = {form: statistics.median(turn[0] for turn in turns) for form, turns in ours.items()}
                for form, turns in ours.items():
                    late = statistics.median(turn[1] for turn in turns)
                    held, against = (rates["200"], "our plain") if form == "gzip" else (base, "nginx's whole")
                    ratio = f"{rates[form] / held:6.2f} of {against} answers, {held:.0f} /s"
                    print(f"{count:6} nodes  {form:5} {rates[form]:8.0f} /s {ratio}, p99 {late:.1f} ms")


def main() -> None:
    """Print the table."""
    for program in ("wrk", "nginx"):
        if shutil.which(program) is None:
            raise SystemExit(f"{program} is needed (Debian: apt-get install {program})")
    for count in (20, 500, 5000):
        measure(count)


if __name__ == "__main__":
    main()
