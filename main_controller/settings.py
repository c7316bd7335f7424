"""The settings: startMain.py's variables < environment < command line, checked, in one frozen value.

Names, meanings and defaults: specification, section 7.1, and contract, section 1.
"""

import argparse
import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from main_controller import setting_kinds as kinds
from main_controller.errors import SettingsError

ENVIRONMENT_PREFIX = "MAIN_CONTROLLER_"
DEFAULT_APIS_HOST = "localhost"
DEFAULT_DEMO_NODES = 8


@dataclass(frozen=True, slots=True)
class Spec:
    """One setting: its name, how a value is read from text or Python, what is allowed, what it means."""

    name: str
    parse: kinds.Parse
    allowed: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked; the four neighbour URLs are filled in and have no slash at the end."""

    b_host: str
    b_port: int
    emul_port: int
    budo_port: int
    emulator: bool
    apis: bool
    apis_host: str
    apis_emul_port: int
    apis_budo_port: int
    apis_emul_url: str
    apis_budo_url: str
    ups_set_url: str
    set_url: str
    url: Mapping[str, str]
    emul_url: str
    budo_url: str
    datacollectorinterval: float
    schedulerInterval: float  # noqa: N815 - the specification's name
    neighbour_timeout: float
    poll_timeout: float
    stale_after: float
    ledger_days: float
    dvg_max: float
    dig_max: float
    allowed_hosts: frozenset[str]
    state_folder: str
    demo: bool = False


@dataclass(frozen=True, slots=True)
class DemoChoice:
    """Which demo the command line asks for: ``nodes`` houses, or a ``recording`` to be played."""

    nodes: int = DEFAULT_DEMO_NODES
    recording: str | None = None


_PORT = "a port number from 1 to 65535"
_BOOL = "true or false"
_TAIL = "a text that begins with : or /"
_URL = "an http:// or https:// URL without query, or empty"
_HOST = "a host name or an IP address"

SPECS: tuple[Spec, ...] = (
    Spec("b_host", kinds.host, _HOST, "address on which Main Controller listens"),
    Spec(
        "b_port",
        kinds.port(0),
        "a port number from 0 to 65535 (0: any free one)",
        "port on which Main Controller listens",
    ),
    Spec("emul_port", kinds.port(1), _PORT, "port of the hardware emulator on this machine"),
    Spec("budo_port", kinds.port(1), _PORT, "port of the former Budo on this machine"),
    Spec(
        "emulator",
        kinds.boolean,
        _BOOL,
        "converter commands go to the hardware emulator (true) or to each node's device driver (false)",
    ),
    Spec("apis", kinds.boolean, _BOOL, "node data come from apis-web (true) or from the hardware emulator (false)"),
    Spec("apis_host", kinds.host, _HOST, "host of apis-web"),
    Spec("apis_emul_port", kinds.port(1), _PORT, "port of apis-web's Emulator Emulator (node data)"),
    Spec("apis_budo_port", kinds.port(1), _PORT, "port of apis-web's Budo Emulator (deals, modes)"),
    Spec("apis_emul_url", kinds.http_url, _URL, "URL of the Emulator Emulator; empty: from apis_host"),
    Spec("apis_budo_url", kinds.http_url, _URL, "URL of the Budo Emulator; empty: from apis_host"),
    Spec("ups_set_url", kinds.tail, _TAIL, "what follows a node's address to set its UPS mode"),
    Spec("set_url", kinds.tail, _TAIL, "what follows a node's address to set its DC/DC converter"),
    Spec(
        "url",
        kinds.url_table,
        "an object (JSON) with the keys dcdc, meter and emu, each a text that begins with : or /",
        "what follows a node's address to read its converter, meter and EMU",
    ),
    Spec("emul_url", kinds.http_url, _URL, "URL of the hardware emulator; empty: from emul_port"),
    Spec("budo_url", kinds.http_url, _URL, "URL of the former Budo; empty: from budo_port"),
    Spec(
        "datacollectorinterval",
        kinds.number(0.05, 86400),
        "seconds from 0.05 to 86400",
        "interval of the Data Collector, s",
    ),
    Spec("schedulerInterval", kinds.number(0.05, 86400), "seconds from 0.05 to 86400", "interval of the Scheduler, s"),
    Spec(
        "neighbour_timeout",
        kinds.number(0.05, 86400),
        "seconds from 0.05 to 86400",
        "time limit of one whole exchange of a command or read-through, s",
    ),
    Spec("poll_timeout", kinds.number(0.05, 86400), "seconds from 0.05 to 86400", "time limit of one whole poll, s"),
    Spec(
        "stale_after",
        kinds.number(0.05, 86400),
        "seconds from 0.05 to 86400",
        "a node whose time stands still this long (or three intervals) is stale, s",
    ),
    Spec("ledger_days", kinds.number(1, 36500), "days from 1 to 36500", "how long the ledger keeps a command, days"),
    Spec("dvg_max", kinds.number(0, 1000), "volts from 0 to 1000", "highest bus voltage a command may ask for, V"),
    Spec("dig_max", kinds.number(0, 1000), "amperes from 0 to 1000", "highest grid current a command may ask for, A"),
    Spec(
        "allowed_hosts",
        kinds.host_names,
        "host names or addresses, separated by commas, or empty",
        "names beside this machine's own under which commands may be addressed to it",
    ),
    Spec(
        "state_folder",
        kinds.folder,
        "the path of a folder, or empty",
        "folder that holds schedules/, data/ and log/; empty: the program's own (a demo always has one of its own)",
    ),
)


def _checked(spec: Spec, value: object, where: str) -> Any:
    try:
        return spec.parse(value)
    except (ValueError, TypeError, RecursionError) as error:
        shown = repr(value) if len(repr(value)) <= 80 else repr(value)[:77] + "..."
        raise SettingsError(f"{where}: got {shown}, allowed is {spec.allowed}") from error


def option_name(name: str) -> str:
    """The command-line option of a setting: ``b_port`` -> ``--b-port``."""
    return "--" + name.replace("_", "-")


class _OneLineParser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        raise SettingsError(message)


def _parser(variables: Mapping[str, object]) -> argparse.ArgumentParser:
    parser = _OneLineParser(
        prog="startMain.py",
        description="Main Controller, the control room of an APIS cluster.",
        epilog=f"Every setting can also be given by the environment: {ENVIRONMENT_PREFIX} and its name in capitals.",
        allow_abbrev=False,
    )
    for spec in SPECS:
        default = variables[spec.name]
        shown = json.dumps(default) if isinstance(default, Mapping) else default
        help_text = f"{spec.meaning} (default: {shown if shown != '' else 'empty'})".replace("%", "%%")
        parser.add_argument(option_name(spec.name), dest=spec.name, metavar="VALUE", help=help_text)
    parser.add_argument(
        "--demo",
        nargs="?",
        const=str(DEFAULT_DEMO_NODES),
        metavar="N",
        help="show a simulated cluster of N houses (default: 8), or play the recorded run in the file N; "
        "'auto': only while no apis-web is given by apis_host, apis_emul_url or apis_budo_url",
    )
    return parser


def load(
    variables: Mapping[str, object], environment: Mapping[str, str], arguments: Sequence[str]
) -> tuple[Settings, DemoChoice | None]:
    """Settings from startMain.py's ``variables``, the ``environment`` and the command line's ``arguments``.

    The second value is the demo that was asked for, or None. Raises SettingsError with one line that names the
    setting, what it got and what is allowed.
    """
    missing = [spec.name for spec in SPECS if spec.name not in variables]
    if missing:
        raise SettingsError(f"startMain.py: the variable {missing[0]} is missing")
    _refuse_unknown_environment(environment)
    options = vars(_parser(variables).parse_args(list(arguments)))
    values: dict[str, Any] = {}
    for spec in SPECS:
        values[spec.name] = _checked(spec, variables[spec.name], f"{spec.name} in startMain.py")
        key = ENVIRONMENT_PREFIX + spec.name.upper()
        given = False
        if key in environment:
            values[spec.name] = _checked(spec, environment[key], f"{spec.name} in the environment ({key})")
            given = True
        if options[spec.name] is not None:
            values[spec.name] = _checked(spec, options[spec.name], option_name(spec.name))
            given = True
        if spec.name == "apis_host":
            apis_host_given = given
    if not values["apis"] and not values["emulator"]:
        raise SettingsError(
            "apis and emulator are both false: then there is no source of node data; set one of them to true"
        )
    pointed = (
        apis_host_given
        or values["apis_host"] != DEFAULT_APIS_HOST
        or bool(values["apis_emul_url"] or values["apis_budo_url"])
    )
    return _filled(Settings(**values)), _demo_choice(options["demo"], pointed=pointed)


def _refuse_unknown_environment(environment: Mapping[str, str]) -> None:
    known = {ENVIRONMENT_PREFIX + spec.name.upper() for spec in SPECS}
    for key in sorted(environment):
        if key.startswith(ENVIRONMENT_PREFIX) and key not in known:
            raise SettingsError(f"{key} in the environment: no setting of that name; --help lists them")


def _demo_choice(asked: str | None, *, pointed: bool) -> DemoChoice | None:
    if asked is None or (asked == "auto" and pointed):
        return None
    if asked == "auto":
        return DemoChoice()
    if asked.isdecimal() and asked.isascii():
        if not 1 <= int(asked) <= 20000:
            raise SettingsError(f"--demo: got {asked!r}, allowed is a number of houses from 1 to 20000")
        return DemoChoice(nodes=int(asked))
    if not Path(asked).is_file():
        raise SettingsError(f"--demo: got {asked!r}, allowed is a number of houses or the file of a recorded run")
    return DemoChoice(recording=asked)


def _url_host(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _filled(settings: Settings) -> Settings:
    host = _url_host(settings.apis_host)
    return dataclasses.replace(
        settings,
        apis_emul_url=settings.apis_emul_url or f"http://{host}:{settings.apis_emul_port}",
        apis_budo_url=settings.apis_budo_url or f"http://{host}:{settings.apis_budo_port}",
        emul_url=settings.emul_url or f"http://localhost:{settings.emul_port}",
        budo_url=settings.budo_url or f"http://localhost:{settings.budo_port}",
    )


def pointed_at(settings: Settings, neighbours: Mapping[str, Any]) -> Settings:
    """The same settings with the neighbours of a demo in place of their own; see ``demo``'s start line."""
    return _filled(
        dataclasses.replace(
            settings,
            **neighbours,
            apis_emul_url="",
            apis_budo_url="",
            emul_url=f"http://{neighbours['apis_host']}:{neighbours['emul_port']}",
            budo_url=f"http://{neighbours['apis_host']}:{neighbours['budo_port']}",
            demo=True,
        )
    )


Source = Literal["apis-web", "hardware emulator"]


def source_of_data(settings: Settings) -> tuple[Source, str]:
    """Who gathers the node data, and its URL (contract, section 1)."""
    return ("apis-web", settings.apis_emul_url) if settings.apis else ("hardware emulator", settings.emul_url)
