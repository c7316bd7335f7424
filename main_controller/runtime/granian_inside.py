"""All that we use of granian beyond its public interface.

At an upgrade, read these in granian/server/common.py and mp.py, and run tests/runtime/test_server.py:

- ``signal_handler_reload``: is it still what SIGHUP calls, and do ``interrupt_signal`` and
  ``main_loop_interrupt`` still end the main loop?
- ``_respawn_workers``: is it called once for every dead worker, and does ``respawned_wrks`` still hold when each was
  replaced last, from which granian decides to give up?
- ``AbstractServer.serve``: does ``MPServer.serve`` still only warn before it calls it, and does ``wrap_loader=False``
  still have ``load_app`` called in the worker?
- ``_granian``: is it still the name of the logger whose handlers ``log_dictconfig`` sets?
- ``_init_shared_socket``: do ``_ssp``, ``_shd`` and ``_sso`` still go to the worker as they are, and does the worker
  still serve on ``_shd`` where ``_ssp`` is None? Is it still ``SocketHolder(file, is_unix, backlog)``?
"""

import socket
from collections.abc import Callable, Sequence
from multiprocessing import reduction
from typing import Any

from granian._granian import SocketHolder
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


class _Handed:
    """A listening socket on its way to a worker, in which granian finds it as its own."""

    def __init__(self, sock: socket.socket, backlog: int) -> None:
        self.sock = sock
        self.backlog = backlog

    def __reduce__(self) -> tuple[Any, ...]:
        return _holder, (reduction.DupFd(self.sock.fileno()), self.backlog)


def _holder(handed: Any, backlog: int) -> Any:
    return SocketHolder(handed.detach(), False, backlog)  # type: ignore[call-arg]


class GranianInside(MPServer):
    """granian's server on a socket that listens already, ended by SIGHUP as by SIGTERM.

    It goes on as long as ``goes_on`` says.
    """

    def __init__(self, listener: socket.socket, **options: Any) -> None:
        address, port = listener.getsockname()[:2]
        super().__init__(address=str(address), port=int(port), **options)
        self._listener = listener

    def _init_shared_socket(self) -> None:
        self._ssp = self._sso = None
        self._shd = _Handed(self._listener, self.backlog)  # type: ignore[assignment]

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
