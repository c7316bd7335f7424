"""The system's Firefox, driven over Marionette, the protocol that it speaks by itself."""

import contextlib
import itertools
import json
import os
import shutil
import socket
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.running import eventually

PROGRAM = shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """One headless window with a profile of its own; a context manager."""

    def __init__(self, folder: Path) -> None:
        self._port = folder / "MarionetteActivePort"
        (folder / "user.js").write_text('user_pref("marionette.port", 0);\n')
        command = [str(PROGRAM), "--headless", "--marionette", "--no-remote", "--profile", str(folder)]
        self._process = subprocess.Popen(
            command,
            env={**os.environ, "HOME": str(folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._numbers = itertools.count(1)
        self._socket: socket.socket | None = None
        try:
            eventually(self._connected, 60)
        except BaseException:
            self._process.kill()
            self._process.wait()
            raise

    def _connected(self) -> bool:
        with contextlib.suppress(OSError, ValueError):
            self._socket = socket.create_connection(("127.0.0.1", int(self._port.read_text())), 30)
            self._stream = self._socket.makefile("rb")
            self._read()
            return True
        return False

    def __enter__(self) -> Self:
        self._call("WebDriver:NewSession", {"capabilities": {}})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(Exception):
            self._call("Marionette:Quit", {"flags": ["eForceQuit"]})
        if self._socket is not None:
            self._socket.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _read(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            character = self._stream.read(1)
            if not character:
                raise ConnectionError("Firefox has gone")
            length += character
        return json.loads(self._stream.read(int(length[:-1])))

    def _call(self, name: str, parameters: dict[str, Any]) -> Any:
        assert self._socket is not None
        message = json.dumps([0, next(self._numbers), name, parameters]).encode()
        self._socket.sendall(f"{len(message)}:".encode() + message)
        _, _, error, result = self._read()
        assert error is None, error
        return result

    def open(self, url: str) -> None:
        """Open a page and wait until it is loaded."""
        self._call("WebDriver:Navigate", {"url": url})

    def run(self, script: str) -> Any:
        """What the body of a function returns in the page."""
        return self._call("WebDriver:ExecuteScript", {"script": script, "args": []})["value"]
