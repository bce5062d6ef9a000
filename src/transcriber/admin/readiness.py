"""What must be there before work can be done: checked side by side, with one sentence each."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from sqlalchemy import text

from transcriber.admin.system.bounded_checks import NO_ANSWER, BoundedChecks, Outcome
from transcriber.admin.system.disks import look_at_disks
from transcriber.engine.errors import ModelError
from transcriber.engine.staged_models import list_models
from transcriber.infra.context import Context
from transcriber.infra.heartbeats import (
    WORKER_SILENCE_SECONDS,
    count_live_workers,
    count_ready_workers,
    list_not_ready_reasons,
)
from transcriber.migrations.head import is_at_head

READINESS_SECONDS = 5.0
"""A part that is silent for longer is told as such, and no probe waits for it."""
WORKING_PLACES = frozenset({"data", "storage", "scratch"})
"""Models may lie on a disk that is full for good."""

Look = Callable[[Context], str | None]

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one check; `detail` is a sentence that names no path and no address."""

    name: str
    is_ok: bool
    detail: str


def check_readiness(context: Context, checks: BoundedChecks) -> list[Check]:
    """Run every check; neither a failing nor a silent one keeps the others from being told."""
    looks: dict[str, Look] = {
        "process": _check_process,
        "database": _check_database,
        "migrations": _check_migrations,
        "broker": _check_broker,
        "storage": _check_storage,
        "disk": _check_disk,
        "models": _check_models,
        "workers": _check_workers,
    }
    found = checks.run({name: lambda look=look: look(context) for name, look in looks.items()})
    return [_tell(name, outcome) for name, outcome in found.items()]


def _tell(name: str, outcome: Outcome) -> Check:
    problem: str | None = outcome.problem or outcome.value
    if problem == NO_ANSWER:
        problem = "There was no answer in time."
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
    context.storage.check_space(0)
    return None


def _check_disk(context: Context) -> str | None:
    for disk in look_at_disks(context.settings):
        if disk.is_low and not WORKING_PLACES.isdisjoint(disk.places):
            return f"The disk of {', '.join(disk.places)} has too little room left."
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
        if not count_live_workers(session, WORKER_SILENCE_SECONDS):
            return "No worker is alive."
        reasons = list_not_ready_reasons(session, WORKER_SILENCE_SECONDS)
    if not reasons:
        return "Every worker is about to stop."
    _log.warning("check_failed", check="workers", reasons=reasons)
    return "Every worker refuses work; the log says why."
