"""The device drivers on the nodes themselves (contract, section 1)."""

import ipaddress
import re
from collections.abc import Iterable
from typing import Any

from main_controller.errors import AddressNotAllowedError, NeighbourError
from main_controller.neighbours.exchange import MOST_OF_READ, exchange
from main_controller.neighbours.parsed import parsed_object
from main_controller.setting_kinds import Network
from main_controller.setting_table import Settings
from main_controller.threads.shared_calls import LaterCalls

# Of an IPv6 address in the network of one interface: which interface.
_ZONE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")


class Devices:
    """Reads a node's converter, meter or EMU from its own driver, while ``emulator = False``."""

    def __init__(self, settings: Settings) -> None:
        self._tails = settings.url
        self._networks = settings.device_networks
        self._timeout_s = settings.neighbour_timeout
        self._calls: LaterCalls[dict[str, Any] | NeighbourError] = LaterCalls()

    def read(self, kind: str, ip: str) -> dict[str, Any]:
        """The section ``kind`` (dcdc, meter or emu) from the driver at the node address ``ip``.

        Shared by all who ask while a request is under way. Raises NeighbourFailedError or NeighbourLateError.
        """
        url = device_url(ip, self._tails[kind], self._networks)
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


def device_url(ip: str, tail: str, networks: Iterable[Network]) -> str:
    """``http://<node address><tail>``; the address comes from the node's data, so it may only be an address.

    Raises AddressNotAllowedError, with nothing sent, for anything else, and for an address outside ``networks``.
    """
    bare = ip[1:-1] if ip.startswith("[") and ip.endswith("]") else ip
    words, percent, zone = bare.partition("%")
    try:
        address = ipaddress.ip_address(words)
    except ValueError:
        address = None
    if address is None or (percent and not (address.version == 6 and _ZONE.fullmatch(zone))):
        raise AddressNotAllowedError(
            f"the node's address {ip[:80]!r} is no IP address", what="bad_address", sent=False, address=ip[:80]
        )
    plain = getattr(address, "ipv4_mapped", None) or address
    if not any(plain in network for network in networks):
        text = f"the node's address {ip[:80]!r} is not in device_networks"
        raise AddressNotAllowedError(text, what="foreign_address", sent=False, address=ip[:80])
    if plain.version == 4:
        return f"http://{plain}{tail}"
    return f"http://[{plain}{percent}{zone}]{tail}"
