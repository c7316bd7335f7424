"""A real nginx in front of the product, as a process of its own on a free port."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.running import eventually

_CONFIGURATION = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    {extra}
    location / {{
      proxy_pass {upstream};
      proxy_set_header Host {host};
      {location}
    }}
  }}
}}
"""

# Commands need a sign-in that has run out: the proxy sends them to its page instead.
SIGN_IN = """
    location = /sign-in { default_type text/html; return 200 "<h1>Please sign in</h1>"; }
    location = /stopAll { return 302 /sign-in; }
    location = /setOperationMode { return 302 /sign-in; }
    location = /setSchedule { return 302 /sign-in; }
"""
SHORT_LIMIT = "proxy_read_timeout 1s; proxy_next_upstream off;"
FORBIDDEN = """
    location = /stopAll { default_type application/json; return 403 '{"error": "sign in first"}'; }
"""


def _program() -> str:
    """The nginx that test.sh found or unpacked, or of a test run by hand the system's."""
    unpacked = Path(__file__).parents[2] / ".venv/servers/usr/sbin/nginx"
    named = os.environ.get("NGINX") or (str(unpacked) if unpacked.exists() else "nginx")
    program = shutil.which(named, path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")
    assert program is not None, "the tests behind a proxy need nginx"
    return program


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def nginx(
    folder: Path, upstream: str, *, extra: str = "", location: str = "", host: str = "127.0.0.1"
) -> Iterator[str]:
    """nginx before ``upstream``; gives its URL without a slash."""
    program = _program()
    port = _free_port()
    path = folder / "nginx.conf"
    path.write_text(
        _CONFIGURATION.format(folder=folder, port=port, upstream=upstream, extra=extra, location=location, host=host)
    )
    process = subprocess.Popen([program, "-p", str(folder), "-c", str(path), "-e", str(folder / "error.log")])
    try:
        eventually(lambda: _connects(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _connects(port: int) -> bool:
    with socket.socket() as found:
        return found.connect_ex(("127.0.0.1", port)) == 0
