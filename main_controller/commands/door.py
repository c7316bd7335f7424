"""The one door for every change of the plant (specification, section 5.1; contract, section 4).

Browser, scripts and Scheduler come through here alike. What is refused here or behind it by an error with a 4xx status
has sent nothing, and leaves no row in the ledger.
"""

from dataclasses import dataclass

from main_controller.commands.asked import Asked
from main_controller.commands.kind import Kind
from main_controller.commands.operations import Operations
from main_controller.commands.outcomes import Result
from main_controller.commands.preconditions import Preconditions
from main_controller.commands.stop_all import StopAll
from main_controller.setting_table import Settings


@dataclass(frozen=True, slots=True)
class Door:
    """Checks by the table what was asked, and hands it to what carries it out."""

    settings: Settings
    preconditions: Preconditions
    operations: Operations
    stop_all: StopAll

    def carry_out(self, kind: Kind, asked: Asked) -> Result:
        """One command. Raises BadRequestError, NotFoundError, ConflictError or BusyError; nothing was sent then."""
        order = kind.order(asked, self.settings)
        self.preconditions.before(order)
        result: Result = kind.carry_out(self, order)
        return result
