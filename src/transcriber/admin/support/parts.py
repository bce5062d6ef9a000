"""The parts of the service as the bundle tells them: figures and codes, no names and no texts."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from transcriber.admin.metrics import ServiceCollector
from transcriber.admin.readiness import READINESS_SECONDS, check_readiness
from transcriber.admin.system.bounded_checks import BoundedChecks
from transcriber.admin.system.databases import look_at_database
from transcriber.admin.system.disks import look_at_disks
from transcriber.admin.system.stored import sum_stored
from transcriber.admin.system.workers import look_at_workers
from transcriber.engine.staged_models import list_models
from transcriber.infra.context import Context
from transcriber.infra.database import Database
from transcriber.infra.ownership import for_everybody
from transcriber.infra.settings import Settings
from transcriber.jobs.examined_models import examine_model
from transcriber.jobs.models import Job
from transcriber.jobs.repository import count_jobs_by_state
from transcriber.jobs.states import JobState
from transcriber.migrations.head import HEAD
from transcriber.migrations.tables import metadata
from transcriber.uploads.repository import count_uploads_by_state

FAILURES = 100
ENDED_BADLY = (JobState.FAILED, JobState.QUARANTINED)
NAMED_CLIENT = 'client="'
"""A label with what a client calls itself: its own words."""


def show_readiness(context: Context) -> list[dict[str, Any]]:
    """Every check of `/readyz`, as this machine finds it."""
    return [asdict(each) for each in check_readiness(context, BoundedChecks(READINESS_SECONDS))]


def show_models(settings: Settings) -> list[dict[str, Any]]:
    """Every staged model, examined completely; what is wrong with it by its code.

    Raises:
        ModelError: the directory is not there, or cannot be read.
    """
    cache_dir = settings.resolved_model_cache_dir
    reports = [examine_model(staged, cache_dir) for staged in list_models(settings.models_dir)]
    return [
        {
            "name": report.name,
            "size_bytes": report.size_bytes,
            "sha256": report.sha256,
            "is_official": report.official,
            "is_converted": report.converted,
            "languages": report.languages,
            "code": report.code,
            "is_default": report.name == settings.default_model,
        }
        for report in reports
    ]


def show_database(database: Database) -> dict[str, Any]:
    """Kind, version, revision, size, and how many rows each table has."""
    return {
        "kind": "sqlite" if database.is_sqlite else "postgresql",
        **asdict(look_at_database(database)),
        "expected_revision": HEAD,
        "rows": dict(_count_rows(database)),
    }


def show_broker(context: Context) -> dict[str, Any]:
    """Whether it answers, and how many wake-ups nobody has taken."""
    tokens = context.queue.count_tokens()
    return {
        "is_embedded": context.settings.is_broker_embedded,
        "scheme": context.settings.resolved_broker_url.partition(":")[0],
        "is_there": tokens is not None,
        "tokens": tokens,
    }


def show_jobs(database: Database) -> dict[str, Any]:
    """Jobs and uploads by state, and what waiting jobs wait for."""
    with database.snapshot() as session:
        return {
            "jobs": count_jobs_by_state(session),
            "uploads": count_uploads_by_state(session),
            "waiting_for": _count_waits(session),
        }


@for_everybody
def show_failures(database: Database) -> list[dict[str, Any]]:
    """The jobs that ended badly last: codes and figures."""
    columns = (
        *(Job.id, Job.state, Job.error_code, Job.model, Job.device, Job.generation, Job.attempt),
        *(Job.stall_count, Job.transient_count, Job.total_seconds, Job.done_seconds),
        *(Job.created_at, Job.started_at, Job.finished_at),
    )
    query = select(*columns).where(Job.state.in_(ENDED_BADLY))
    with database.snapshot() as session:
        rows = session.execute(query.order_by(Job.finished_at.desc()).limit(FAILURES))
        return [dict(row) for row in rows.mappings()]


def show_workers(database: Database) -> list[dict[str, Any]]:
    """Each worker without its machine's name; those of one machine have one number."""
    hosts: dict[str, int] = {}
    return [
        {
            **worker.model_dump(exclude={"host", "not_ready_reason", "span"}),
            "machine": hosts.setdefault(worker.host, len(hosts) + 1),
            "has_span": worker.span is not None,
        }
        for worker in look_at_workers(database)
    ]


def show_storage(context: Context) -> dict[str, Any]:
    """The disks of this machine."""
    disks = look_at_disks(context.settings)
    return {"kind": context.settings.storage, "disks": [disk.model_dump() for disk in disks]}


def show_stored(database: Database) -> dict[str, Any]:
    """How much all accounts store together."""
    return sum_stored(database).model_dump(exclude={"accounts"})


def show_metrics(context: Context) -> str:
    """What `/metrics` says of all processes, without what clients call themselves."""
    registry = CollectorRegistry()
    registry.register(ServiceCollector(context, BoundedChecks(READINESS_SECONDS)))
    lines = generate_latest(registry).decode().splitlines(keepends=True)
    return "".join(line for line in lines if NAMED_CLIENT not in line)


def _count_rows(database: Database) -> Iterator[tuple[str, int]]:
    for table in metadata.sorted_tables:
        # A snapshot each: counting a large table may take as long as one command is given.
        with database.snapshot() as session:
            yield table.name, session.scalar(select(func.count()).select_from(table)) or 0


@for_everybody
def _count_waits(session: Session) -> dict[str | None, int]:
    query = select(Job.waiting_code, func.count()).where(Job.waiting_code.is_not(None))
    return dict(session.execute(query.group_by(Job.waiting_code)).all())
