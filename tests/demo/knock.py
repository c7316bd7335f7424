"""A client of the demo for tests."""

import http.client
import json
import time
from collections.abc import Callable
from typing import Any

from main_controller.demo.server import Demo


class Knock:
    """A client of one demo: every call is a connection of its own."""

    def __init__(self, demo: Demo) -> None:
        self.settings = demo.settings
        self.driver_port = int(self.settings["url"]["dcdc"].split(":")[1].split("/")[0])

    def raw(
        self, port: int, path: str, method: str = "GET", body: bytes | None = None, host: str = "127.0.0.1"
    ) -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection(host, port, timeout=5)
        try:
            connection.request(method, path, body, {"Connection": "close"})
            response = connection.getresponse()
            return response.status, response.headers["Content-Type"], response.read()
        finally:
            connection.close()

    def json(
        self, port: int, path: str, method: str = "GET", body: bytes | None = None, host: str = "127.0.0.1"
    ) -> Any:
        status, kind, content = self.raw(port, path, method, body, host)
        assert (status, kind) == (200, "application/json"), content
        return json.loads(content)

    def emulator(self, path: str = "/get/log") -> Any:
        return self.json(self.settings["apis_emul_port"], path)

    def budo(self, path: str) -> Any:
        return self.json(self.settings["apis_budo_port"], path)

    def hardware(self, path: str) -> Any:
        return self.json(self.settings["emul_port"], path)

    def driver(self, node: str, path: str, method: str = "GET", body: bytes | None = None) -> Any:
        return self.json(self.driver_port, path, method, body, self.ip(node))

    def ip(self, node: str) -> str:
        ip: str = self.hardware("/get/log")[node]["oesunit"]["ip"]
        return ip

    def until(self, true: Callable[[], bool], seconds: float = 3.0) -> None:
        ends_at = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < ends_at, "too late"
            time.sleep(0.02)
