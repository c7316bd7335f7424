"""What the page shows, read from the document, and what it should show of a body of apis-web."""

from collections import Counter
from math import floor
from typing import Any

from playwright.sync_api import Page

READ = """() => {
  const text = (root, name) => root.querySelector(`[data-text="${name}"]`).textContent;
  const has = (element, name) => element.hasAttribute(name);
  const names = "address name effective local converter time rsoc wg ig vg wb ib vb".split(" ");
  return {
    title: document.getElementById("title").textContent,
    mode: document.getElementById("mode-word").textContent,
    bus: document.getElementById("chip-bus").textContent,
    deals: [...document.querySelectorAll("#deals > li")].map((deal) => [
      text(deal, "title"), text(deal, "asked"), text(deal, "start"),
      getComputedStyle(deal.querySelector(".deal-master")).display !== "none",
    ]),
    panels: [...document.querySelectorAll("#panels > li")].map((panel) => [
      panel.dataset.id, panel.dataset.state, has(panel, "data-grid-master"), names.map((name) => text(panel, name)),
    ]),
    boxes: [...document.querySelectorAll("#energy-boxes > li")].map((box) => [
      box.dataset.id, box.dataset.state, has(box, "data-crown"), has(box, "data-near"), box.dataset.percent,
    ]),
    curves: [...document.querySelectorAll("#energy-curves > li")].map((curve) => [
      curve.dataset.from ?? null, curve.dataset.to ?? null, has(curve, "data-dots"),
    ]),
  };
}"""

MODES = {
    "autonomous": "Run",
    "heteronomous": "Soft Stop",
    "stop": "Force Stop",
    "manual": "Manual",
    None: "--",
    "": "--",
}
CONVERTERS = {
    "0x0000": "Stopped",
    "0x0014": "Voltage control",
    "0x0041": "Current control",
    "0x0002": "Current control",
}


def shown(page: Page) -> dict[str, Any]:
    """What the page shows now."""
    found: dict[str, Any] = page.evaluate(READ)
    return found


def _number(value: float) -> str:
    return f"{round(value + 1e-9, 2):g}" if abs(value) < 1e5 else str(value)


def _signed(value: float, unit: str) -> str:
    return f"{'+' if round(value, 2) > 0 else ''}{_number(value)} {unit}"


def _panel(node: str, body: dict[str, Any]) -> list[Any]:
    meter, mode, unit = body["dcdc"]["meter"], body["apis"]["operation_mode"], body["oesunit"]
    texts = [
        unit["ip"],
        f"{node} : {unit['display']}",
        MODES[mode["effective"]],
        MODES[mode["local"]],
        CONVERTERS[body["dcdc"]["status"]["status"]],
        body["time"].replace("-", " "),
        f"{_number(body['battery']['rsoc'])} %",
        _signed(meter["wg"], "W"),
        _signed(meter["ig"], "A"),
        f"{_number(meter['vg'])} V",
        _signed(meter["wb"], "W"),
        _signed(meter["ib"], "A"),
        f"{_number(meter['vb'])} V",
    ]
    return [node, "fresh", body["apis"].get("is_grid_master") is True, texts]


def _mode(log: dict[str, Any]) -> str:
    counts = Counter(body["apis"]["operation_mode"]["global"] for body in log.values()).most_common()
    if len(counts) == 1:
        return MODES[counts[0][0]]
    return f"{counts[0][1]} of {len(log)} report {MODES[counts[0][0]]}"


def expected(step: dict[str, Any]) -> dict[str, Any]:
    """What the page has to show of one recorded step in which every node is fresh."""
    log, deals = step["log"], step["deals"]
    dealing = {deal[unit] for deal in deals for unit in ("chargingUnit", "dischargingUnit")}
    power = {node: body["dcdc"]["meter"]["wg"] for node, body in log.items()}
    cv = sorted(node for node, body in log.items() if body["dcdc"]["status"]["status"] == "0x0014")
    near = {node for node in log if node in dealing or abs(power[node]) > 40}
    alone = sorted(node for node in near if node not in dealing)
    # Without a CV node the highest that is measured: that nobody holds the bus is no proof that it is dead.
    volts = log[cv[0]]["dcdc"]["meter"]["vg"] if cv else max(body["dcdc"]["meter"]["vg"] for body in log.values())
    return {
        "title": "Energy Exchange in oss_community",
        "mode": _mode(log),
        "bus": f"{_number(round(volts, 1))} V",
        "deals": [
            [
                f"{deal['chargingUnit']} charges from {deal['dischargingUnit']}",
                f"{deal['request']} requested by {deal['requester']}, accepted by {deal['responder']}",
                f"since {deal['startTime'].replace('-', ' ')}",
                deal["isMasterDeal"],
            ]
            for deal in deals
        ],
        "panels": [_panel(node, log[node]) for node in sorted(log)],
        "boxes": [
            [node, "fresh", node in cv, node in near, f"{floor(log[node]['battery']['rsoc'] + 0.5)}%"]
            for node in sorted(log)
        ],
        "curves": [
            *([d["dischargingUnit"], d["chargingUnit"], abs(power[d["chargingUnit"]]) >= 40] for d in deals),
            *([node, None, True] if power[node] < 0 else [None, node, True] for node in alone),
        ],
    }


def without_node(picture: dict[str, Any], node: str) -> dict[str, Any]:
    """The picture less one node's panel and box."""
    return picture | {name: [one for one in picture[name] if one[0] != node] for name in ("panels", "boxes")}
