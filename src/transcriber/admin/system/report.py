"""The system's health put together from checks that run side by side."""

import os
import platform
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Literal

from transcriber.admin.system.act_schemas import (
    CollectionRead,
    ValidationHealth,
    ValidationRead,
)
from transcriber.admin.system.bounded_checks import BoundedChecks, Outcome
from transcriber.admin.system.databases import DatabaseFacts, look_at_database
from transcriber.admin.system.disks import look_at_disks
from transcriber.admin.system.schemas import (
    BrokerHealth,
    DatabaseHealth,
    HealthProblem,
    ServiceRead,
    StorageHealth,
    SystemHealth,
    WorkerHealth,
)
from transcriber.admin.system.staged import heed_validation, list_examinations, show_models
from transcriber.admin.system.stored import sum_stored
from transcriber.admin.system.workers import look_at_workers
from transcriber.engine.staged_models import StagedModel, list_models
from transcriber.infra.context import Context
from transcriber.infra.database import Database
from transcriber.infra.errors import UnavailableError
from transcriber.infra.settings import Settings
from transcriber.jobs.model_validations import HeededValidations, find_validation
from transcriber.migrations.head import HEAD
from transcriber.uploads.collection_requests import find_newest

STARTED_AT, STARTED = datetime.now(UTC), time.monotonic()
"""When this process began: it loads this module before it answers anything."""
EXAMINATION_SHARE = 0.7
"""Of the time for all checks: the look at the models is one of them, and waits for theirs."""
BROKERS: dict[str, Literal["redis", "amqp"]] = {"amqp": "amqp", "amqps": "amqp"}


@dataclass(frozen=True, slots=True)
class Examined:
    """The staged models, and the examination of each by its name."""

    staged: Sequence[StagedModel]
    outcomes: Mapping[str, Outcome]


class BrokerAwayError(UnavailableError):
    """The broker does not answer."""

    title = "The broker does not answer."


def report_system(
    context: Context, checks: BoundedChecks, heeded: HeededValidations
) -> SystemHealth:
    """Look at everything; what does not answer in time is told as such."""
    settings, database = context.settings, context.database
    looks: dict[str, Callable[[], Any]] = {
        "database": lambda: look_at_database(database),
        "broker": lambda: _look_at_broker(context),
        "storage": lambda: context.storage.check_space(0),
        "disks": lambda: look_at_disks(settings),
        "stored": lambda: sum_stored(database),
        "workers": lambda: look_at_workers(database),
        "models": lambda: _look_at_models(checks, settings),
        "collection": lambda: _look_at_collection(database),
        "validation": lambda: _look_at_validation(database, heeded, settings),
    }
    found = checks.run(looks)
    workers: list[WorkerHealth] = found["workers"].value or []
    models: Examined = found["models"].value or Examined((), {})
    health = SystemHealth(
        checked_at=context.clock(),
        problems=[],
        service=_show_service(context),
        database=_show_database(found["database"], is_sqlite=database.is_sqlite),
        broker=_show_broker(found["broker"], settings),
        storage=StorageHealth(
            problem=found["storage"].problem or found["disks"].problem,
            kind=settings.storage,
            disks=found["disks"].value or [],
            stored=found["stored"].value,
            collection=found["collection"].value,
        ),
        workers_problem=found["workers"].problem,
        workers=workers,
        models_problem=found["models"].problem,
        models=show_models(models.staged, models.outcomes, workers, settings)
        if found["models"].problem is None
        else [],
        validation=_show_validation(found["validation"].value, workers),
    )
    return health.model_copy(update={"problems": list(_list_problems(health))})


def _look_at_broker(context: Context) -> tuple[float, int]:
    began = time.perf_counter()
    tokens = context.queue.count_tokens()
    if tokens is None:
        raise BrokerAwayError("The broker does not answer.")
    return time.perf_counter() - began, tokens


def _look_at_models(checks: BoundedChecks, settings: Settings) -> Examined:
    staged = list_models(settings.models_dir)
    named = list_examinations(staged, settings)
    looks = {f"model-{name}": look for name, look in named.items()}
    found = checks.run(looks, EXAMINATION_SHARE * checks.seconds)
    return Examined(staged, {name: found[f"model-{name}"] for name in named})


def _look_at_collection(database: Database) -> CollectionRead | None:
    with database.snapshot() as session:
        newest = find_newest(session)
    return None if newest is None else CollectionRead.model_validate(newest)


