"""How a worker process ends, for whoever started it, and how it ends itself at once."""

import contextlib
import os
from enum import IntEnum

import psutil


class ExitStatus(IntEnum):
    """Exit statuses of a worker process; the numbers of sysexits.h where one fits.

    Attributes:
        DONE: It was asked to stop, and had time to finish.
        HUNG: Its work made no progress within the deadline (EX_SOFTWARE).
        DRAIN_EXCEEDED: It was asked to stop, and its work did not end in time (EX_TEMPFAIL).
        RECYCLED: It ended on its own wish, between two slices, to be started afresh.
        ABANDONED: Nobody wanted its work any more, and the work did not stop.
    """

    DONE = 0
    HUNG = 70
    DRAIN_EXCEEDED = 75
    RECYCLED = 80
    ABANDONED = 81


RESTART_AT_ONCE = frozenset({ExitStatus.DONE, ExitStatus.RECYCLED, ExitStatus.ABANDONED})
"""Ends that are no fault: the next process is started without a pause and without an alarm.  One
worker that was asked to stop, by whoever runs the machine, was asked to start afresh."""


def end_process_tree(status: ExitStatus) -> None:
    """End this process and all it has started, now, whatever its threads are doing.

    The work may hang in a library that no exception and no signal handler reaches.  The decoding
    child leads a process group of its own, so the whole tree is looked up rather than one group.
    """
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            child.kill()
    os._exit(status)
