"""Commands through the one door of a product that runs in the test's own process."""

from main_controller.commands.asked import Asked
from main_controller.commands.kinds import KINDS
from main_controller.commands.outcomes import Result
from main_controller.wiring import Product

SCRIPT = "127.0.0.1 script"


def ask(product: Product, command: str, **values: str) -> Result:
    """What comes of a script's command with these parameters, by their names in the table."""
    return product.door.carry_out(KINDS[command], Asked(SCRIPT, values))