def _look_at_validation(
    database: Database, heeded: HeededValidations, settings: Settings
) -> ValidationRead | None:
    with database.snapshot() as session:
        newest = find_validation(session)
    # The models are looked at beside this: what they are found to be then is told the next time.
    heed_validation(heeded, newest, settings)
    return None if newest is None else ValidationRead.model_validate(newest)


def _show_validation(
    newest: ValidationRead | None, workers: Sequence[WorkerHealth]
) -> ValidationHealth | None:
    if newest is None:
        return None
    done = [each.validated_at for each in workers if each.validation_id == newest.id]
    waits_for = [
        each.id
        for each in workers
        if each.state != "stale"
        and each.validation_id != newest.id
        # One that began later has read every model since.
        and each.started_at < newest.requested_at
    ]
    ended_at = max((each for each in done if each is not None), default=None)
    return ValidationHealth(
        **newest.model_dump(), ended_at=None if waits_for else ended_at, waits_for=waits_for
    )


def _show_service(context: Context) -> ServiceRead:
    return ServiceRead(
        version=version("whisper-transcriber"),
        python=platform.python_version(),
        environment=context.settings.environment,
        host=socket.gethostname(),
        pid=os.getpid(),
        started_at=STARTED_AT,
        uptime_seconds=time.monotonic() - STARTED,
        is_draining=context.draining.is_set(),
    )


def _show_database(outcome: Outcome, *, is_sqlite: bool) -> DatabaseHealth:
    facts: DatabaseFacts | None = outcome.value
    return DatabaseHealth(
        problem=outcome.problem,
        kind="sqlite" if is_sqlite else "postgresql",
        version=facts.version if facts else None,
        latency_seconds=facts.latency_seconds if facts else None,
        revision=facts.revision if facts else None,
        expected_revision=HEAD,
        size_bytes=facts.size_bytes if facts else None,
    )


def _show_broker(outcome: Outcome, settings: Settings) -> BrokerHealth:
    latency, tokens = outcome.value or (None, None)
    scheme = settings.resolved_broker_url.partition("://")[0]
    return BrokerHealth(
        problem=outcome.problem,
        kind="embedded" if settings.is_broker_embedded else BROKERS.get(scheme, "redis"),
        latency_seconds=latency,
        tokens=tokens,
    )


def _list_problems(health: SystemHealth) -> Iterator[HealthProblem]:
    """Everything that keeps work from being accepted or done, the gravest first."""
    if health.service.is_draining:
        yield HealthProblem(part="process", detail="This process is about to stop.")
    yield from _list_database_problems(health.database)
    if health.broker.problem is not None:
        yield HealthProblem(part="broker", detail=health.broker.problem)
    yield from _list_storage_problems(health.storage)
    yield from _list_worker_problems(health)
    if health.models_problem is not None:
        yield HealthProblem(part="models", detail=health.models_problem)
    for model in health.models:
        if model.problem is not None and model.state != "unchecked":
            yield HealthProblem(part="models", detail=model.problem)


def _list_database_problems(database: DatabaseHealth) -> Iterator[HealthProblem]:
    if database.problem is not None:
        yield HealthProblem(part="database", detail=database.problem)
    elif database.revision != database.expected_revision:
        detail = (
            f"The database has revision {database.revision}, and this version expects "
            f"{database.expected_revision}: run `transcriber db upgrade`."
        )
        yield HealthProblem(part="database", detail=detail)


def _list_storage_problems(storage: StorageHealth) -> Iterator[HealthProblem]:
    if storage.problem is not None:
        yield HealthProblem(part="storage", detail=storage.problem)
    for disk in storage.disks:
        if disk.is_low:
            places = ", ".join(disk.places)
            detail = f"The disk of {places} has {disk.free_bytes} bytes free."
            yield HealthProblem(part="disk", detail=detail)


def _list_worker_problems(health: SystemHealth) -> Iterator[HealthProblem]:
    if health.workers_problem is not None:
        yield HealthProblem(part="workers", detail=health.workers_problem)
        return
    states = [worker.state for worker in health.workers]
    if "ready" not in states:
        is_any_live = any(state != "stale" for state in states)
        detail = "No live worker takes work." if is_any_live else "No worker is alive."
        yield HealthProblem(part="workers", detail=detail)
    for worker in health.workers:
        if worker.state == "refusing":
            yield HealthProblem(
                part="workers", detail=f"{worker.host} ({worker.pid}): {worker.not_ready_reason}"
            )
