"""`transcriber worker`: worker processes under one parent, run the same way by `serve`."""

import signal
import sys
from types import FrameType

from transcriber.infra.errors import StartupError
from transcriber.infra.exit_status import RESTART_AT_ONCE, ExitStatus
from transcriber.infra.identifiers import create_id
from transcriber.infra.logging import configure_logging
from transcriber.infra.settings import Settings
from transcriber.infra.supervisor import ChildPlan, Supervisor
from transcriber.infra.tracing import build_tracer
from transcriber.infra.worker_drains import SLOT_VARIABLE
from transcriber.infra.worker_shares import count_workers

WORKER_DRAIN_SECONDS = 29.5
"""A worker ends itself after 28 s; whatever is left then is killed."""


def plan_workers(settings: Settings) -> list[ChildPlan]:
    """How to run the worker processes, as many as `count_workers` says.

    Each has a place of its own, which those that are started after it have too: a drained place
    stays drained until it is resumed, or this parent ends.
    """
    environment = settings.to_environment()
    return [
        ChildPlan(
            name=f"worker-{number}",
            command=[sys.executable, "-m", "transcriber.worker"],
            environment={**environment, SLOT_VARIABLE: create_id()},
            stop_seconds=WORKER_DRAIN_SECONDS,
            restart_at_once=RESTART_AT_ONCE,
        )
        for number in range(1, count_workers(settings) + 1)
    ]


def run_workers(settings: Settings) -> int:
    """Keep the workers running until SIGTERM or SIGINT, then drain them side by side.

    Raises:
        StartupError: when no worker is wanted, or what they would trace with is not installed.
    """
    if count_workers(settings) == 0:
        raise StartupError("WORKER_PROCESSES is 0, so there is no worker to run.")
    # Each worker builds its own: one sentence here instead of a traceback for each of them.
    build_tracer(settings).close()
    configure_logging(settings, process="workers")
    supervisor = Supervisor(plan_workers(settings))

    def begin_stop(_number: int, _frame: FrameType | None) -> None:
        supervisor.begin_stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, begin_stop)
    supervisor.start()
    supervisor.wait()
    return ExitStatus.DONE
