"""All that we use of granian beyond its public interface.

At an upgrade, read these in granian/server/common.py and mp.py, and run tests/runtime/test_server.py:

- ``signal_handler_reload``: is it still what SIGHUP calls, and do ``interrupt_signal`` and
  ``main_loop_interrupt`` still end the main loop?
- ``_respawn_workers``: is it called once for every dead worker, and does ``respawned_wrks`` still hold when each was
  replaced last, from which granian decides to give up?
- ``AbstractServer.serve``: does ``MPServer.serve`` still only warn before it calls it, and does ``wrap_loader=False``
  still have ``load_app`` called in the worker?
- ``_granian``: is it still the name of the logger whose handlers ``log_dictconfig`` sets?
"""

from collections.abc import Callable, Sequence
from typing import Any

from granian.server.common import AbstractServer
from granian.server.mp import MPServer

# All records take the way of logging.conf: granian's own handlers are taken off.
NO_HANDLERS = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {"handlers": [], "propagate": True}},
}


class GranianInside(MPServer):
    """granian's server, ended by SIGHUP as by SIGTERM, that goes on as long as ``goes_on`` says."""

    @property
    def ends(self) -> bool:
        """Whether a signal to end has come."""
        return bool(self.interrupt_signal)

    def goes_on(self) -> bool:
        """Called after every death of a worker: whether it is to be replaced all the same."""
        return True

    def signal_handler_reload(self, *args: Any, **kwargs: Any) -> None:
        """End as for SIGTERM: a reload would run two Schedulers at a time."""
        self.interrupt_signal = True
        self.main_loop_interrupt.set()

    def _respawn_workers(self, workers: Sequence[int], *args: Any, **kwargs: Any) -> None:
        super()._respawn_workers(workers, *args, **kwargs)
        if self.goes_on():
            self.respawned_wrks.clear()  # from which granian sees two deaths within 5.5 s, and gives up

    def serve_app(self, load_app: Callable[[], Any]) -> None:
        """Serve until a signal comes; ``load_app`` is called in the worker and gives the WSGI app."""
        # Past MPServer.serve, which only adds a warning about the number of threads: most of ours wait.
        AbstractServer.serve(self, None, load_app, False)
