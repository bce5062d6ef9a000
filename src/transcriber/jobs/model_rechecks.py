"""Looking at the staged models again because an administrator asks: a worker's part of it."""

from typing import Protocol

import structlog

from transcriber.engine.errors import ModelError
from transcriber.engine.models import validate_model
from transcriber.engine.staged_models import StagedModel, list_models
from transcriber.infra.context import Context
from transcriber.infra.heartbeats import record_validation
from transcriber.infra.settings import Settings
from transcriber.jobs.examined_models import examine_model, forget_examinations
from transcriber.jobs.model_validations import HeededValidations, find_validation

_log = structlog.stdlib.get_logger(__name__)


class Loadable(Protocol):
    """What knows why a model could not be loaded."""

    def find_problem(self, model: str) -> ModelError | None:
        """Why loading would fail, without trying it; None where it may succeed."""
        ...


class ModelRecheck:
    """A worker's part: it reads every model anew, and says in its row which it cannot use.

    A large model is read for longer than a heartbeat may take, so this has a thread of its own.

    Args:
        context: The process's parts.
        worker_id: Names its row.
        engines: What the process loads models with.
    """

    def __init__(self, context: Context, worker_id: str, engines: Loadable) -> None:
        self._context = context
        self._worker_id = worker_id
        self._engines = engines
        self._heeded = HeededValidations()

    def look(self) -> None:
        """One round: carry out what was asked for since the last.

        Raises:
            sqlalchemy.exc.OperationalError: when the database is away.
        """
        with self._context.database.snapshot() as session:
            newest = find_validation(session)
        if not self._heeded.is_new(newest) or newest is None:
            return
        refused = self._examine_all(self._context.settings)
        with self._context.database.unit_of_work() as uow:
            record_validation(uow.session, self._worker_id, newest.id, refused)
        self._heeded.heed(newest)
        _log.info("models_validated", refused=sorted(refused))

    def _examine_all(self, settings: Settings) -> dict[str, str]:
        try:
            staged = list_models(settings.models_dir)
        except ModelError as error:
            return {settings.default_model: str(error)}
        forget_examinations(staged, settings.resolved_model_cache_dir)
        found = {model.name: self._find_problem(model, settings) for model in staged}
        return {name: problem for name, problem in found.items() if problem is not None}

    def _find_problem(self, model: StagedModel, settings: Settings) -> str | None:
        cache_dir = settings.resolved_model_cache_dir
        report = examine_model(model, cache_dir, validate_model)
        if report.problem is not None:
            return report.problem
        problem = self._engines.find_problem(model.name)
        return None if problem is None else str(problem)
