"""The device drivers on the nodes themselves (contract, section 1)."""

import ipaddress
import re
from typing import Any

from main_controller.errors import NeighbourError, NeighbourFailedError
from main_controller.neighbours.exchange import MOST_OF_READ, exchange
from main_controller.neighbours.parsed import parsed_object
from main_controller.setting_table import Settings
from main_controller.threads.shared_calls import LaterCalls

_HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")


class Devices:
    """Reads a node's converter, meter or EMU from its own driver, while ``emulator = False``."""

    def __init__(self, settings: Settings) -> None:
        self._tails = settings.url
        self._timeout_s = settings.neighbour_timeout
        self._calls: LaterCalls[dict[str, Any] | NeighbourError] = LaterCalls()

    def read(self, kind: str, ip: str) -> dict[str, Any]:
        """The section ``kind`` (dcdc, meter or emu) from the driver at the node address ``ip``.

        Shared by all who ask while a request is under way. Raises NeighbourFailedError or NeighbourLateError.
        """
        url = device_url(ip, self._tails[kind])
        found = self._calls.get(url, lambda: self._asked(url, f"device driver at {ip}"))
        if isinstance(found, NeighbourError):
            # A fresh exception with the same words: one object raised in many threads would grow its traceback.
            raise found.anew()
        return found

    def _asked(self, url: str, who: str) -> dict[str, Any] | NeighbourError:
        try:
            body = exchange("GET", url, timeout_s=self._timeout_s, who=who, at_most=MOST_OF_READ)
            return parsed_object(body, who, url)
        except NeighbourError as error:
            return error.with_traceback(None)


def device_url(ip: str, tail: str) -> str:
    """``http://<node address><tail>``; the address comes from the node's data, so it may only be an address.

    Raises NeighbourFailedError, with nothing sent, for anything that could lead elsewhere.
    """
    if _HOST_NAME.fullmatch(ip):  # a name, or four numbers
        return f"http://{ip}{tail}"
    address, percent, zone = ip.removeprefix("[").removesuffix("]").partition("%")
    try:
        ipaddress.IPv6Address(address)
    except ValueError:
        address = ""
    if not address or (percent and not _HOST_NAME.fullmatch(zone)):
        raise NeighbourFailedError(
            f"the node's address {ip[:80]!r} is no address", what="bad_address", sent=False, address=ip[:80]
        )
    return f"http://[{address}{percent}{zone}]{tail}"
