"""The demo cluster and the product on it, as a script sees and commands them."""

from typing import Any

import requests

from tests.running import Running, eventually

SCRIPT = {"User-Agent": "script/1"}
WAIT = {"mode": "0x0000", "dvg": "350", "dig": "2"}


class Plant:
    """The demo, the product on it, and what the demo was told."""

    def __init__(self, doors: dict[str, Any], running: Running) -> None:
        self.doors = doors
        self.running = running
        self.door = f"http://127.0.0.1:{doors['apis_emul_port']}"

    def command(self, path: str, method: str = "POST", **kwargs: Any) -> requests.Response:
        kwargs.setdefault("headers", SCRIPT)
        return requests.request(method, self.running.url + path, timeout=15, **kwargs)

    def sent(self) -> list[dict[str, Any]]:
        """What changed something at the demo since the last call."""
        found: list[dict[str, Any]] = requests.get(self.door + "/demo/requests?clear=1", timeout=5).json()
        return found

    def fault(self, **kwargs: str) -> None:
        requests.get(self.door + "/demo/fault", params=kwargs, timeout=5).raise_for_status()

    def row(self, response: requests.Response) -> dict[str, Any]:
        row: dict[str, Any] = self.running.json("/commands/" + response.headers["X-Command-Id"])
        return row

    def observed(self, response: requests.Response) -> dict[str, Any]:
        eventually(lambda: self.row(response)["observed"] not in ("watching", "waiting for data"), 20)
        return self.row(response)

    def mode(self, mode: str) -> None:
        """The cluster in ``mode``, seen so."""
        row = self.observed(self.command(f"/setOperationMode?value={mode}"))
        assert row["observed"] == "observed", row
        self.sent()

    def node(self, unit: str) -> dict[str, Any]:
        node: dict[str, Any] = self.running.json(f"/get/unit/{unit}")
        return node
