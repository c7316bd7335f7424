"""The one place that builds the worker's parts, starts the threads and stops them."""

import os
from dataclasses import dataclass
from multiprocessing.util import Finalize

from main_controller import logs
from main_controller.based_on import Shown
from main_controller.before_command import BeforeCommand
from main_controller.data_collector import DataCollector
from main_controller.date_watch import DateWatch
from main_controller.deals import Deals
from main_controller.gates import Gates
from main_controller.ledger import Ledger
from main_controller.neighbours.apis_web import ApisWeb
from main_controller.neighbours.control import Budo, Converters
from main_controller.neighbours.devices import Devices
from main_controller.observer import Observer
from main_controller.operations import Operations, Parts
from main_controller.places import Places
from main_controller.process import die_with_parent, look_for_cycles_seldom
from main_controller.recorder import Recorder
from main_controller.scheduler import Scheduler
from main_controller.schedules import Schedules
from main_controller.settings import Settings
from main_controller.snapshot import SnapshotHolder
from main_controller.stop_all import StopAll, StopAllParts
from main_controller.waiting_room import WaitingRoom
from main_controller.web.app import WebApp, command_routes, read_routes
from main_controller.web.assets import Assets
from main_controller.web.commands import Commands, Told
from main_controller.web.guard import Hosts
from main_controller.web.page import Page
from main_controller.web.quick import QuickLogInfo
from main_controller.web.reads import Doubts, Reads


@dataclass(frozen=True, slots=True)
class Product:
    """The parts that live while the product runs: the WSGI app, the daemon threads and the ledger."""

    app: WebApp
    collector: DataCollector
    scheduler: Scheduler
    ledger: Ledger

    def start(self) -> None:
        """Start the threads."""
        self.collector.start()
        self.scheduler.start()

    def stop(self) -> None:
        """End the threads, and write what the ledger has left; an exchange that hangs is not waited for."""
        self.scheduler.stop(0)
        self.collector.stop(0)
        self.ledger.close()


def build(chosen: Settings, where: Places, threads: int) -> Product:
    """All parts, wired, nothing started; ``threads`` is how many requests the server works on at a time."""
    apis_web = ApisWeb(chosen)
    collector = DataCollector(chosen, apis_web, SnapshotHolder())
    deals, room = Deals(apis_web), WaitingRoom(threads)
    schedules, ledger = Schedules(where.schedules), Ledger(where.data, chosen.ledger_days)
    observer = Observer(ledger)
    before = BeforeCommand()
    recorder = Recorder(collector, ledger, observer, before, modes_are_seen=chosen.apis)
    budo, converters = Budo(chosen), Converters(chosen)
    gates = Gates(chosen, collector, apis_web, ledger)
    operations = Operations(Parts(chosen, collector, budo, converters, schedules, gates, Shown(collector), recorder))
    stop_all = StopAll(StopAllParts(collector, deals, budo, converters, ledger, recorder, chosen.apis))
    collector.watchers += [stop_all.after_poll, observer.after_poll]
    dates, hosts = DateWatch(), Hosts(chosen.allowed_hosts)
    scheduler = Scheduler(chosen.schedulerInterval, operations, ledger, dates)
    reads = Reads(chosen, collector, deals, Devices(chosen), Doubts(before, dates, hosts), room)
    routes = read_routes(Page(chosen, where.program / "views"), reads, Assets(where.program))
    commands = Commands(operations, stop_all, hosts, room)
    routes += command_routes(commands, Told(schedules, scheduler, ledger, room))
    return Product(WebApp(routes, QuickLogInfo(collector)), collector, scheduler, ledger)


def load_worker(chosen: Settings, where: Places, threads: int, parent: int) -> WebApp:
    """Called in the worker process: the app, with its threads running."""
    die_with_parent(parent)
    os.setpgid(0, 0)  # Ctrl-C in a terminal is for the parent alone, which then ends the worker
    logs.configure(where.program / "logging.conf", where.kept, files=True)
    product = build(chosen, where, threads)
    look_for_cycles_seldom()
    product.start()
    Finalize(None, product.stop, exitpriority=0)
    return product.app
