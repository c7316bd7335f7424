"""Pure: which values a command may have; everything else is refused before anything is sent (contract, section 4)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from main_controller import nodes
from main_controller.commands.asked import not_allowed
from main_controller.errors import BadRequestError
from main_controller.setting_table import Settings
from main_controller.storage.schedule_files import PAST_TOLERANCE, parse_time

GLOBAL_VALUES = (nodes.RUN, nodes.SOFT_STOP, nodes.FORCE_STOP, nodes.MANUAL)
LOCAL_VALUES = ("", nodes.SOFT_STOP, nodes.FORCE_STOP)
STOPPING_VALUES = frozenset({nodes.FORCE_STOP, nodes.SOFT_STOP})
CONVERTER_MODES = (nodes.WAIT, nodes.CV, nodes.CC_CHARGE, nodes.CC_DISCHARGE)
WAIT_VALUES = {"mode": nodes.WAIT, "dvg": "350", "dig": "2"}
_PLAIN_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


def converter_values(values: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """mode, dvg (V), dig (A) and perhaps drg (%) as they are sent; raises BadRequestError that names the wrong one."""
    mode = values.get("mode", "")
    if mode not in CONVERTER_MODES:
        raise not_allowed("mode", mode, f"allowed: {', '.join(CONVERTER_MODES)}")
    given = (WAIT_VALUES if mode == nodes.WAIT else {}) | dict(values)
    limits = {"dvg": settings.dvg_max, "dig": settings.dig_max, "drg": 100.0}
    checked = {"mode": mode}
    for name, highest in limits.items():
        if name not in given:
            if name == "drg":
                continue
            raise BadRequestError(
                f"{name}: missing; a number from 0 to {highest:g} is needed", "parameter_missing", name=name
            )
        number = float(given[name]) if _PLAIN_NUMBER.fullmatch(given[name]) else None
        if number is None or number > highest:
            raise not_allowed(name, given[name], f"a number from 0 to {highest:g}")
        checked[name] = f"{number:.10g}"
    return checked


def time_to_come(value: str) -> datetime:
    """The time of a schedule, UTC; raises BadRequestError for one that is none or past."""
    at = _time("value", value)
    if at < datetime.now(UTC) - PAST_TOLERANCE:
        raise BadRequestError(f"value: {value[:80]!r} is in the past", "time_in_the_past", value=value[:80])
    return at


def time_shown(was: str | None, none: str) -> str | None:
    """The time of a schedule as its asker saw it, as it is compared; ``none`` and None stay."""
    return was if was in {None, none} else _time("was", str(was), f", or {none}").isoformat()


def _time(name: str, text: str, more: str = "") -> datetime:
    try:
        return parse_time(text)
    except ValueError as error:
        raise BadRequestError(f"{name}: {error}{more}", "no_time", name=name, value=text[:80]) from error
