"""The product as it would be without polls in step: the baseline of ``page.py``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import startMain
from main_controller.launch import main
from main_controller.picture.data_collector import DataCollector
from main_controller.threads.daemon import Daemon

DataCollector.due_after = Daemon.due_after  # type: ignore[method-assign]  # in the worker too, which imports this file

if __name__ == "__main__":
    sys.exit(main(vars(startMain)))
