"""The DC bus between the houses: one converter holds the voltage (CV), the others carry current (CC)."""

from main_controller.demo.house import CC_CHARGE, CC_DISCHARGE, CV, WAITING, House

BUS_V = 350.0


class Bus:
    """Voltage and currents of the DC bus.

    At most one house is ``cv``; from its start the voltage ramps to its ``dvg`` in ``ramp_s`` seconds, and
    only then other converters carry current. Without it the bus is dead and every converter waits (contract, 3).
    """

    def __init__(self, ramp_s: float) -> None:
        self.ramp_s = ramp_s
        self.volts = 0.0
        self.cv: House | None = None
        self.working: dict[str, House] = {}

    @property
    def up(self) -> bool:
        """Whether the voltage has arrived, so that current can flow."""
        return self.cv is not None and self.volts >= self.cv.converter.dvg

    def hold(self, house: House, dvg: float, dig: float) -> bool:
        """Have ``house`` hold the voltage with at most ``dig`` A; False while another one does."""
        if self.cv is not None and self.cv is not house:
            return False
        self.cv = house
        self._set(house, CV, dvg, dig)
        return True

    def hand_over(self, house: House, dig: float) -> None:
        """Have ``house`` hold the voltage in place of the one that did, without letting it drop."""
        former, self.cv = self.cv, None
        if former is not None and former is not house:
            self._set(former, WAITING, BUS_V, 0.0)
        self.hold(house, BUS_V, dig)

    def carry(self, house: House, status: str, dvg: float, dig: float) -> bool:
        """Have ``house`` charge or discharge at ``dig`` A; False (and no effect) while the bus is not up."""
        if self.cv is house:
            self.drop()
        if not self.up:
            return False
        self._set(house, status, dvg, dig)
        return True

    def wait(self, house: House, dvg: float = BUS_V, dig: float = 0.0) -> None:
        """Have ``house`` wait; if it held the voltage, the bus drops."""
        if self.cv is house:
            self.drop()
        self._set(house, WAITING, dvg, dig)

    def drop(self) -> None:
        """The end of the voltage: every converter waits."""
        self.cv = None
        self.volts = 0.0
        for house in list(self.working.values()):
            self._set(house, WAITING, BUS_V, 0.0)

    def advance(self, dt_s: float) -> None:
        """Let ``dt_s`` seconds of the ramp pass."""
        if self.cv is not None:
            target = self.cv.converter.dvg
            self.volts = min(target, self.volts + target * dt_s / self.ramp_s)

    def balance(self) -> None:
        """Share out the currents: the CV converter takes up the difference, within its own limit."""
        for house in self.working.values():
            house.converter.ig = 0.0
        if not self.up or self.cv is None:
            return
        charging = self._carrying(CC_CHARGE)
        discharging = [one for one in self._carrying(CC_DISCHARGE) if one.converter.dvg > self.volts]
        drawn = sum(one.converter.dig for one in charging)
        given = sum(one.converter.dig for one in discharging)
        limit = self.cv.converter.dig
        draw = min(1.0, (given + limit) / drawn) if drawn else 1.0
        give = min(1.0, (drawn + limit) / given) if given else 1.0
        for house in charging:
            house.converter.ig = round(house.converter.dig * draw, 2)
        for house in discharging:
            house.converter.ig = -round(house.converter.dig * give, 2)
        total = sum(one.converter.ig for one in charging) + sum(one.converter.ig for one in discharging)
        self.cv.converter.ig = -round(total, 2)

    def protect(self) -> None:
        """Stop what would discharge an empty battery or charge a full one."""
        for house in list(self.working.values()):
            ig, rsoc = house.converter.ig, house.rsoc
            if (ig < 0 and rsoc <= 1.0) or (ig > 0 and rsoc >= 99.9):
                self.wait(house)

    def _carrying(self, status: str) -> list[House]:
        return [one for one in self.working.values() if one.converter.status == status]

    def _set(self, house: House, status: str, dvg: float, dig: float) -> None:
        converter = house.converter
        converter.status, converter.dvg, converter.dig = status, dvg, dig
        if status == WAITING:
            converter.ig = 0.0
            self.working.pop(house.id, None)
        else:
            self.working[house.id] = house
