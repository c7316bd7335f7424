"""What a process of ours asks of the operating system."""

import ctypes
import gc
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Have the kernel end this process when its parent dies, however the parent dies.

    ``parent`` is the parent's process id as the parent knew it: if it is already gone, we end at once. The
    kernel's signal follows the parent's *thread* that started us, so that must be a thread that lives as long.
    Does nothing where the system has no such call (anything but Linux).
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def forget_names_of_headers() -> None:
    """Remove what the environment names as WSGI names headers: the server would add it to every request."""
    for name in [name for name in os.environ if name.startswith(("HTTP_", "CONTENT_", "REMOTE_"))]:
        del os.environ[name]


def run_gc_rarely() -> None:
    """Polled data are trees: looking through them for cycles again and again costs more than half of a poll."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
