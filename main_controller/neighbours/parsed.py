"""A neighbour's answer as JSON, or the error that names who answered what."""

from typing import Any

import orjson

from main_controller.errors import NeighbourFailedError
from main_controller.neighbours import lenient

# An answer is passed on inside other things: a node, a picture, a row of the ledger.
_ROOM = 20


def parsed(body: bytes, who: str, url: str) -> Any:
    """The JSON value of an answer; raises NeighbourFailedError that quotes its beginning."""
    try:
        return lenient.loads(body)
    except ValueError as error:
        start = " ".join(body[:60].decode("utf-8", "replace").split())
        raise NeighbourFailedError(
            f"{who} ({url}) answered no JSON but {start!r}", what="not_json", sent=True, who=who
        ) from error


def parsed_small(body: bytes, who: str, url: str) -> Any:
    """The JSON value of a small answer that is to be passed on; raises for one that cannot be written again too."""
    answer = parsed(body, who, url)
    nested = answer
    for _ in range(_ROOM):
        nested = [nested]
    try:
        orjson.dumps(nested)
    except TypeError as error:
        raise NeighbourFailedError(
            f"{who} ({url}) answered JSON that is nested too deeply", what="not_json", sent=True, who=who
        ) from error
    return answer


def parsed_object(body: bytes, who: str, url: str) -> dict[str, Any]:
    """The JSON object of a small answer; raises NeighbourFailedError for anything else."""
    answer = parsed_small(body, who, url)
    if not isinstance(answer, dict):
        raise NeighbourFailedError(f"{who} ({url}) answered no object", what="unexpected", sent=True, who=who)
    return answer
