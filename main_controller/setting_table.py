"""The table of all settings: name, default, how it is read, what is allowed, what it means.

The variables of startMain.py, the environment, the command line with its ``--help``, and the README's table all follow
from it. Names, meanings and defaults: specification, section 7.1, and contract, section 1.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from main_controller import setting_kinds as kinds


def _setting(default: object, parse: kinds.Parse, allowed: str, meaning: str) -> Any:
    return dataclasses.field(metadata={"default": default, "parse": parse, "allowed": allowed, "meaning": meaning})


_PORT = "a port number from 1 to 65535"
_BOOL = "true or false"
_TAIL = "a text that begins with : or /"
_URL = "an http:// or https:// URL without query, or empty"
_HOST = "a host name or an IP address"
_SECONDS = "seconds from 0.05 to 86400"
_PRIVATE_NETWORKS = (
    "127.0.0.0/8, ::1, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16, 100.64.0.0/10, fc00::/7, fe80::/10"
)
_NUMBER_OF_SECONDS = kinds.number(0.05, 86400)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked; the four neighbour URLs are filled in and have no slash at the end."""

    b_host: str = _setting("0.0.0.0", kinds.host, _HOST, "address on which Main Controller listens")
    b_port: int = _setting(
        4382, kinds.port(0), "a port number from 0 to 65535 (0: any free one)", "port on which Main Controller listens"
    )
    emul_port: int = _setting(4390, kinds.port(1), _PORT, "port of the hardware emulator on this machine")
    budo_port: int = _setting(4383, kinds.port(1), _PORT, "port of the former Budo on this machine")
    emulator: bool = _setting(
        True,
        kinds.boolean,
        _BOOL,
        "converter commands go to the hardware emulator (true) or to each node's device driver (false)",
    )
    apis: bool = _setting(
        True, kinds.boolean, _BOOL, "node data come from apis-web (true) or from the hardware emulator (false)"
    )
    apis_host: str = _setting("localhost", kinds.host, _HOST, "host of apis-web")
    apis_emul_port: int = _setting(43900, kinds.port(1), _PORT, "port of apis-web's Emulator Emulator (node data)")
    apis_budo_port: int = _setting(43830, kinds.port(1), _PORT, "port of apis-web's Budo Emulator (deals, modes)")
    apis_emul_url: str = _setting("", kinds.http_url, _URL, "URL of the Emulator Emulator; empty: from apis_host")
    apis_budo_url: str = _setting("", kinds.http_url, _URL, "URL of the Budo Emulator; empty: from apis_host")
    ups_set_url: str = _setting(
        ":8080/1/ups1/operation/mode", kinds.tail, _TAIL, "what follows a node's address to set its UPS mode"
    )
    set_url: str = _setting(
        ":4380/remote/set?", kinds.tail, _TAIL, "what follows a node's address to set its DC/DC converter"
    )
    url: Mapping[str, str] = _setting(
        {"dcdc": ":4380/remote/get", "meter": ":4380/inquiry/09", "emu": ":8080/1/log/data"},
        kinds.url_table,
        "an object (JSON) with the keys dcdc, meter and emu, each a text that begins with : or /",
        "what follows a node's address to read its converter, meter and EMU",
    )
    emul_url: str = _setting("", kinds.http_url, _URL, "URL of the hardware emulator; empty: from emul_port")
    budo_url: str = _setting("", kinds.http_url, _URL, "URL of the former Budo; empty: from budo_port")
    datacollectorinterval: float = _setting(5, _NUMBER_OF_SECONDS, _SECONDS, "interval of the Data Collector, s")
    schedulerInterval: float = _setting(5, _NUMBER_OF_SECONDS, _SECONDS, "interval of the Scheduler, s")  # noqa: N815 - the specification's name
    neighbour_timeout: float = _setting(
        3, _NUMBER_OF_SECONDS, _SECONDS, "time limit of one whole exchange of a command or read-through, s"
    )
    poll_timeout: float = _setting(4, _NUMBER_OF_SECONDS, _SECONDS, "time limit of one whole poll, s")
    stale_after: float = _setting(
        20, _NUMBER_OF_SECONDS, _SECONDS, "a node whose time stands still this long (or three intervals) is stale, s"
    )
    ledger_days: float = _setting(
        365, kinds.number(1, 36500), "days from 1 to 36500", "how long the ledger keeps a command, days"
    )
    dvg_max: float = _setting(
        400, kinds.number(0, 1000), "volts from 0 to 1000", "highest bus voltage a command may ask for, V"
    )
    dig_max: float = _setting(
        50, kinds.number(0, 1000), "amperes from 0 to 1000", "highest grid current a command may ask for, A"
    )
    allowed_hosts: frozenset[str] = _setting(
        "",
        kinds.host_names,
        "host names or addresses, separated by commas, or empty",
        "names beside this machine's own under which commands may be addressed to it",
    )
    device_networks: tuple[kinds.Network, ...] = _setting(
        _PRIVATE_NETWORKS,
        kinds.networks,
        "networks (10.0.0.0/8) or addresses, separated by commas",
        "networks in which devices of nodes are: an address that a node tells is used only when it is in one of them",
    )
    connections_per_address: int = _setting(
        128,
        kinds.whole(8, 16384),
        "a whole number from 8 to 16384",
        "connections that one address (of IPv6: one /64) may have open; more are closed, idle ones first",
    )
    state_folder: str = _setting(
        "",
        kinds.folder,
        "the path of a folder, or empty",
        "folder that holds schedules/, data/ and log/; empty: the program's own (a demo always has one of its own)",
    )
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Spec:
    """One setting: its name, its default, how a value is read from text or Python, what is allowed, what it means."""

    name: str
    default: object
    parse: kinds.Parse
    allowed: str
    meaning: str


SPECS = tuple(Spec(field.name, **field.metadata) for field in dataclasses.fields(Settings) if field.metadata)
