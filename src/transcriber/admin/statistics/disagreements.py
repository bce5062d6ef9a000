"""Where the database, the broker and the workers say what cannot be true together for long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from transcriber.admin.statistics.queue import Holding, QueueView
from transcriber.admin.statistics.schemas import Disagreement, DisagreementKind
from transcriber.infra.heartbeats import WorkerHeartbeat

CLAIM_GRACE = timedelta(seconds=2)
"""Between a claim's commit and the heartbeat that may be under way meanwhile."""
TAKING_GRACE = timedelta(seconds=30)
"""A worker that starts, or loads its first model, takes nothing for a while."""


@dataclass(frozen=True, slots=True)
class Views:
    """What is compared; all of one moment of the database.

    Attributes:
        now: The moment.
        round_seconds: How often the reconciler puts things right.
        queue: The database's figures.
        holdings: Spans under a lease.
        workers: Those that live.
        jobs_without_span: Running jobs of which nobody holds a span.
        idle_jobs_with_span: The other way around.
        untaken_jobs: Jobs that have waited for a worker for `TAKING_GRACE`.
    """

    now: datetime
    round_seconds: float
    queue: QueueView
    holdings: Sequence[Holding]
    workers: Sequence[WorkerHeartbeat]
    jobs_without_span: Sequence[str]
    idle_jobs_with_span: Sequence[str]
    untaken_jobs: Sequence[str]


def find_disagreements(views: Views) -> list[Disagreement]:
    """Each kind at most once, with how often and one example."""
    found = [
        *_compare_leases(views),
        *_compare_workers(views),
        _tell_jobs("job_without_span", "Jobs run, and no worker holds a span of them.", views),
        _tell_jobs("span_of_idle_job", "Workers hold spans of jobs that do not run.", views),
        *_compare_tokens(views),
    ]
    return [each for each in found if each is not None]


def is_idle(worker: WorkerHeartbeat) -> bool:
    """Whether a live worker would take work, and has none."""
    is_taking = worker.not_ready_reason is None and not worker.is_draining
    return is_taking and worker.job_id is None


def _compare_leases(views: Views) -> list[Disagreement | None]:
    # The reconciler has had two rounds to take these back.
    grace = timedelta(seconds=2 * views.round_seconds)
    live = {worker.id for worker in views.workers}
    expired = [
        each
        for each in views.holdings
        if each.lease_until is not None and each.lease_until < views.now - grace
    ]
    orphaned = [
        each
        for each in views.holdings
        if each.worker_id not in live and each.lease_until and each.lease_until >= views.now
    ]
    return [
        _tell("lease_expired", "Leases ran out, and the reconciler has not acted.", expired),
        _tell(
            "lease_without_worker",
            "Spans are held by workers that are not seen any more; they return to the queue when "
            "their lease runs out.",
            orphaned,
        ),
    ]


def _compare_workers(views: Views) -> list[Disagreement | None]:
    by_worker = {each.worker_id: each for each in views.holdings}
    by_span = {(each.job_id, each.index): each for each in views.holdings}
    unknown: list[Holding] = []
    lost: list[Holding] = []
    for worker in views.workers:
        if worker.resident_bytes is None:
            # One of an older version, which does not say what it does.
            continue
        said = None if worker.job_id is None else (worker.job_id, worker.span_index)
        held = by_worker.get(worker.id)
        if held is not None and _is_before(held, worker) and said != (held.job_id, held.index):
            unknown.append(held)
        other = by_span.get(said) if said is not None and said[1] is not None else None  # pyright: ignore[reportArgumentType] -- the index is known here
        if other is not None and other.worker_id != worker.id and _is_before(other, worker):
            lost.append(Holding(other.job_id, other.index, worker.id, None, None))
    return [
        _tell("lease_unknown_to_worker", "Workers hold spans that they do not work on.", unknown),
        _tell("worker_without_lease", "Workers work on spans that others hold.", lost),
    ]


def _compare_tokens(views: Views) -> list[Disagreement | None]:
    idle = [worker for worker in views.workers if is_idle(worker)]
    if not idle:
        # Tokens are published for idle workers alone, and the others come by themselves.
        return []
    oldest = views.queue.oldest_token_at
    is_late = oldest is not None and views.now - oldest > timedelta(seconds=3 * views.round_seconds)
    late = views.queue.outbox_tokens if is_late else 0
    untaken = [Holding(job_id, 0, None, None, None) for job_id in views.untaken_jobs]
    return [
        Disagreement(
            kind="tokens_not_published",
            detail="Wake-ups wait to be published while workers are idle.",
            count=late,
            job_id=None,
            worker_id=None,
        )
        if late
        else None,
        _tell(
            "work_not_taken",
            "Jobs wait for nothing but a worker, and idle workers do not take them.",
            untaken,
        ),
    ]


def _tell_jobs(kind: DisagreementKind, detail: str, views: Views) -> Disagreement | None:
    found = views.jobs_without_span if kind == "job_without_span" else views.idle_jobs_with_span
    return _tell(kind, detail, [Holding(job_id, 0, None, None, None) for job_id in found])


def _tell(kind: DisagreementKind, detail: str, found: Sequence[Holding]) -> Disagreement | None:
    if not found:
        return None
    first = found[0]
    return Disagreement(
        kind=kind,
        detail=detail,
        count=len(found),
        job_id=first.job_id,
        worker_id=first.worker_id,
    )


def _is_before(held: Holding, worker: WorkerHeartbeat) -> bool:
    """Whether the worker has beaten since the span was taken, and had time to notice."""
    return held.started_at is not None and held.started_at < worker.seen_at - CLAIM_GRACE
