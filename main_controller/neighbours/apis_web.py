"""What we ask apis-web, or the hardware emulator and the former Budo in its place (contract, sections 1 and 2)."""

from typing import Any

from main_controller.errors import NeighbourFailedError
from main_controller.neighbours.exchange import MOST_OF_NODES, MOST_OF_READ, exchange
from main_controller.neighbours.parsed import parsed, parsed_small
from main_controller.setting_table import Settings
from main_controller.settings import source_of_data

GATHER_S = 5.0  # how far apart apis-web gathers, as far as nothing else was learnt (contract, section 2)


class ApisWeb:
    """The two doors of apis-web: the Emulator Emulator for data, the Budo Emulator for deals and modes.

    With ``apis = False`` the hardware emulator gives the data and the former Budo deals and mode. Every method
    raises NeighbourFailedError or NeighbourLateError.
    """

    def __init__(self, settings: Settings) -> None:
        self.name, self._data_url = source_of_data(settings)
        self.members_known = settings.apis
        self._budo_name = "Budo Emulator" if settings.apis else "former Budo"
        self._budo_url = settings.apis_budo_url if settings.apis else settings.budo_url
        self._poll_timeout_s = settings.poll_timeout
        self._timeout_s = settings.neighbour_timeout

    def log(self) -> dict[str, Any]:
        """The data of all nodes, keyed by node id; a node that is no object, or has no id, is left out."""
        url = f"{self._data_url}/get/log"
        body = exchange("GET", url, timeout_s=self._poll_timeout_s, who=self.name, at_most=MOST_OF_NODES)
        answer = parsed(body, self.name, url)
        if not isinstance(answer, dict):
            raise NeighbourFailedError(
                f"{self.name} ({url}) answered no object of nodes", what="unexpected", sent=True, who=self.name
            )
        return {node_id: node for node_id, node in answer.items() if node_id and isinstance(node, dict)}

    def deals(self) -> list[dict[str, Any]]:
        """The running deals; an element that is no object is left out."""
        answer = self._ask("/deals")
        if not isinstance(answer, list):
            raise NeighbourFailedError(
                f"{self._budo_name} (/deals) answered no array", what="unexpected", sent=True, who=self._budo_name
            )
        return [deal for deal in answer if isinstance(deal, dict)]

    def unit_ids(self, timeout_s: float) -> list[str]:
        """The configured members of the cluster; empty where apis-web does not know them."""
        answer = self._ask("/unitIds", timeout_s)
        if not isinstance(answer, list):
            raise NeighbourFailedError(
                f"{self._budo_name} (/unitIds) answered no array", what="unexpected", sent=True, who=self._budo_name
            )
        return [node_id for node_id in answer if isinstance(node_id, str) and node_id]

    def active(self) -> bool:
        """Whether the cluster's mode is Run or Soft Stop and it has no errors (``/getStatus``)."""
        answer = self._ask("/getStatus")
        if not isinstance(answer, dict) or not isinstance(answer.get("active"), bool):
            raise NeighbourFailedError(
                f"{self._budo_name} (/getStatus) did not say whether it is active",
                what="unexpected",
                sent=True,
                who=self._budo_name,
            )
        return bool(answer["active"])

    def _ask(self, path: str, timeout_s: float | None = None) -> Any:
        url = self._budo_url + path
        who = self._budo_name
        body = exchange("GET", url, timeout_s=timeout_s or self._timeout_s, who=who, at_most=MOST_OF_READ)
        return parsed_small(body, who, url)
