"""The life of a command's row, as a machine of states: nobody else writes rows of commands.

::

    sending ─┬─> refused, failed                              nothing was changed
             ├─> accepted, unknown, partial                   nothing of it can be seen in the data
             └─> watching <─> waiting_for_data ─┬─> observed, not_taken, given_up, superseded
                                                └─> accepted, unknown, partial (nobody knows any more what to look for)

The observer says what it sees, the recorder what came of a command; a step that the table does not have is not taken.
"""

import logging
import threading
from collections.abc import Mapping
from typing import Any

import orjson

from main_controller import nodes
from main_controller.commands.kind import Kinds
from main_controller.commands.observer import Observer
from main_controller.commands.outcomes import MAY_HAVE_HAPPENED
from main_controller.errors import MainControllerError
from main_controller.picture.data_collector import Poll
from main_controller.storage.ledger import Ledger
from main_controller.storage.ledger_row import WATCHED, Outcome, Row, RowState

_log = logging.getLogger(__name__)

MOST_ANSWER = 64 * 1024

_MAY_HAVE_HAPPENED = frozenset(map(RowState, MAY_HAVE_HAPPENED))
_SEEN = frozenset({RowState.OBSERVED, RowState.NOT_TAKEN, RowState.GIVEN_UP, RowState.SUPERSEDED})
STEPS: Mapping[RowState, frozenset[RowState]] = {
    RowState.SENDING: _MAY_HAVE_HAPPENED | {RowState.REFUSED, RowState.FAILED, RowState.WATCHING},
    RowState.WATCHING: _SEEN | _MAY_HAVE_HAPPENED | {RowState.WAITING_FOR_DATA},
    RowState.WAITING_FOR_DATA: _SEEN | _MAY_HAVE_HAPPENED | {RowState.WATCHING},
}
"""From each state, the states that may follow; those that are not here are the last."""


class RowLife:
    """Enters rows and takes them from state to state; ``modes_are_seen`` is whether the nodes report their modes."""

    def __init__(self, ledger: Ledger, kinds: Kinds, observer: Observer, *, modes_are_seen: bool = True) -> None:
        self._ledger = ledger
        self._kinds = kinds
        self._observer = observer
        self._modes_are_seen = modes_are_seen
        self._stepping = threading.Lock()
        for row in ledger.open_rows():
            self._go_on(row)

    def _go_on(self, row: Row) -> None:
        """A row that was open when the program ended."""
        if row.state is RowState.SENDING:
            text = "the program ended before the answer came; it may have taken effect"
            self.finish(row, "unknown", text, MainControllerError(text, "interrupted"))
        elif not self._kinds.is_observable(row):  # of another version
            self._step(row, RowState(row.outcome), {})

    def enter(self, origin: str, command: str, target: str, values: dict[str, Any], key: str | None) -> Row:
        """A new row, which is being sent; not yet written: ``written`` waits for that."""
        return self._ledger.enter(origin, command, target, values, key)

    def written(self, row: Row) -> None:
        """Wait until the row is on the disk, for a moment at most."""
        self._ledger.written(row)

    def finish(self, row: Row, outcome: Outcome, answer: Any, error: MainControllerError | None = None) -> Row:
        """What came of it, and what went wrong; where something is to be seen of it, it is watched from now on."""
        watched = outcome in MAY_HAVE_HAPPENED and self._can_be_seen(row)
        if not watched:
            self._observer.ended(row)
        wrong = {} if error is None else {"code": error.code, "params": error.as_answer()["params"]}
        state = RowState.WATCHING if watched else RowState(outcome)
        return self._step(row, state, {}, outcome=outcome, answer=_capped(answer), **wrong)

    def is_sending(self, row: Row) -> bool:
        """Whether nothing is written yet of what came of it."""
        return self._ledger.now(row).state is RowState.SENDING

    def _can_be_seen(self, row: Row) -> bool:
        return self._kinds.is_observable(row) and (self._modes_are_seen or not self._kinds.of(row.command).sets_mode)

    def after_poll(self, poll: Poll) -> None:
        """Take every watched row to where ``poll`` shows it."""
        watched = self._ledger.watched()
        if not watched:
            return
        for sighting in self._observer.look(poll, watched, self._ledger.later_than(watched[0].id)):
            row, state = sighting.row, sighting.state
            if state is not row.state:
                row = self._step(row, state, sighting.params)
            if state not in WATCHED:
                level = logging.INFO if state is RowState.OBSERVED else logging.WARNING
                _log.log(level, "command %d (%s %s): %s", row.id, row.command, nodes.who(row.target), row.observed)

    def _step(self, row: Row, state: RowState, state_params: dict[str, Any], **changes: Any) -> Row:
        sight = state if state in WATCHED | _SEEN else None
        with self._stepping:
            now = self._ledger.now(row)
            if state not in STEPS.get(now.state, frozenset()):
                _log.error("command %d is %s and cannot become %s", row.id, now.state, state)
                return now
            return self._ledger.update(now, sight=sight, state_params=state_params, **changes)


def _capped(answer: Any) -> Any:
    """The answer, or the beginning of it as text: a row is kept in memory and sent to every page."""
    text = orjson.dumps(answer, option=orjson.OPT_NON_STR_KEYS)
    return answer if len(text) <= MOST_ANSWER else {"cut off": text[:MOST_ANSWER].decode("utf-8", "ignore")}
