"""What we tell the neighbours to do (specification, section 5.2; contract, sections 2 and 3).

Every method raises NeighbourRefusedError (it said no, nothing happened), or NeighbourFailedError or
NeighbourLateError, whose ``sent`` tells whether it may have happened all the same.
"""

from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import quote, urlencode

from main_controller import nodes
from main_controller.errors import NeighbourFailedError, NeighbourRefusedError
from main_controller.neighbours.devices import device_url
from main_controller.neighbours.exchange import exchange
from main_controller.neighbours.parsed import parsed_object, parsed_small
from main_controller.setting_table import Settings

# The page's words for the global modes, and the Budo Emulator's.
BUDO_MODES = {"active": nodes.RUN, "quiet": nodes.SOFT_STOP, "stop": nodes.FORCE_STOP, "manual": nodes.MANUAL}


class Budo:
    """The Budo Emulator, or the former Budo while ``apis = False``."""

    def __init__(self, settings: Settings) -> None:
        self._name = "Budo Emulator" if settings.apis else "former Budo"
        self._url = settings.apis_budo_url if settings.apis else settings.budo_url
        self._timeout_s = settings.neighbour_timeout

    def set_mode(self, word: str) -> dict[str, Any]:
        """Set the global mode by one of BUDO_MODES; the answer as /getStatus.

        ``active: false`` is success for stop and manual; an error may come from reading back after a successful set.
        """
        answer = self._ask(f"/{word}")
        if answer.get("succeeded") is False:
            self._refused(answer)
        if not isinstance(answer.get("active"), bool):
            raise NeighbourFailedError(
                f"{self._name} (/{word}) did not answer as /getStatus", what="unexpected", sent=True, who=self._name
            )
        if answer.get("error"):
            said = _words(answer["error"])
            raise NeighbourFailedError(
                f"{self._name} (/{word}) says: {said}", what="says", sent=True, who=self._name, said=said
            )
        if word in {"active", "quiet"} and not answer["active"]:
            raise NeighbourFailedError(
                f"{self._name} (/{word}) answered that the cluster is not active",
                what="not_active",
                sent=True,
                who=self._name,
            )
        return answer

    def set_operation_mode(self, value: str, unit: str | None) -> None:
        """Set the global operation mode, or the local one of ``unit`` (empty ``value``: clear)."""
        parameters = {"value": value} | ({} if unit is None else {"unitId": unit})
        self._succeeded("/setOperationMode?" + urlencode(parameters, quote_via=quote, safe=""))

    def shut_down(self, unit: str | None) -> None:
        """Shut down the programs of ``unit``, or of the whole cluster."""
        self._succeeded(
            "/shutdown" + ("" if unit is None else "?" + urlencode({"unitId": unit}, quote_via=quote, safe=""))
        )

    def _succeeded(self, path: str) -> None:
        answer = self._ask(path)
        if answer.get("succeeded") is True:
            return
        if answer.get("succeeded") is False:
            self._refused(answer)
        raise NeighbourFailedError(
            f"{self._name} ({path}) did not say whether it succeeded", what="unexpected", sent=True, who=self._name
        )

    def _refused(self, answer: Mapping[str, Any]) -> NoReturn:
        said = _words(answer.get("error") or "it gave no reason")
        raise NeighbourRefusedError(
            f"{self._name} refused: {said}", what="refused", sent=True, who=self._name, said=said
        )

    def _ask(self, path: str) -> dict[str, Any]:
        return _object(self._url + path, self._name, self._timeout_s)


class Converters:
    """The DC/DC converters (through the hardware emulator or the nodes' drivers) and the UPS of the nodes."""

    def __init__(self, settings: Settings) -> None:
        self._emulator_url = settings.emul_url if settings.emulator else None
        self._networks = settings.device_networks
        self._set_url = settings.set_url
        self._ups_tail = settings.ups_set_url
        self._timeout_s = settings.neighbour_timeout

    def set(self, unit: str, ip: str | None, values: Mapping[str, str]) -> dict[str, Any]:
        """Command the converter of ``unit``; ``values`` are mode, dvg, dig and perhaps drg, ready to be sent.

        The answer is a part of the node's dcdc section, with its status.
        """
        query = urlencode(values)
        if self._emulator_url is not None:
            url = f"{self._emulator_url}/set/dcdc/{_segment(unit)}?{query}"
            answer = _object(url, "hardware emulator", self._timeout_s)
        else:
            joint = "" if self._set_url.endswith(("?", "&")) else ("&" if "?" in self._set_url else "?")
            url = device_url(_known(ip, unit), self._set_url, self._networks) + joint + query
            answer = _object(url, f"device driver of {unit}", self._timeout_s)
        if answer.get("error") and not isinstance(answer.get("status"), dict):
            said = _words(answer["error"])
            raise NeighbourRefusedError(
                f"the converter of {unit} refused: {said}", what="converter_refused", sent=True, node=unit, said=said
            )
        if not isinstance(answer.get("status"), dict):
            raise NeighbourFailedError(
                f"the converter of {unit} did not answer with its status", what="no_status", sent=True, node=unit
            )
        return answer

    def set_ups(self, unit: str, ip: str | None, mode: int) -> Any:
        """Set the operation mode of the UPS of ``unit``; its answer."""
        url = device_url(_known(ip, unit), self._ups_tail, self._networks)
        body = exchange("PUT", url, timeout_s=self._timeout_s, who=f"UPS of {unit}", json={"operation_mode": mode})
        return parsed_small(body, f"UPS of {unit}", url)


def _segment(unit: str) -> str:
    """A node's id as one part of a path, also where URLs have a meaning of their own for it."""
    return quote(unit, safe="") if unit.strip(".") or len(unit) > len("..") else "%2E" * len(unit)


def _known(ip: str | None, unit: str) -> str:
    if ip is None:
        raise NeighbourFailedError(f"the address of {unit} is not known", what="no_address", sent=False, node=unit)
    return ip


def _object(url: str, who: str, timeout_s: float) -> dict[str, Any]:
    return parsed_object(exchange("GET", url, timeout_s=timeout_s, who=who), who, url)


def _words(error: object) -> str:
    return " ".join(str(error).split())[:500]
