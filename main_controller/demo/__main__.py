"""``python -m main_controller.demo``: a demo cluster as a process of its own."""

import argparse
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import orjson

from main_controller.demo.recording import RecordingError
from main_controller.demo.server import Demo
from main_controller.runtime.process import die_with_parent

_ENDS = {signal.SIGTERM, signal.SIGINT}


def _number(kind: type[int] | type[float], low: float, high: float) -> Callable[[str], float]:
    def check(text: str) -> float:
        number = kind(text)
        if not low <= number <= high:
            raise ValueError(text)
        return number

    check.__name__ = f"number between {low:g} and {high:g}"
    return check


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m main_controller.demo", description=__doc__)
    parser.add_argument("--nodes", type=_number(int, 1, 60_000), default=8, help="how many (8)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same day (1)")
    parser.add_argument("--speed", type=_number(float, 0.1, 3600), default=60.0, help="times wall time (60)")
    parser.add_argument("--gather", type=_number(float, 0.05, 60), default=5.0, help="s between /get/log (5)")
    parser.add_argument("--recording", type=Path, help="play this file instead of a simulation")
    parser.add_argument("--stepped", action="store_true", help="go on by /demo/step alone")
    parser.add_argument("--parent", type=int, help="end when this process, our parent, has ended")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; the settings that point here go to stdout in one line of JSON."""
    options = _arguments(argv)
    # Blocked in every thread and waited for in this one: a handler could be called just before we fall asleep.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
    if options.parent:
        die_with_parent(options.parent)
    try:
        demo = Demo(
            options.nodes,
            options.seed,
            options.speed,
            options.gather,
            options.recording,
            stepped=options.stepped,
        )
        with demo:
            os.write(1, orjson.dumps(demo.settings) + b"\n")
            signal.sigwait(_ENDS)
    except (RecordingError, OSError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
