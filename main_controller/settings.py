"""The settings: startMain.py's variables < environment < command line, checked, in one frozen value."""

import argparse
import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from main_controller.errors import SettingsError
from main_controller.setting_table import SPECS, Settings, Spec

ENVIRONMENT_PREFIX = "MAIN_CONTROLLER_"
DEFAULT_APIS_HOST = "localhost"
DEFAULT_DEMO_NODES = 8


@dataclass(frozen=True, slots=True)
class DemoChoice:
    """Which demo the command line asks for: ``nodes`` houses, or a ``recording`` to be played."""

    nodes: int = DEFAULT_DEMO_NODES
    recording: str | None = None


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
