"""Who shares energy with whom: the negotiation of deals between houses."""

import uuid
from dataclasses import dataclass
from random import Random

from main_controller.demo.house import House

INTERLOCK_CAPACITY = 2

_SEEKS_BELOW = 62.0
_GIVES_ABOVE = 27.0
_FULL_ABOVE = 90.0
_TAKES_BELOW = 80.0
_LEAST_DIFFERENCE = 8.0
_GIVER_STOPS_AT = 17.0
_TAKER_STOPS_AT = 96.0


@dataclass(slots=True, eq=False)
class Deal:
    """One exchange of energy: ``amount_wh`` at ``dig`` A on the bus, made at ``made_s`` of simulated time."""

    id: str
    charging: House
    discharging: House
    request: str
    start_time: str
    made_s: float
    amount_wh: float
    dig: float
    moved_wh: float = 0.0
    master: bool = False

    @property
    def done(self) -> bool:
        """Whether it has moved its amount, or one of the batteries has nothing more to give or take."""
        return (
            self.moved_wh >= self.amount_wh
            or self.discharging.rsoc < _GIVER_STOPS_AT
            or self.charging.rsoc > _TAKER_STOPS_AT
        )

    def body(self) -> dict[str, object]:
        """The deal as apis-web's ``/deals`` tells it (contract, section 2)."""
        asks_charge = self.request == "CHARGE"
        return {
            "chargingUnit": self.charging.id,
            "dischargingUnit": self.discharging.id,
            "isMasterDeal": self.master,
            "request": self.request,
            "requester": (self.charging if asks_charge else self.discharging).id,
            "responder": (self.discharging if asks_charge else self.charging).id,
            "startTime": self.start_time,
        }


def negotiate(willing: list[House], most: int, rng: Random) -> list[tuple[House, House, str]]:
    """Pair houses in need with houses that have: at most ``most`` tuples (charging, discharging, request).

    ``willing`` are the houses that may deal at all. A house charges or discharges, never both, and takes part
    in at most ``INTERLOCK_CAPACITY`` deals.
    """
    # Those without a deal first, so that many take part.
    takers = sorted((one for one in willing if _free(one, charging=True)), key=lambda one: (len(one.deals), one.rsoc))
    givers = sorted((one for one in willing if _free(one, charging=False)), key=lambda one: (len(one.deals), -one.rsoc))
    pairs: list[tuple[House, House, str]] = []
    paired: set[str] = set()
    for taker, giver in zip(takers, givers, strict=False):
        if len(pairs) >= most:
            break
        if taker.id in paired or giver.id in paired or giver.rsoc - taker.rsoc < _LEAST_DIFFERENCE:
            continue
        offers = giver.rsoc > _FULL_ABOVE and taker.rsoc < _TAKES_BELOW
        asks = taker.rsoc < _SEEKS_BELOW and giver.rsoc > _GIVES_ABOVE
        if asks or offers:
            request = "DISCHARGE" if offers and (not asks or rng.random() < 0.4) else "CHARGE"
            pairs.append((taker, giver, request))
            paired.update((taker.id, giver.id))
    return pairs


def make_deal(pair: tuple[House, House, str], now_s: float, start_time: str, rng: Random) -> Deal:
    """The deal of a pair from ``negotiate``; both houses carry it from now on."""
    taker, giver, request = pair
    deal = Deal(
        id=str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        charging=taker,
        discharging=giver,
        request=request,
        start_time=start_time,
        made_s=now_s,
        amount_wh=rng.uniform(120.0, 320.0),
        dig=2.0 if rng.random() < 0.35 else 1.0,
    )
    taker.deals.append(deal)
    giver.deals.append(deal)
    return deal


def _free(house: House, *, charging: bool) -> bool:
    if len(house.deals) >= INTERLOCK_CAPACITY:
        return False
    return all((deal.charging is house) == charging for deal in house.deals)
