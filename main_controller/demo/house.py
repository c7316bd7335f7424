"""One house of the simulated cluster: sun, loads, battery and the DC/DC converter towards the grid."""

import math
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

CAPACITY_WH = 4800.0
BATTERY_V = 48

WAITING = "0x0000"
CV = "0x0014"
CC_CHARGE = "0x0041"
CC_DISCHARGE = "0x0002"

# What the converter itself takes from the battery, W, as a real cluster was seen to report it.
_LOSS_W = {WAITING: 4.5, CV: 55.0, CC_CHARGE: 71.0, CC_DISCHARGE: 55.0}
_MAINS_ON_RSOC = 12.0
_MAINS_OFF_RSOC = 18.0
_MAINS_CHARGE_W = 300.0
_SUNRISE_H = 5.5
_DAYLIGHT_H = 13.0


@dataclass(slots=True)
class Converter:
    """A DC/DC converter: what it was told (V, A) and the grid current it carries (A, + charging)."""

    status: str = WAITING
    dvg: float = 350.0
    dig: float = 0.0
    drg: float = 0.0
    ig: float = 0.0

    def battery_w(self, bus_v: float, bus_up: bool) -> float:
        """Power at the battery side, + into the battery: the grid's power less the converter's own need."""
        if not bus_up:
            return -_LOSS_W[WAITING]
        return bus_v * self.ig - _LOSS_W[self.status]


@dataclass(slots=True, frozen=True)
class Sky:
    """What all houses share at one moment: seconds since midnight of day 0, and shares between 0 and 1."""

    at_s: float
    sun: float
    morning: float
    evening: float


def sky_at(at_s: float) -> Sky:
    """The clear sky and the habits of people at ``at_s`` seconds after the first midnight."""
    hour = at_s / 3600.0 % 24.0
    day = (hour - _SUNRISE_H) / _DAYLIGHT_H
    sun = math.sin(math.pi * day) ** 1.3 if 0.0 < day < 1.0 else 0.0
    return Sky(at_s, sun, _bump(hour, 7.5, 1.2), _bump(hour, 19.5, 1.8))


def _bump(hour: float, centre: float, width: float) -> float:
    return math.exp(-(((hour - centre) / width) ** 2) / 2.0)


class Share(Protocol):
    """What a house knows of a deal that it takes part in: its id, when it was made (s), its current on the bus (A)."""

    id: str
    made_s: float
    dig: float

    @property
    def charging(self) -> "House":
        """Who takes."""


@dataclass(slots=True)
class House:
    """A node. Powers in W; ``battery_wh`` is what the battery holds; ``deals`` are those it takes part in."""

    id: str
    number: int
    pv_peak_w: float
    base_w: float
    morning_w: float
    evening_w: float
    phase: float
    clock_offset_s: int
    battery_wh: float
    converter: Converter = field(default_factory=Converter)
    deals: list[Share] = field(default_factory=list)
    local_mode: str | None = None
    ups_mode: int = 2
    mains_on: bool = False
    pv_w: float = 0.0
    load_w: float = 0.0
    mains_w: float = 0.0
    net_w: float = 0.0

    @property
    def rsoc(self) -> float:
        """Relative state of charge, %."""
        return self.battery_wh * 100.0 / CAPACITY_WH

    @property
    def ip(self) -> str:
        """A loopback address of this node's own, so that drivers are told apart by where they are called."""
        return f"127.1.{(self.number - 1) // 254}.{(self.number - 1) % 254 + 1}"

    def live(self, dt_s: float, sky: Sky, bus_v: float, bus_up: bool) -> None:
        """Let ``dt_s`` seconds pass: sun, loads and mains of this moment, the battery after it."""
        slow = sky.at_s / 900.0 + self.phase
        clouds = 0.72 + 0.2 * math.sin(slow * 0.31) + 0.08 * math.sin(slow * 2.3)
        wobble = 1.0 + 0.22 * math.sin(slow * 1.7) + 0.08 * math.sin(slow * 7.1)
        self.load_w = self.base_w * wobble + self.morning_w * sky.morning + self.evening_w * sky.evening
        rsoc = self.battery_wh * 100.0 / CAPACITY_WH
        self.mains_on = rsoc < (_MAINS_OFF_RSOC if self.mains_on else _MAINS_ON_RSOC)
        self.mains_w = self.load_w + _MAINS_CHARGE_W if self.mains_on else 0.0
        without_sun = self.mains_w - self.load_w + self.converter.battery_w(bus_v, bus_up)
        # A full battery takes no more: the charge controller of the panels throttles them.
        room_w = (CAPACITY_WH - self.battery_wh) * 3600.0 / dt_s - without_sun
        self.pv_w = max(0.0, min(self.pv_peak_w * sky.sun * clouds, room_w))
        self.net_w = without_sun + self.pv_w
        self.battery_wh = min(CAPACITY_WH, max(0.0, self.battery_wh + self.net_w * dt_s / 3600.0))


def build_houses(nodes: int, rng: Random) -> dict[str, House]:
    """``nodes`` houses E001, E002...; three of four have panels, the others need more, by night too.

    Batteries start far apart, so that there is something to share at once.
    """
    houses: dict[str, House] = {}
    for number in range(1, nodes + 1):
        has_sun = number % 4 != 0
        house = House(
            id=f"E{number:03d}",
            number=number,
            pv_peak_w=rng.uniform(1300.0, 2900.0) if has_sun else 0.0,
            base_w=rng.uniform(45.0, 140.0) if has_sun else rng.uniform(240.0, 380.0),
            morning_w=rng.uniform(80.0, 400.0),
            evening_w=rng.uniform(80.0, 450.0),
            phase=rng.uniform(0.0, 60.0),
            clock_offset_s=rng.randint(-20, 20),
            battery_wh=CAPACITY_WH * (rng.uniform(0.62, 0.93) if number % 2 else rng.uniform(0.2, 0.48)),
        )
        houses[house.id] = house
    return houses
