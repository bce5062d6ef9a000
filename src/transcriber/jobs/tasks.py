"""The one Celery task: a token wakes this process's runner."""

import os
from typing import Any

import structlog
from celery import Celery
from sqlalchemy.exc import SQLAlchemyError

from transcriber.infra.celery_app import TASK_NAME
from transcriber.infra.context import Context
from transcriber.jobs.engines import EngineProvider, LoadedEngines
from transcriber.jobs.runner import Runner

STALLED_EXIT_STATUS = 70
"""EX_SOFTWARE of sysexits.h; the supervisor starts the process anew."""

_log = structlog.stdlib.get_logger(__name__)


def register_tasks(
    celery: Celery, context: Context, *, worker_id: str, engines: EngineProvider | None = None
) -> Runner:
    """Connect the token of `infra.queue` with a runner of this process.

    Args:
        celery: The application whose worker this process runs.
        context: The process's parts.
        worker_id: Written into leases and events.
        engines: Where models are loaded; the real ones without.
    """
    runner = Runner(
        context,
        engines or LoadedEngines(context.settings),
        worker_id=worker_id,
        on_stall=_end_process,
    )

    def run(**token: Any) -> None:
        """Work for about a minute on whatever should go first; the token is only a hint."""
        try:
            slices = runner.run_token()
        except SQLAlchemyError as error:
            # Leases run out by themselves and the reconciler publishes new tokens.
            _log.error("database_away", error=str(error))
            return
        _log.info("token_done", job_id=token.get("job_id"), slices=slices)

    # Not shared: a task otherwise joins every Celery application of the process.
    celery.task(name=TASK_NAME, shared=False)(run)
    return runner


def _end_process() -> None:
    # The work hangs in a library and no exception reaches it; a new process starts clean.
    os._exit(STALLED_EXIT_STATUS)
