"""Japanese letters for the browser: the machine's own, else those that test.sh has unpacked."""

import os
from functools import cache

from tests.running import ROOT

UNPACKED = ROOT / ".venv" / "servers" / "usr" / "share" / "fonts"
_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{}</dir></fontconfig>
"""


@cache
def environment() -> dict[str, str | float | bool]:
    """The environment of a browser that finds the unpacked fonts beside the machine's."""
    if not UNPACKED.is_dir():
        return dict(os.environ)
    path = UNPACKED.parent / "fonts.conf"
    path.write_text(_CONFIGURATION.format(UNPACKED))
    return {**os.environ, "FONTCONFIG_FILE": str(path)}
