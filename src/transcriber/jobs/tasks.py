"""The one Celery task: a token wakes this process's runner."""

from collections.abc import Callable
from typing import Any

import structlog
from celery import Celery
from sqlalchemy.exc import SQLAlchemyError

from transcriber.infra.celery_app import TASK_NAME
from transcriber.infra.context import Context
from transcriber.infra.exit_status import ExitStatus, end_process_tree
from transcriber.infra.recycling import leave
from transcriber.infra.vitals import Vitals
from transcriber.jobs.kept_engines import KeptEngines
from transcriber.jobs.runner import Runner

_log = structlog.stdlib.get_logger(__name__)


def register_tasks(
    celery: Celery,
    context: Context,
    *,
    worker_id: str,
    engines: KeptEngines,
    vitals: Vitals,
    end_process: Callable[[ExitStatus], None] = end_process_tree,
) -> Runner:
    """Connect the token of `infra.queue` with a runner of this process.

    Args:
        celery: The application whose worker this process runs.
        context: The process's parts.
        worker_id: Written into leases and events.
        engines: Where models are loaded.
        vitals: Where the process keeps notes of its health.
        end_process: Ends a process whose work does not stop when told to.
    """
    runner = Runner(
        context,
        engines,
        worker_id=worker_id,
        end_process=end_process,
        is_ending=vitals.is_recycling,
    )

    def run(**token: Any) -> None:
        """Work for about a minute on whatever should go first; the token is only a hint."""
        vitals.note_token()
        try:
            with engines.in_use():
                slices = runner.run_token()
        except SQLAlchemyError as error:
            # Leases run out by themselves and the reconciler publishes new tokens.
            _log.error("database_away", error=str(error))
            return
        finally:
            vitals.note_idle()
            if vitals.is_recycling():
                leave()
        _log.info("token_done", job_id=token.get("job_id"), slices=slices)

    # Not shared: a task otherwise joins every Celery application of the process.
    celery.task(name=TASK_NAME, shared=False)(run)
    return runner
