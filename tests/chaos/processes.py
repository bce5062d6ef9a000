"""Child processes that never outlive this one, however it ends, with their logs in files."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

START_SECONDS = 180.0
"""RabbitMQ takes ten seconds on two free cores, and minutes on busy ones."""

# The kernel ties a child to the thread that spawned it, and the threads of faults come and go.
_SPAWNER = ThreadPoolExecutor(1, thread_name_prefix="spawner")


class StartError(Exception):
    """A process that the run needs did not come up."""


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: str | None = None,
    prefix: Sequence[str] = (),
) -> "subprocess.Popen[bytes]":
    """Start `command` in a session of its own, killed by the kernel when this process ends.

    Args:
        command: Program and arguments.
        log: Gets both outputs, appended.
        environment: The whole environment; ours without.
        cwd: Where it runs.
        user: Whom it runs as, when this process is root.
        prefix: What runs it, such as `ip netns exec NAME`; it must `exec` the rest.
    """
    tie = ["setpriv", "--pdeathsig", "KILL"]
    if user is not None and os.getuid() == 0:
        tie += ["--reuid", user, "--regid", user, "--init-groups"]

    def start() -> "subprocess.Popen[bytes]":
        with log.open("ab") as output:
            return subprocess.Popen(
                [*prefix, *tie, "--", *command],
                env=dict(os.environ if environment is None else environment),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    return _SPAWNER.submit(start).result()


def send_signal(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    """Signal the process's whole group; one that is gone hears nothing."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


def end_process(process: "subprocess.Popen[bytes] | None") -> None:
    """Kill the process's group and wait for it."""
    if process is None:
        return
    send_signal(process, signal.SIGKILL)
    process.wait(30)


def wait_until(
    is_true: Callable[[], object],
    what: str,
    *,
    seconds: float = START_SECONDS,
    log: Path | None = None,
    pause: float = 0.1,
) -> None:
    """Ask again and again, for a bounded time.

    Raises:
        StartError: when the time is over, with the end of the log.
    """
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            tail = (
                log.read_text(errors="replace")[-3_000:] if log is not None and log.exists() else ""
            )
            raise StartError(f"{what} did not come within {seconds:.0f} s.\n{tail}")
        time.sleep(pause)


def find_free_port(address: str = "127.0.0.1") -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])
