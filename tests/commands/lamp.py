"""A command that no product has: the lamp of a node. ``python -m tests.commands.lamp`` is a product that has it."""

import sys
from urllib.parse import urlencode

import startMain
from main_controller.commands.asked import Order
from main_controller.commands.door import Door
from main_controller.commands.kind import By, Kind, Need
from main_controller.commands.kinds import KINDS
from main_controller.commands.outcomes import Result
from main_controller.commands.parameters import NodeId, Number, OneOf
from main_controller.commands.seen import Instead, Seen, View
from main_controller.neighbours.exchange import exchange
from main_controller.neighbours.parsed import parsed_object
from main_controller.storage.ledger_row import Row


def _lamp_is(row: Row, view: View) -> Seen:
    node = view.fresh.get(row.target)
    lamp = None if node is None else node.get("lamp")
    instead = Instead(row.target, f"lamp {lamp}", "lamp", {"lamp": lamp})
    return Seen(lamp == row.values["to"], node is not None, ((instead,),))


def _set_lamp(door: Door, order: Order) -> Result:
    values = {"to": order.values["to"], "level": order.values.get("level", "100")}
    url = f"{door.settings.apis_budo_url}/lamp?{urlencode(values)}"
    return door.operations.run(
        order, values, lambda: parsed_object(exchange("GET", url, timeout_s=1, who="lamp"), "lamp", url)
    )


LAMP = Kind(
    "set/lamp",
    "/set/lamp/<node_id>",
    _set_lamp,
    (
        NodeId("node_id", required=True),
        OneOf("to", required=True, values=("on", "off")),
        Number("level", highest="dig_max", unit="%"),
    ),
    needs=(Need.KNOWN,),
    look=_lamp_is,
    superseded_by=frozenset({By.SAME}),
    only_stops={"to": ("off",)},
)

if __name__ != "tests.commands.lamp":  # the started program, and its worker
    KINDS[LAMP.command] = LAMP

if __name__ == "__main__":
    from main_controller.launch import main

    sys.exit(main(vars(startMain)))
