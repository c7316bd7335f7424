"""The one place that builds the worker's parts, starts the threads and stops them."""

import os
from dataclasses import dataclass
from functools import partial
from multiprocessing.util import Finalize

from main_controller.commands.based_on import Shown
from main_controller.commands.before_command import BeforeCommand
from main_controller.commands.door import Door
from main_controller.commands.kind import Kinds
from main_controller.commands.kinds import KINDS, soft_stop
from main_controller.commands.observer import Observer
from main_controller.commands.operations import Operations, Parts
from main_controller.commands.preconditions import Preconditions
from main_controller.commands.recorder import Recorder
from main_controller.commands.row_life import RowLife
from main_controller.commands.scheduler import Scheduler, SchedulerParts
from main_controller.commands.stop_all import StopAll, StopAllParts
from main_controller.neighbours.apis_web import ApisWeb
from main_controller.neighbours.control import Budo, Converters
from main_controller.neighbours.devices import Devices
from main_controller.picture.data_collector import DataCollector
from main_controller.picture.deals import Deals
from main_controller.picture.snapshot import SnapshotHolder
from main_controller.runtime import files, logs
from main_controller.runtime.connections import ConnectionWatch
from main_controller.runtime.date_watch import DateWatch
from main_controller.runtime.folders import Folders
from main_controller.runtime.process import die_with_parent, forget_names_of_headers, run_gc_rarely
from main_controller.setting_table import Settings
from main_controller.storage.ledger import Ledger
from main_controller.storage.schedule_files import Schedules
from main_controller.threads import fan_out
from main_controller.threads.aside import Aside
from main_controller.web.app import WebApp, command_routes, read_routes
from main_controller.web.assets import Assets
from main_controller.web.commands import CommandReads, Commands
from main_controller.web.guard import Hosts
from main_controller.web.page import Page
from main_controller.web.picture import PictureRoute, Sources
from main_controller.web.quick import QuickLogInfo
from main_controller.web.reads import Doubts, Reads
from main_controller.web.waiting_room import WaitingRoom

# One over hung converters lasts two time limits at most: so many are enough for one in a tenth of a second.
STOP_ALL_EVERY_S, STOP_ALLS_ASIDE = 0.1, 64


@dataclass(frozen=True, slots=True)
class Product:
    """The parts that live while the product runs: the app, the door for commands, the daemon threads, the ledger."""

    app: WebApp
    door: Door
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


def build(chosen: Settings, where: Folders, threads: int) -> Product:
    """All parts, wired, nothing started; ``threads`` is how many requests the server works on at a time."""
    apis_web = ApisWeb(chosen)
    collector = DataCollector(chosen, apis_web, SnapshotHolder())
    deals, room = Deals(apis_web), WaitingRoom(threads)
    schedules, ledger = Schedules(where.schedules), Ledger(where.data, chosen.ledger_days)
    kinds, shown = Kinds(KINDS), Shown(collector, schedules)
    observer, before = Observer(kinds), BeforeCommand(kinds)
    life = RowLife(ledger, kinds, observer, modes_are_seen=chosen.apis)
    recorder = Recorder(collector, life, observer, before, kinds)
    budo, converters = Budo(chosen), Converters(chosen)
    preconditions = Preconditions(chosen, collector, apis_web, ledger, schedules, kinds)
    operations = Operations(Parts(collector, budo, converters, schedules, preconditions, shown, recorder, kinds))
    stop_all = StopAll(StopAllParts(collector, deals, budo, converters, shown, ledger, recorder, kinds, chosen.apis))
    door = Door(chosen, preconditions, operations, stop_all)
    collector.watchers += [stop_all.after_poll, life.after_poll]
    dates, hosts = DateWatch(), Hosts(chosen.allowed_hosts)
    parts = SchedulerParts(partial(soft_stop, door), schedules, collector, ledger, dates, kinds, chosen.apis)
    scheduler = Scheduler(chosen.schedulerInterval, parts)
    doubts = Doubts(before, dates, hosts)
    reads = Reads(chosen, collector, deals, Devices(chosen), doubts, room)
    page = Page(chosen, where.program)
    sources = Sources(collector, deals, doubts, schedules, scheduler, ledger)
    picture = PictureRoute(chosen, sources, room, page.tag)
    routes = read_routes(page, reads, picture, Assets(where.program))
    aside = Aside("stop-all-aside", STOP_ALL_EVERY_S, STOP_ALLS_ASIDE)
    commands = Commands(door, hosts, room, aside)
    routes += command_routes(commands, CommandReads(schedules, scheduler, ledger, room), kinds)
    return Product(WebApp(routes, QuickLogInfo(collector)), door, collector, scheduler, ledger)


def load_worker(chosen: Settings, where: Folders, threads: int, parent: int) -> WebApp:
    """Called in the worker process: the app, with its threads running."""
    die_with_parent(parent)
    forget_names_of_headers()
    os.setpgid(0, 0)  # Ctrl-C in a terminal is for the parent alone, which then ends the worker
    logs.configure(where.program / "logging.conf", where.kept, files=True)
    logs.log_dying_threads()
    budget = files.FileBudget.of(files.allowed())
    fan_out.allow(budget.exchanges)
    product = build(chosen, where, threads)
    run_gc_rarely()
    product.start()
    ConnectionWatch(chosen.b_port, chosen.connections_per_address, budget.connections).start()
    Finalize(None, product.stop, exitpriority=0)
    return product.app
