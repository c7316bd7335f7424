"""The parent process: settings, demo, locks, and the server, whose worker it watches.

It imports nothing of what the worker works with: that would make every start longer by half.
"""

import dataclasses
import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from main_controller import settings
from main_controller.errors import SettingsError
from main_controller.runtime import demo_process, files, folders, listener, logs
from main_controller.runtime.folders import Folders
from main_controller.runtime.server import THREADS, Server
from main_controller.setting_table import Settings


def main(variables: Mapping[str, object]) -> int:
    """Run with startMain.py's ``variables``; the exit status: 0, or 2 after one line when it cannot start."""
    try:
        folders.owner_only()
        files.allow_many()
        chosen, demo = settings.load(variables, os.environ, sys.argv[1:])
        with ExitStack() as stack:
            where = Folders(
                folders.PROGRAM, Path(chosen.state_folder).absolute() if chosen.state_folder else folders.PROGRAM
            )
            if demo is not None:
                where = Folders(folders.PROGRAM, stack.enter_context(folders.temporary()))
                chosen = settings.pointed_at(chosen, stack.enter_context(demo_process.running(demo)))
            _serve(chosen, where, stack)
    except SettingsError as error:
        print(f"Main Controller cannot start: {logs.printable(str(error))}", file=sys.stderr)
        return 2
    return 0


def _serve(chosen: Settings, where: Folders, stack: ExitStack) -> None:
    port = stack.enter_context(listener.listening(chosen.b_host, chosen.b_port))
    address, number = port.getsockname()[:2]
    chosen = dataclasses.replace(chosen, b_port=number)
    stack.enter_context(folders.locked(where))
    server = Server(port, files.FileBudget.of(files.allowed()).connections)
    logs.configure(where.program / "logging.conf", where.kept, files=False)
    server.run(partial(load_worker, chosen, where, THREADS, os.getpid()), partial(_tell, chosen, address, number))


def load_worker(chosen: Settings, where: Folders, threads: int, parent: int) -> Any:
    """Called in the worker process: the WSGI app, with its threads running."""
    from main_controller import wiring

    return wiring.load_worker(chosen, where, threads, parent)


def _tell(chosen: Settings, address: str, port: int) -> None:
    host = "localhost" if address in {"0.0.0.0", "::"} else address
    shown = f"[{host}]" if ":" in host else host
    print(f"Main Controller: http://{shown}:{port}/", flush=True)
    if chosen.demo:
        print("This is a DEMO. For a real cluster: ./start.sh --apis-host ADDRESS_OF_APIS_WEB", flush=True)
    else:
        print(f"Node data from {settings.source_of_data(chosen)[1]}", flush=True)
