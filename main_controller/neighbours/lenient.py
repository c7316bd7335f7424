"""JSON as neighbours really send it: a value that cannot be is null, never the loss of the whole answer."""

import json
import math
from typing import Any

import orjson

_MAX_BITS = 64
# Nineteen digits may be an integer over 64 bits, which orjson would quietly turn into a float. Looked for with every
# digit made a 0: several times faster than a pattern.
_DIGITS_AS_0 = bytes(0x30 if chr(byte).isdecimal() and byte < 0x80 else byte for byte in range(256))
_LONG_NUMBER = b"0" * 19


def loads(body: bytes) -> Any:
    """The value of a JSON text in UTF-8.

    NaN, infinities, numbers out of range, integers over 64 bits and texts with lone surrogates or broken UTF-8
    become None; a name of an object that is such a text goes with its value. Raises ValueError for what is no
    JSON.
    """
    if _LONG_NUMBER not in body.translate(_DIGITS_AS_0):
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            pass
    try:
        value = json.loads(
            body.decode("utf-8", "surrogateescape"),
            parse_int=_integer,
            parse_float=_float,
            parse_constant=lambda _: None,
        )
        return _without_surrogates(value)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _integer(text: str) -> int | None:
    if len(text) > 21:
        return None
    value = int(text)
    return value if -(2 ** (_MAX_BITS - 1)) <= value < 2**_MAX_BITS else None


def _float(text: str) -> float | None:
    value = float(text)
    return value if math.isfinite(value) else None


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value if _is_text(value) else None
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {name: _without_surrogates(item) for name, item in value.items() if _is_text(name)}
    return value
