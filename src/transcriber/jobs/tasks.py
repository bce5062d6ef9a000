"""The one Celery task: a token wakes this process's runner."""

from typing import Any

import psutil
import structlog
from celery import Celery
from sqlalchemy.exc import SQLAlchemyError

from transcriber.engine.errors import ModelError
from transcriber.infra.celery_app import TASK_NAME
from transcriber.infra.context import Context
from transcriber.infra.exit_status import end_process_tree
from transcriber.infra.memory_ledger import Room
from transcriber.infra.recycling import leave
from transcriber.infra.vitals import Vitals
from transcriber.jobs.engines import EngineProvider, LoadedEngines, SpeechEngine
from transcriber.jobs.runner import Runner

_log = structlog.stdlib.get_logger(__name__)


class WeighedEngines:
    """Notes how much memory the process holds right after each model was loaded."""

    def __init__(self, engines: EngineProvider, vitals: Vitals) -> None:
        self._engines = engines
        self._vitals = vitals
        self._loaded: SpeechEngine | None = None

    def load(self, model: str) -> SpeechEngine:
        """The loaded model, from the provider within."""
        engine = self._engines.load(model)
        if engine is not self._loaded:
            self._loaded = engine
            self._vitals.loaded_bytes = psutil.Process().memory_info().rss
        return engine

    def load_smaller(self, model: str) -> SpeechEngine | None:
        """What the provider within gives; it serves one slice, and is no measure of the others."""
        return self._engines.load_smaller(model)

    def release(self) -> None:
        """Give the model's memory back."""
        self._loaded = None
        self._engines.release()

    def find_problem(self, model: str) -> ModelError | None:
        """What the provider within says."""
        return self._engines.find_problem(model)

    def measure_room(self) -> Room | None:
        """What the provider within says."""
        return self._engines.measure_room()

    def find_checksum(self, model: str) -> str:
        """What the provider within says."""
        return self._engines.find_checksum(model)


def register_tasks(
    celery: Celery,
    context: Context,
    *,
    worker_id: str,
    engines: EngineProvider | None = None,
    vitals: Vitals | None = None,
) -> Runner:
    """Connect the token of `infra.queue` with a runner of this process.

    Args:
        celery: The application whose worker this process runs.
        context: The process's parts.
        worker_id: Written into leases and events.
        engines: Where models are loaded; the real ones without.
        vitals: Where the process keeps notes of its health.
    """
    vitals = vitals or Vitals()
    runner = Runner(
        context,
        WeighedEngines(engines or LoadedEngines(context.settings), vitals),
        worker_id=worker_id,
        end_process=end_process_tree,
        is_ending=vitals.is_recycling,
    )

    def run(**token: Any) -> None:
        """Work for about a minute on whatever should go first; the token is only a hint."""
        vitals.note_token()
        try:
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
