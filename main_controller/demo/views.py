"""The cluster in the words of apis-web and of the hardware emulator (contract, sections 2 and 3)."""

from typing import Any

from main_controller.demo.cluster import Cluster
from main_controller.demo.house import BATTERY_V, CC_CHARGE, CC_DISCHARGE, CV, WAITING, House
from main_controller.demo.market import INTERLOCK_CAPACITY

Body = dict[str, Any]

# As real converters of both kinds of CC report themselves.
_MODE_TEXT = {
    WAITING: "Waiting",
    CV: "Grid Autonomy",
    CC_CHARGE: "Heteronomy CV",
    CC_DISCHARGE: "Heteronomy CV",
}


def log(cluster: Cluster) -> Body:
    """``/get/log`` of the Emulator Emulator: every running node by its id."""
    return {house.id: node(cluster, house) for house in cluster.houses.values()}


def node(cluster: Cluster, house: House) -> Body:
    """One node as apis-web gathers it."""
    return {
        "emu": emu(house),
        "dcdc": dcdc(cluster, house),
        "oesunit": {
            "communityId": "demo_community",
            "clusterId": "demo_cluster",
            "id": house.id,
            "display": f"House {house.number}",
            "sn": str(house.number),
            "budo": "1" if cluster.effective_mode(house) == "autonomous" else "0",
            "ip": house.ip,
            "ipv6_ll": "NA",
            "ipv6_g": "NA",
            "mac": _mac(house),
        },
        "time": cluster.clock(house),
        "battery": {"rsoc": round(house.rsoc, 2), "battery_operation_status": None},
        "apis": _apis(cluster, house),
    }


def readings(cluster: Cluster, house: House) -> Body:
    """What a node's program reads from its hardware."""
    whole = node(cluster, house)
    return {name: whole[name] for name in ("emu", "dcdc", "battery")}


def _apis(cluster: Cluster, house: House) -> Body:
    body: Body = {
        "version": "3.0.0",
        "remaining_capacity_wh": int(house.battery_wh),
        "deal_interlock_capacity": INTERLOCK_CAPACITY,
    }
    if cluster.grid_master == house.id:
        body["is_grid_master"] = True
    if house.deals:
        body["deal_id_list"] = [deal.id for deal in house.deals]
    body["operation_mode"] = {
        "global": cluster.mode,
        "local": house.local_mode,
        "effective": cluster.effective_mode(house),
    }
    return body


def dcdc(cluster: Cluster, house: House) -> Body:
    """The converter: ``status``, ``meter``, ``vdis``, ``param`` and the house's ``powermeter``."""
    return {
        **converter(cluster, house),
        "powermeter": {"p1": 0.0, "p2": round(house.mains_w, 2), "i1": 0, "v1": 206.1, "kwh1": 0, "kwh2": 0},
    }


def converter(cluster: Cluster, house: House) -> Body:
    """What a converter answers to a command."""
    unit = house.converter
    return {
        "status": {
            "status": unit.status,
            "alarmState": "No alarm",
            "operationMode": _MODE_TEXT[unit.status],
        },
        "meter": meter(cluster, house),
        "vdis": {"dvg": unit.dvg, "drg": unit.drg},
        "param": {"dig": unit.dig},
    }


def meter(cluster: Cluster, house: House) -> Body:
    """The readings: grid side ``g``, battery side ``b``, + charging; whole numbers without the bus."""
    bus, current = cluster.bus, house.converter.ig
    battery_w = house.converter.battery_w(bus.volts, bus.up)
    return {
        "wg": round(bus.volts * current, 2) if bus.up else 0,
        "tmp": 26.59,
        "vb": BATTERY_V,
        "wb": round(battery_w, 2),
        "vg": bus.volts if bus.up else int(bus.volts),
        "ib": round(battery_w / BATTERY_V, 2),
        "ig": current or 0,
    }


def emu(house: House) -> Body:
    """The energy management unit: panels, battery and the UPS that feeds the house."""
    rsoc = round(house.rsoc, 2)
    return {
        "charge_discharge_power": round(abs(house.net_w), 2),
        "pvc_charge_current": round(house.pv_w / BATTERY_V, 2),
        "ups_input_voltage": 102.8,
        "rsoc": rsoc,
        "battery_current": round(house.net_w / BATTERY_V, 2),
        "battery_voltage": 52.1,
        "pvc_charge_voltage": 245.0 if house.pv_w else 0.28,
        "ups_operation_mode": {"parameter": 80, "mode": house.ups_mode, "stop_mode": 2},
        "ups_operation_schedule": 1,
        "ups_output_power": round(house.load_w, 2),
        "battery_rsoc": int(rsoc),
        "ups_output_frequency": 60,
        "pvc_charge_power": round(house.pv_w, 2),
        "ups_output_current": round(house.load_w / 102.8, 2),
        "dischargeable_time": {"minute": 0, "hour": 0},
        "ups_output_voltage": 102.8,
    }


def hardware_log(cluster: Cluster) -> Body:
    """``/get/log`` of the hardware emulator: no ``apis``, no ``battery``; every configured node."""
    return {house.id: _hardware_node(cluster, house) for house in cluster.all_houses.values()}


def _hardware_node(cluster: Cluster, house: House) -> Body:
    body = dcdc(cluster, house)
    waiting = house.converter.status == WAITING
    body["status"] |= {
        "alarm": "0000 0000 0000",
        "statusName": body["status"]["operationMode"],
        "runningState": "off" if waiting else "on",
    }
    body["param"] |= {"cib": 25.0, "ubv": 40.0, "ogv": 400, "obv": 59.0, "ugv": 300}
    return {
        "emu": emu(house),
        "dcdc": body,
        "oesunit": {
            "on": house.id in cluster.houses,
            "ip": house.ip,
            "display": f"House {house.number}",
            "ipv6_ll": "NA",
            "mac": _mac(house),
            "ipv6_g": "NA",
            "sn": str(house.number),
            "budo": "1" if cluster.mode == "autonomous" else "0",
            "id": house.id,
        },
        "time": cluster.clock(house),
    }


def _mac(house: House) -> str:
    return f"02:00:00:00:{house.number >> 8 & 0xFF:02x}:{house.number & 0xFF:02x}"
