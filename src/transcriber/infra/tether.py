"""Runs a command that the kernel kills when its parent dies, however the parent dies.

Usage: `python -m transcriber.infra.tether PARENT_PID COMMAND…`.  The mark survives `exec`, so the
command needs to know nothing of it; it is set in the child, because code between fork and exec of
a process with threads may deadlock.
"""

import ctypes
import os
import signal
import sys

# linux/prctl.h
_PR_SET_PDEATHSIG = 1


def tether_to_parent(parent_pid: int) -> None:
    """Have the kernel send SIGKILL to this process when its parent's spawning thread ends.

    Where the system has no such call (macOS), the process outlives a killed parent.

    Raises:
        SystemExit: when the parent is already gone.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:
        raise SystemExit("The process that asked for this one is gone.")


def build_tethered_command(command: list[str]) -> list[str]:
    """The command that runs `command` tethered to this process."""
    return [sys.executable, "-m", "transcriber.infra.tether", str(os.getpid()), *command]


if __name__ == "__main__":
    tether_to_parent(int(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 -- the command is our own, and no shell reads it
