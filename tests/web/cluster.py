"""The cluster that the tests of the reads have: two nodes, and those whose ids are hard to carry."""

from typing import Any

from tests.neighbour import node

HOSTILE = [
    "a/b",
    "../../etc/passwd",
    '"><script>alert(1)</script>',
    "x" * 1000,
    "雪☃\U0001f600",
    "new\nline",
    "trailing/",
    "/leading",
    "100%",
    "a?b#c&d=e",
    "__proto__",
    " ",
    "quote'",
]
NODES: dict[str, Any] = {
    "E001": node("E001") | {"emu": {"rsoc": 50}},
    "E002": node("E002") | {"emu": None},
    **{name: node(name) for name in HOSTILE},
}
DEALS = [{"requester": "E001", "chargingUnit": "E001", "dischargingUnit": "E002"}]
