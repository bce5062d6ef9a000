"""All statistics of jobs put together, of one moment of the database."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from transcriber.admin.statistics.disagreements import find_disagreements, is_idle
from transcriber.admin.statistics.ended import Counts, Ended
from transcriber.admin.statistics.marks import Marks
from transcriber.admin.statistics.period import Period
from transcriber.admin.statistics.queue import QueueView
from transcriber.admin.statistics.reading import read_jobs
from transcriber.admin.statistics.schemas import (
    BrokerStats,
    Durations,
    EndedJobs,
    FailureCode,
    JobStateCounts,
    JobStats,
    ModelStats,
    OtherOwners,
    OwnerStats,
    QueueStats,
    RealTimeFactor,
    Spread,
    ThroughputStep,
    WaitReason,
    WorkerStats,
)
from transcriber.infra.context import Context
from transcriber.infra.heartbeats import WorkerHeartbeat

NO_ANSWER = "The broker does not answer."


def report_jobs(context: Context, period: Period) -> JobStats:
    """Ask the broker, then read everything else in one snapshot.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away.
    """
    # Before the snapshot: nobody may wait for a broker with a transaction open.
    tokens = context.queue.count_tokens()
    reading = read_jobs(context, period)
    ended, now = reading.ended, reading.views.now
    return JobStats(
        since=period.since,
        until=period.until,
        measured_at=now,
        step=period.step,
        states=JobStateCounts.model_validate(reading.states),
        submitted=sum(reading.submitted.values()),
        ended=EndedJobs.model_validate(_add(ended.models.values())),
        models=_show_models(ended),
        owners=_show_owners(ended, reading.names),
        other_owners=_show_others(ended),
        failures=_show_failures(ended),
        durations=_show_durations(reading.spreads.durations),
        real_time_factors=_show_factors(reading.spreads.factors),
        throughput=_show_steps(period, ended, reading.submitted),
        queue=_show_queue(reading.views.queue, now),
        broker=BrokerStats(
            answers=tokens is not None,
            tokens=tokens,
            detail=NO_ANSWER if tokens is None else None,
        ),
        workers=_count_workers(reading.views.workers),
        disagreements=find_disagreements(reading.views),
    )


def _show_models(counts: Ended) -> list[ModelStats]:
    ordered = sorted(counts.models.items(), key=lambda each: (-each[1]["ended"], each[0]))
    return [ModelStats.model_validate({**found, "model": model}) for model, found in ordered]


def _show_owners(counts: Ended, names: Mapping[str, str]) -> list[OwnerStats]:
    ordered = sorted(counts.owners.items(), key=lambda each: (-each[1]["ended"], each[0]))
    return [
        OwnerStats.model_validate({**found, "user_id": user_id, "name": names.get(user_id)})
        for user_id, found in ordered
    ]


def _show_others(counts: Ended) -> OtherOwners:
    shown = _add(counts.owners.values())
    rest = {
        name: number - shown.get(name, 0) for name, number in _add(counts.models.values()).items()
    }
    # What is left of a sum of floats after taking parts of it away may be a little below nothing.
    rest = {name: max(0, number) for name, number in rest.items()}
    return OtherOwners.model_validate({**rest, "owners": counts.owner_count - len(counts.owners)})


def _show_failures(counts: Ended) -> list[FailureCode]:
    ordered = sorted(counts.failures.items(), key=lambda each: (-each[1], each[0]))
    return [FailureCode(code=code, jobs=jobs) for code, jobs in ordered]


def _show_durations(found: Mapping[str, Marks]) -> Durations:
    total = found.get("total")
    return Durations(
        jobs=total.count if total else 0,
        wait=_show_spread(found.get("wait")),
        run=_show_spread(found.get("run")),
        total=_show_spread(total),
    )


def _show_spread(marks: Marks | None) -> Spread:
    if marks is None:
        return Spread(average=None, median=None, p95=None, longest=None)
    return Spread.model_validate(marks)


def _show_factors(found: Mapping[tuple[str, str], Marks]) -> list[RealTimeFactor]:
    return [
        RealTimeFactor(
            model=model, device=device, jobs=marks.count, median=marks.median, p95=marks.p95
        )
        for (model, device), marks in sorted(found.items())
    ]


def _show_steps(
    period: Period, counts: Ended, submitted: Mapping[int, int]
) -> list[ThroughputStep]:
    return [
        ThroughputStep.model_validate(
            {
                **counts.steps.get(step, {}),
                "starts_at": period.find_start(step),
                "submitted": submitted[step],
            }
        )
        for step in period.list_steps()
    ]


def _show_queue(view: QueueView, now: datetime) -> QueueStats:
    return QueueStats(
        queued_jobs=view.queued_jobs,
        oldest_wait_seconds=_count_seconds(view.oldest_queued_at, now),
        waiting_for=[WaitReason(code=code, jobs=jobs) for code, jobs in view.waiting_for.items()],
        queued_spans=view.queued_spans,
        running_spans=view.running_spans,
        outbox_tokens=view.outbox_tokens,
        outbox_lag_seconds=_count_seconds(view.oldest_token_at, now),
    )


def _count_workers(workers: Iterable[WorkerHeartbeat]) -> WorkerStats:
    live = list(workers)
    return WorkerStats(
        live=len(live),
        busy=sum(worker.job_id is not None for worker in live),
        idle=sum(is_idle(worker) for worker in live),
        draining=sum(worker.is_draining for worker in live),
    )


def _count_seconds(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else max(timedelta(0), now - since).total_seconds()


def _add(counts: Iterable[Counts]) -> dict[str, float]:
    total: dict[str, float] = {}
    for each in counts:
        for name, number in each.items():
            total[name] = total.get(name, 0) + number
    return total
