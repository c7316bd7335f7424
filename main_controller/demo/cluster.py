"""The simulated cluster: houses on one bus, their deals, the operation modes and the operator's commands.

Pure: no HTTP, no threads, no wall clock. The same seed and the same steps give the same day.
"""

from datetime import datetime, timedelta
from random import Random

from main_controller.demo.bus import BUS_V, Bus
from main_controller.demo.house import CC_CHARGE, CC_DISCHARGE, CV, WAITING, House, build_houses, sky_at
from main_controller.demo.market import Deal, make_deal, negotiate

ACTIVE_MODES = ("autonomous", "heteronomous")
GLOBAL_MODES = (*ACTIVE_MODES, "stop", "manual")
LOCAL_MODES = ("heteronomous", "stop")

_FIRST_DAY = datetime(2026, 5, 1)  # noqa: DTZ001 - node clocks carry no zone
_STARTS_AT_S = 9.0 * 3600
_LONGEST_STEP_S = 30.0
_NEGOTIATES_EVERY_S = 120.0
_GRID_MASTER_STAYS_S = 5400.0
_CV_MARGIN_A = 0.3


class UnknownNodeError(LookupError):
    """A node that this cluster does not have."""


class Cluster:
    """``nodes`` houses; ``ramp_s`` is what the bus takes from 0 V to 350 V, in simulated seconds.

    ``houses`` are the nodes that run, ``unit_ids`` all that were ever configured.
    """

    def __init__(self, nodes: int = 8, seed: int = 1, ramp_s: float = 300.0) -> None:
        self._rng = Random(seed)
        self.houses = build_houses(nodes, self._rng)
        self.all_houses = dict(self.houses)
        self.bus = Bus(ramp_s)
        self.deals: list[Deal] = []
        self.mode = "autonomous"
        self.now_s = _STARTS_AT_S
        self.grid_master: str | None = None
        self._elected_s = self.now_s
        self._negotiated_s = self.now_s - _NEGOTIATES_EVERY_S
        for house in self.houses.values():
            house.live(1e-9, sky_at(self.now_s), 0.0, bus_up=False)
        self._elect()

    @property
    def unit_ids(self) -> list[str]:
        """Every configured node, running or not."""
        return list(self.all_houses)

    @property
    def active(self) -> bool:
        """What ``/getStatus`` calls active."""
        return self.mode in ACTIVE_MODES

    def house(self, node: str) -> House:
        """The running node of that id; raises ``UnknownNodeError``."""
        try:
            return self.houses[node]
        except KeyError:
            raise UnknownNodeError(f"no node {node}") from None

    def effective_mode(self, house: House) -> str:
        """The mode that rules this node (contract, section 2)."""
        return house.local_mode if house.local_mode and self.active else self.mode

    def clock(self, house: House | None = None) -> str:
        """The node's own clock, or the cluster's."""
        offset = house.clock_offset_s if house else 0
        return (_FIRST_DAY + timedelta(seconds=int(self.now_s) + offset)).strftime("%Y/%m/%d-%H:%M:%S")

    def step(self, dt_s: float) -> None:
        """Let ``dt_s`` simulated seconds pass, in parts of 30 s at most."""
        parts = max(1, -int(-dt_s // _LONGEST_STEP_S))
        for _ in range(parts):
            self._step(dt_s / parts)

    def _step(self, dt_s: float) -> None:
        self.now_s += dt_s
        self.bus.protect()
        for deal in [one for one in self.deals if one.done]:
            self._end(deal)
        if self.mode == "autonomous" and self.now_s - self._negotiated_s >= _NEGOTIATES_EVERY_S:
            self._negotiate()
        if self.grid_master is None or self.now_s - self._elected_s >= _GRID_MASTER_STAYS_S:
            self._elect()
        if self.active:
            self._operate()
        self.bus.advance(dt_s)
        self.bus.balance()
        sky, volts, up = sky_at(self.now_s), self.bus.volts, self.bus.up
        for house in self.houses.values():
            house.live(dt_s, sky, volts, up)
        if up:
            for deal in self.deals:
                if self._started(deal):
                    deal.moved_wh += deal.dig * volts * dt_s / 3600.0

    def set_global_mode(self, value: str) -> None:
        """Set the cluster's mode; what is none of the four becomes ``stop`` (contract, section 2)."""
        former, self.mode = self.mode, value if value in GLOBAL_MODES else "stop"
        if self.mode == "stop" or (self.active != (former in ACTIVE_MODES)):
            self._end_all()

    def set_local_mode(self, node: str, value: str) -> None:
        """Set a node's own mode; anything but heteronomous and stop clears it. ``UnknownNodeError``."""
        house = self.house(node)
        house.local_mode = value if value in LOCAL_MODES else None
        if self.effective_mode(house) == "stop":
            self._cut(house)

    def set_converter(self, node: str, mode: str, dvg: float, dig: float, drg: float | None = None) -> None:
        """Command a converter (contract, section 3).

        Waiting is always obeyed and ends the node's deals. The other modes are obeyed while the cluster is
        not active: else apis-main holds the converter and the command changes nothing. Raises
        ``UnknownNodeError``, and ``ValueError`` for a mode there is not.
        """
        house = self.house(node)
        if mode not in (WAITING, CV, CC_CHARGE, CC_DISCHARGE):
            raise ValueError(f"no mode {mode}")
        if mode != WAITING and self.active:
            return
        if drg is not None:
            house.converter.drg = drg
        if mode == WAITING:
            self._cut(house)
            self.bus.wait(house, dvg, dig)
        elif mode == CV:
            self.bus.hold(house, dvg, dig)
        elif not self.bus.carry(house, mode, dvg, dig):
            self.bus.wait(house, dvg, dig)
        self.bus.balance()

    def shut_down(self, node: str | None) -> None:
        """End a node's apis-main, or every one: it leaves the cluster. Raises ``UnknownNodeError``."""
        if node is None:
            self._end_all()
            self.houses.clear()
            self.grid_master = None
            return
        house = self.house(node)
        self._cut(house)
        self.bus.wait(house)
        self.bus.balance()
        del self.houses[node]
        if self.grid_master == node:
            self.grid_master = None

    def _started(self, deal: Deal) -> bool:
        return self.now_s - deal.made_s >= self.bus.ramp_s / 5.0

    def _negotiate(self) -> None:
        self._negotiated_s = self.now_s
        running = len(self.houses)
        most = min(max(2, running // 8), max(2, running * 3 // 8) - len(self.deals))
        willing = [one for one in self.houses.values() if self.effective_mode(one) == "autonomous"]
        for pair in negotiate(willing, most, self._rng):
            self.deals.append(make_deal(pair, self.now_s, self.clock(), self._rng))
        self._choose_master()

    def _end(self, deal: Deal) -> None:
        self.deals.remove(deal)
        deal.charging.deals.remove(deal)
        deal.discharging.deals.remove(deal)
        self._choose_master()

    def _end_all(self) -> None:
        for deal in self.deals:
            deal.charging.deals.clear()
            deal.discharging.deals.clear()
        self.deals.clear()
        self.bus.drop()

    def _cut(self, house: House) -> None:
        if not house.deals:
            return
        for deal in [one for one in self.deals if house in (one.charging, one.discharging)]:
            self._end(deal)
        if self.active:
            self._operate()
            self.bus.balance()

    def _choose_master(self) -> None:
        """Exactly one deal is the master: one of the CV node's while it has any, else the oldest."""
        if any(deal.master for deal in self.deals) or not self.deals:
            return
        of_cv = (deal for deal in self.deals if deal.discharging is self.bus.cv)
        next(of_cv, self.deals[0]).master = True

    def _operate(self) -> None:
        """Set every converter as the running deals need it."""
        master = next((deal for deal in self.deals if deal.master), None)
        if master is None:
            self.bus.drop()
            return
        if self.bus.cv is None and not self._started(master):
            return
        needs: dict[str, float] = {}
        for deal in self.deals:
            if self._started(deal):
                for house, sign in ((deal.charging, 1.0), (deal.discharging, -1.0)):
                    needs[house.id] = needs.get(house.id, 0.0) + sign * deal.dig
        if self.bus.cv is None and self._rng.random() < 0.5:
            self._elect(master.discharging.id)
        self.bus.hand_over(master.discharging, -needs.pop(master.discharging.id, 0.0) + _CV_MARGIN_A)
        if self.bus.up:
            self._carry(needs)

    def _carry(self, needs: dict[str, float]) -> None:
        for house in list(self.bus.working.values()):
            if house.id not in needs and house is not self.bus.cv:
                self.bus.wait(house)
        for node, current in needs.items():
            if current > 0:
                self.bus.carry(self.houses[node], CC_CHARGE, BUS_V, current)
            else:
                self.bus.carry(self.houses[node], CC_DISCHARGE, BUS_V + 20.0, -current)

    def _elect(self, node: str | None = None) -> None:
        """The Grid Master moves: to ``node``, or to any."""
        self._elected_s = self.now_s
        ids = list(self.houses)
        self.grid_master = node or (self._rng.choice(ids) if ids else None)
