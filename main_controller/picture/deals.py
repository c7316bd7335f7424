"""The last good deals and status of the cluster, fetched on demand: one request outward at a time, one a second."""

import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from main_controller.errors import NeighbourError, NeighbourLateError
from main_controller.neighbours.apis_web import ApisWeb
from main_controller.picture.representation import Representation

_log = logging.getLogger(__name__)

T = TypeVar("T")

EVERY_S = 1.0
WAIT_S = 0.5

# The longer form of the specification's section 6.2.2, as other versions of apis-web send it.
_SHORT_NAMES = {
    "requester": "requestUnitId",
    "responder": "acceptUnitId",
    "chargingUnit": "chargeUnitId",
    "dischargingUnit": "dischargeUnitId",
    "startTime": "createDateTime",
}


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """A value and how old it is, s."""

    value: T
    age_s: float


class OnDemand(Generic[T]):
    """A neighbour's value, shared by all readers; none of them waits longer than WAIT_S for a new one."""

    def __init__(self, what: str, fetch: Callable[[], T]) -> None:
        self._what = what
        self._fetch = fetch
        self._changed = threading.Condition()
        self._in_flight = False
        self._started_at_s = -EVERY_S
        self._value: T | None = None
        self._received_at_s: float | None = None
        self._error: NeighbourError | None = None

    def get(self, *, may_wait: bool = True, at_most_s: float = math.inf) -> Reading[T]:
        """The newest value to be had within WAIT_S, else the last good one unless it is older than ``at_most_s``.

        Raises NeighbourFailedError or NeighbourLateError while there is none.
        """
        with self._changed:
            now_s = time.monotonic()
            if not self._in_flight and now_s - self._started_at_s >= EVERY_S:
                self._started_at_s = now_s
                self._start_fetch()
            patience_s = self._started_at_s + WAIT_S - now_s
            if self._in_flight and may_wait and patience_s > 0:
                self._changed.wait_for(lambda: not self._in_flight, patience_s)
            return self._reading(at_most_s)

    def _start_fetch(self) -> None:
        self._in_flight = True
        try:
            threading.Thread(target=self._fetch_once, name=f"fetch-{self._what}", daemon=True).start()
        except RuntimeError as error:  # the system gives no thread now; the next reader tries again
            self._in_flight = False
            _log.debug("no thread to fetch %s: %s", self._what, error)

    def _reading(self, at_most_s: float) -> Reading[T]:
        if self._received_at_s is not None and self._value is not None:
            age_s = time.monotonic() - self._received_at_s
            if age_s <= max(at_most_s, 2 * EVERY_S):
                return Reading(self._value, age_s)
        if self._error is not None:
            raise self._error.anew()
        raise NeighbourLateError(f"no answer yet to the question for {self._what}", what="waiting", sent=True)

    def _fetch_once(self) -> None:
        try:
            self._note(self._fetch(), None)
        except NeighbourError as error:  # kept for long, so without its traceback, which holds the whole answer
            self._note(None, error.anew())
        finally:  # whatever happened, the next reader may ask again
            with self._changed:
                self._in_flight = False
                self._changed.notify_all()

    def _note(self, value: T | None, error: NeighbourError | None) -> None:
        with self._changed:
            before, self._error = self._error, error
            if value is not None:
                self._value, self._received_at_s = value, time.monotonic()
        if error is not None and before is None:
            _log.error("no %s: %s; the last known are kept", self._what, error)
        elif error is None and before is not None:
            _log.info("%s known again", self._what)

    def moments(self) -> dict[str, Any]:
        """The same as ``status``, when the last good answer came as a moment of the monotonic clock (s)."""
        with self._changed:
            return {
                "ok": self._error is None and self._received_at_s is not None,
                "received_at_s": None if self._received_at_s is None else round(self._received_at_s, 2),
                "error": None if self._error is None else self._error.as_answer(),
            }

    def status(self, now_s: float) -> dict[str, Any]:
        """Whether the last answer was good, the age of the last good one (s), and why not."""
        with self._changed:
            return {
                "ok": self._error is None and self._received_at_s is not None,
                "age_s": None if self._received_at_s is None else round(now_s - self._received_at_s, 1),
                "error": None if self._error is None else str(self._error),
            }


class Deals:
    """Deals, ready to be sent, and whether the cluster is active."""

    def __init__(self, apis_web: ApisWeb) -> None:
        self.deals: OnDemand[Representation] = OnDemand(
            "deals", lambda: Representation.of([with_short_names(deal) for deal in apis_web.deals()])
        )
        self.active: OnDemand[bool] = OnDemand("status", apis_web.active)


def with_short_names(deal: dict[str, Any]) -> dict[str, Any]:
    """The deal as it came, with the short names of specification section 6.1.2 beside the long ones.

    An absent ``isMasterDeal`` stays absent; a short name that came is never replaced.
    """
    named = dict(deal)
    for short, long in _SHORT_NAMES.items():
        if short not in named and long in deal:
            named[short] = deal[long]
    if "request" not in named and isinstance(deal.get("type"), str):
        named["request"] = deal["type"].upper()
    return named
