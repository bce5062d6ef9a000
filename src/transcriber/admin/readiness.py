"""What must be there before work can be done, checked one by one with one sentence each."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from transcriber.engine.errors import ModelError
from transcriber.engine.staged_models import list_models
from transcriber.infra.context import Context
from transcriber.infra.errors import ServiceError
from transcriber.infra.heartbeats import count_ready_workers, list_not_ready_reasons
from transcriber.migrations.head import is_at_head

# A worker renews its row every ten seconds; this many seconds of silence mean that it is gone.
WORKER_SILENCE_SECONDS = 30.0

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one check; `detail` is a sentence that names no path and no address."""

    name: str
    is_ok: bool
    detail: str


def check_readiness(context: Context) -> list[Check]:
    """Run every check; a failing one never keeps the others from running."""
    return [check() for check in list_checks(context).values()]


def list_checks(context: Context) -> dict[str, Callable[[], Check]]:
    """Every check by its name; none of them raises for a part that is away."""
    checks: dict[str, Callable[[Context], str | None]] = {
        "process": _check_process,
        "database": _check_database,
        "migrations": _check_migrations,
        "broker": _check_broker,
        "storage": _check_storage,
        "models": _check_models,
        "workers": _check_workers,
    }
    return {name: partial(_run, name, check, context) for name, check in checks.items()}


def _run(name: str, check: Callable[[Context], str | None], context: Context) -> Check:
    try:
        problem = check(context)
    except SQLAlchemyError as error:
        _log.warning("check_failed", check=name, error=str(error))
        problem = "The database does not answer."
    return Check(name=name, is_ok=problem is None, detail=problem or "ok")


def _check_process(context: Context) -> str | None:
    return "This process is about to stop." if context.draining.is_set() else None


def _check_database(context: Context) -> str | None:
    with context.database.snapshot() as session:
        session.execute(text("SELECT 1"))
    return None


def _check_migrations(context: Context) -> str | None:
    with context.database.snapshot() as session:
        if is_at_head(session):
            return None
    return "The database has another shape than this version expects: run `transcriber db upgrade`."


def _check_broker(context: Context) -> str | None:
    return None if context.queue.ping() else "The broker does not answer."


def _check_storage(context: Context) -> str | None:
    try:
        context.storage.check_space(0)
        directory = context.settings.data_dir
        if directory.is_dir() and not shutil.disk_usage(directory).free:
            return "The data disk is full."
    except ServiceError as error:
        _log.warning("check_failed", check="storage", error=str(error))
        return f"{error.title}"
    except OSError as error:
        _log.warning("check_failed", check="storage", error=str(error))
        return "The storage does not answer."
    return None


def _check_models(context: Context) -> str | None:
    try:
        names = {model.name for model in list_models(context.settings.models_dir)}
    except ModelError as error:
        _log.warning("check_failed", check="models", error=str(error))
        return "The models directory cannot be read."
    if context.settings.default_model not in names:
        return f"The default model {context.settings.default_model!r} is not staged."
    return None


def _check_workers(context: Context) -> str | None:
    with context.database.snapshot() as session:
        if count_ready_workers(session, WORKER_SILENCE_SECONDS):
            return None
        reasons = list_not_ready_reasons(session, WORKER_SILENCE_SECONDS)
    if not reasons:
        return "No worker is alive."
    _log.warning("check_failed", check="workers", reasons=reasons)
    return "Every worker refuses work; the log says why."
