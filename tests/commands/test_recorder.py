"""A precondition and the row that it lets in are one step."""

import threading
import time
from contextlib import suppress
from pathlib import Path

import startMain
from main_controller import settings, wiring
from main_controller.errors import ConflictError
from main_controller.runtime.folders import PROGRAM, Folders


def test_of_two_commands_that_exclude_each_other_only_one_passes(tmp_path: Path) -> None:
    product = wiring.build(settings.load(vars(startMain), {}, [])[0], Folders(PROGRAM, tmp_path), 32)
    recorder = product.door.operations.parts.recorder
    passed: list[str] = []

    def nothing_is_open() -> None:
        if product.ledger.open_rows():
            raise ConflictError("another one is open")
        time.sleep(0.1)  # long enough for the other to look too

    def command(unit: str) -> None:
        with suppress(ConflictError), recorder.carried_out("x", "set/dcdc", unit, {}, nothing_is_open) as row:
            passed.append(unit)
            recorder.finish(row, "accepted", {})

    threads = [threading.Thread(target=command, args=(unit,)) for unit in ("E001", "E002")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    product.ledger.close()
    assert len(passed) == 1
