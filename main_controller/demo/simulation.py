"""The simulated cluster as the doors see it: driven by the wall clock, told in the words of apis-web."""

from main_controller.demo import views
from main_controller.demo.cluster import Cluster, UnknownNodeError
from main_controller.demo.source import Body

_LONGEST_PAUSE_S = 5.0  # a laptop that slept goes on where it was
_SHORTEST_RAMP_S = 15.0
_RAMP_SEEN_S = 5.0


class Simulation:
    """A ``Cluster`` at ``speed`` times wall time, gathered every ``gather_s`` wall seconds.

    As with real ones, each node's program reads its hardware so far apart too; its last reading is what is gathered.
    """

    def __init__(self, nodes: int, seed: int, speed: float, gather_s: float) -> None:
        # However fast the day goes by, a person should see the bus rise for some seconds.
        self.cluster = Cluster(nodes, seed, ramp_s=max(_SHORTEST_RAMP_S, _RAMP_SEEN_S * speed))
        self.gone = False
        self._speed = speed
        self._gather_s = gather_s
        self._since_gather_s = 0.0
        self._wall_s = 0.0
        self._readings: dict[str, Body] = {}
        self._read_due_s: dict[str, float] = {}
        self._steps = 0
        self._doing = "Run"
        self._node_at = {house.ip: house.id for house in self.cluster.all_houses.values()}

    def pass_time(self, wall_s: float) -> bool:
        """Step the cluster; True once ``gather_s`` have passed since the last gathering."""
        wall_s = min(wall_s, _LONGEST_PAUSE_S)
        self.cluster.step(wall_s * self._speed)
        self._steps += 1
        self._since_gather_s += wall_s
        self._wall_s += wall_s
        self._read()
        due = self._since_gather_s >= self._gather_s - 1e-6
        if due:
            self._since_gather_s = max(0.0, min(self._since_gather_s - self._gather_s, self._gather_s / 2))
        return due

    def _read(self) -> None:
        """Have every node whose turn it is read its hardware; each has its own phase."""
        for house in self.cluster.houses.values():
            due_s = self._read_due_s.setdefault(house.id, (house.number * 0.37 % 1) * self._gather_s)
            if house.id in self._readings and self._wall_s < due_s:
                continue
            while self._read_due_s[house.id] <= self._wall_s:
                self._read_due_s[house.id] += self._gather_s
            self._readings[house.id] = views.readings(self.cluster, house)

    def step(self, count: int) -> None:
        """Go on by ``count`` seconds of simulated time."""
        self.cluster.step(float(count))
        self._readings.clear()
        self._steps += 1

    def state(self) -> Body:
        """``step`` counts steps of any length, ``doing`` is the last command."""
        return {"step": self._steps, "doing": self._doing, "time": self.cluster.clock()}

    def log(self) -> Body:
        """Every running node."""
        if self.gone:
            return {}
        self._read()
        return {unit: node | self._readings[unit] for unit, node in views.log(self.cluster).items()}

    def hardware_log(self) -> Body:
        """Every configured node."""
        return views.hardware_log(self.cluster)

    def deals(self) -> list[Body]:
        """The deals that run or are about to."""
        return [deal.body() for deal in self.cluster.deals]

    def status(self) -> Body:
        """Whether the cluster may share energy."""
        return {"active": self.cluster.active}

    def unit_ids(self) -> list[str]:
        """Every configured node."""
        return self.cluster.unit_ids

    def set_mode(self, value: str, node: str | None) -> Body:
        """Set the global mode, or a node's local one."""
        self._doing = f"{node or 'global'} {value or 'clear'}"
        if not node:
            self.cluster.set_global_mode(value)
            return {"succeeded": True}
        try:
            self.cluster.set_local_mode(node, value)
        except UnknownNodeError as error:
            return {"succeeded": False, "error": str(error)}
        return {"succeeded": True}

    def shut_down(self, node: str | None) -> Body:
        """Shut down a node, or all and apis-web with them."""
        self._doing = f"shut down {node or 'all'}"
        try:
            self.cluster.shut_down(node)
        except UnknownNodeError as error:
            return {"succeeded": False, "error": str(error)}
        self.gone = self.gone or node is None
        return {"succeeded": True}

    def set_converter(self, node: str, mode: str, dvg: float, dig: float, drg: float | None) -> Body | None:
        """Command a converter; it answers with its own part of ``dcdc``."""
        try:
            self.cluster.set_converter(node, mode, dvg, dig, drg)
        except UnknownNodeError:
            return None
        self._doing = f"{node} converter {mode}"
        return views.converter(self.cluster, self.cluster.house(node))

    def set_ups(self, node: str, mode: int) -> Body | None:
        """Set the UPS mode."""
        house = self.cluster.houses.get(node)
        if house is None:
            return None
        house.ups_mode = mode
        self._doing = f"{node} UPS {mode}"
        return {"operation_mode": mode}

    def section(self, node: str, name: str) -> Body | None:
        """What the node's driver measures now."""
        house = self.cluster.houses.get(node)
        if house is None:
            return None
        if name == "emu":
            return views.emu(house)
        return views.meter(self.cluster, house) if name == "meter" else views.dcdc(self.cluster, house)

    def node_at(self, ip: str) -> str | None:
        """The running node of that address."""
        node = self._node_at.get(ip)
        return node if node in self.cluster.houses else None
