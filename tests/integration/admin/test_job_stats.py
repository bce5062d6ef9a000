"""`GET /api/admin/jobs/stats`: its figures are those that Python finds in the same jobs."""

import json
import random
import statistics
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from ended_jobs import EndedJob, add_ended
from job_builders import (
    add_job,
    add_worker,
    claim_one,
    expire_leases,
    must_claim,
    read_job,
    store_plan,
    store_span,
)
from service_context import RecordingQueue, require_first_admin, sign_in
from transcriber.admin.statistics.period import Period
from transcriber.admin.statistics.report import report_jobs
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.heartbeats import Doing, WorkerHeartbeat, record_heartbeat
from transcriber.jobs.models import Job, OutboxEntry
from transcriber.jobs.states import JobState
from transcriber.recordings.models import Recording

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 10, tzinfo=UTC)
DAY = Period(MIDNIGHT, MIDNIGHT + timedelta(days=1))
MODELS = ("base", "small")
DEVICES = ("cpu int8", "cuda float16")


@pytest.fixture
def headers(context: Context, client: TestClient) -> dict[str, str]:
    return sign_in(client, require_first_admin(context))


def ask(context: Context, period: Period = DAY) -> dict[str, Any]:
    """What the route answers, without the cost of signing in for each test."""
    return report_jobs(context, period).model_dump(mode="json")


def draw_jobs(count: int, seed: int = 1) -> list[EndedJob]:
    draw = random.Random(seed)
    states = [JobState.COMPLETED] * 6 + [
        JobState.FAILED,
        JobState.CANCELLED,
        JobState.QUARANTINED,
    ]
    made: list[EndedJob] = []
    for _ in range(count):
        state = draw.choice(states)
        codes = {JobState.FAILED: draw.choice(["no_audio", "internal"])}
        codes[JobState.QUARANTINED] = "quarantined"
        made.append(
            EndedJob(
                finished_at=MIDNIGHT + timedelta(milliseconds=draw.randrange(86_400_000)),
                state=state,
                user_id=f"owner{draw.randrange(60)}",
                model=draw.choice(MODELS),
                device=draw.choice(DEVICES),
                error_code=codes.get(state),
                wait=draw.randrange(60_000) / 1000,
                run=draw.randrange(1, 600_000) / 1000,
                audio=draw.uniform(1, 3_600),
                speech=draw.uniform(1, 3_000),
                busy=draw.uniform(0.1, 900),
            )
        )
    return made


def find_percentile(values: list[float], share: int) -> float:
    """As `PERCENTILE_CONT`: interpolated between neighbours, the ends included."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def check_spread(spread: dict[str, float], values: list[float]) -> None:
    # SQLite's times are told to the millisecond.
    assert spread == pytest.approx(
        {
            "average": statistics.fmean(values),
            "median": statistics.median(values),
            "p95": find_percentile(values, 95),
            "longest": max(values),
        },
        abs=0.002,
    )


def summarize(jobs: list[EndedJob]) -> dict[str, Any]:
    completed = [job for job in jobs if job.state == JobState.COMPLETED]
    states = Counter(job.state for job in jobs)
    return {
        "ended": len(jobs),
        **{str(s): states[s] for s in (*MOVED, JobState.COMPLETED)},
        "audio_seconds": pytest.approx(sum(job.audio for job in completed)),
        "speech_seconds": pytest.approx(sum(job.speech for job in completed)),
    }


MOVED = (JobState.FAILED, JobState.CANCELLED, JobState.QUARANTINED)


@pytest.mark.parametrize("count", [1, 300])
def test_figures_of_a_period_are_exact(context: Context, count: int) -> None:
    jobs = draw_jobs(count)
    if count == 1:
        jobs = [EndedJob(finished_at=NOON)]
    outside = [
        EndedJob(finished_at=MIDNIGHT + timedelta(days=1), wait=9e5),
        EndedJob(finished_at=MIDNIGHT - timedelta(milliseconds=1), wait=9e5, run=9e5),
    ]
    with context.database.unit_of_work() as uow:
        add_ended(uow.session, *jobs, *outside)
    found = ask(context)
    completed = [job for job in jobs if job.state == JobState.COMPLETED]
    assert found["ended"] == summarize(jobs)
    assert {each.pop("model"): each for each in found["models"]} == {
        model: summarize([job for job in jobs if job.model == model])
        for model in {job.model for job in jobs}
    }
    assert {each["code"]: each["jobs"] for each in found["failures"]} == Counter(
        job.error_code for job in jobs if job.error_code is not None
    )
    assert found["durations"]["jobs"] == len(completed)
    check_spread(found["durations"]["wait"], [job.wait for job in completed])
    check_spread(found["durations"]["run"], [job.run for job in completed])
    check_spread(found["durations"]["total"], [job.wait + job.run for job in completed])
    kinds = sorted({(job.model, str(job.device)) for job in completed})
    assert [(f["model"], f["device"]) for f in found["real_time_factors"]] == kinds
    for factor in found["real_time_factors"]:
        kind = factor["model"], factor["device"]
        values = [j.busy / j.speech for j in completed if (j.model, j.device) == kind]
        assert factor["jobs"] == len(values)
        assert factor["median"] == pytest.approx(statistics.median(values))
        assert factor["p95"] == pytest.approx(find_percentile(values, 95))
    check_owners(found, jobs)
    check_throughput(found, jobs)


def test_what_is_counted_is_what_is_measured_while_jobs_end(context: Context) -> None:
    enough = threading.Event()

    def end_jobs() -> None:
        while not enough.is_set():
            with context.database.unit_of_work() as uow:
                add_ended(uow.session, EndedJob(finished_at=NOON))

    writer = threading.Thread(target=end_jobs)
    writer.start()
    try:
        found = [ask(context) for _ in range(20)]
    finally:
        enough.set()
        writer.join()
    for each in found:
        jobs = each["ended"]["completed"]
        assert each["durations"]["jobs"] == jobs == each["states"]["completed"]
        assert sum(factor["jobs"] for factor in each["real_time_factors"]) == jobs
    assert found[0]["ended"]["completed"] < found[-1]["ended"]["completed"]


def test_a_long_period_is_measured_as_one(context: Context) -> None:
    draw = random.Random(2)
    jobs = [
        EndedJob(
            finished_at=MIDNIGHT + timedelta(days=number),
            device=draw.choice((*DEVICES, None)),
            wait=draw.randrange(60_000) / 1000,
            run=draw.randrange(1, 600_000) / 1000,
            # Silence has no factor, and neither has what took no time.
            speech=draw.choice((0.0, 60.0)),
            busy=draw.choice((0.0, 6.0, 9.0)),
        )
        for number in range(80)
    ]
    with context.database.unit_of_work() as uow:
        ids = add_ended(uow.session, *jobs)
        unbegun = update(Job).where(Job.id == ids[0]).values(started_at=None)
        uow.session.execute(unbegun)
    found = ask(context, Period(MIDNIGHT, MIDNIGHT + timedelta(days=79, seconds=1)))
    assert found["ended"]["completed"] == 80
    begun = jobs[1:]
    assert found["durations"]["jobs"] == 79
    check_spread(found["durations"]["wait"], [job.wait for job in begun])
    check_spread(found["durations"]["run"], [job.run for job in begun])
    check_spread(found["durations"]["total"], [job.wait + job.run for job in begun])
    for device, factor in zip(DEVICES, found["real_time_factors"], strict=True):
        values = [j.busy / j.speech for j in jobs if j.device == device and j.speech and j.busy]
        assert (factor["device"], factor["jobs"]) == (device, len(values))
        assert factor["median"] == pytest.approx(statistics.median(values))
        assert factor["p95"] == pytest.approx(find_percentile(values, 95))


def test_jobs_that_an_earlier_version_completed_have_their_recordings_lengths(
    context: Context,
) -> None:
    with context.database.unit_of_work() as uow:
        ids = add_ended(uow.session, *draw_jobs(200))
    expected = ask(context)
    with context.database.unit_of_work() as uow:
        some = update(Job).where(Job.id.in_(ids[::3])).values(audio_seconds=None)
        uow.session.execute(some)
    found = ask(context)
    for part in ("ended", "models", "owners", "other_owners", "throughput", "failures"):
        assert round_sums(found[part]) == round_sums(expected[part])


def test_what_a_job_transcribed_stays_what_it_was(context: Context) -> None:
    job_id = add_job(context)
    store_plan(context, must_claim(context), 2)
    for _ in range(2):
        store_span(context, must_claim(context))
    finished_at = read_job(context, job_id).finished_at
    assert finished_at is not None
    with context.database.unit_of_work() as uow:
        # Another job over the same recording has found something else.
        uow.session.execute(update(Recording).values(duration_seconds=7.0))
    found = ask(context, Period(finished_at, finished_at + timedelta(seconds=1)))
    assert (found["ended"]["completed"], found["ended"]["audio_seconds"]) == (1, 20.0)
    assert found["owners"][0]["audio_seconds"] == 20.0


def round_sums(found: Any) -> Any:
    """The same without the last digits, which depend on the order in which was added."""
    return json.loads(json.dumps(found), parse_float=lambda digits: round(float(digits), 6))


def check_owners(found: dict[str, Any], jobs: list[EndedJob]) -> None:
    by_owner = Counter(job.user_id for job in jobs)
    shown = [each["user_id"] for each in found["owners"]]
    assert shown == sorted(by_owner, key=lambda owner: (-by_owner[owner], owner))[:50]
    for each in found["owners"]:
        assert each.pop("name") is None
        assert {**each} == {
            **summarize([job for job in jobs if job.user_id == each["user_id"]]),
            "user_id": each["user_id"],
        }
    others = summarize([job for job in jobs if job.user_id not in shown])
    assert found["other_owners"] == {**others, "owners": len(by_owner) - len(shown)}


def check_throughput(found: dict[str, Any], jobs: list[EndedJob]) -> None:
    assert found["step"] == "hour"
    assert len(found["throughput"]) == 24
    submitted = 0
    for number, step in enumerate(found["throughput"]):
        starts_at = MIDNIGHT + timedelta(hours=number)
        assert datetime.fromisoformat(step.pop("starts_at")) == starts_at
        submitted += step.pop("submitted")
        inside = [job for job in jobs if job.finished_at.hour == number]
        assert step == summarize(inside)
    assert submitted == found["submitted"]


def test_days_without_jobs_are_there_and_zero(
    context: Context, client: TestClient, headers: dict[str, str]
) -> None:
    user_id = client.get("/auth/me", headers=headers).json()["user_id"]
    with context.database.unit_of_work() as uow:
        add_ended(uow.session, EndedJob(finished_at=NOON, wait=3_600 * 13, user_id=user_id))
    period = {"from": "2026-03-08T18:00:00+02:00", "to": "2026-03-12T00:00:00Z"}
    answer = client.get("/api/admin/jobs/stats", params=period, headers=headers)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["step"] == "day"
    days = [(each["starts_at"][:10], each["ended"]) for each in found["throughput"]]
    assert days == [("2026-03-08", 0), ("2026-03-09", 0), ("2026-03-10", 1), ("2026-03-11", 0)]
    assert [each["submitted"] for each in found["throughput"]] == [0, 1, 0, 0]
    assert found["since"] == "2026-03-08T16:00:00Z"
    [owner] = found["owners"]
    assert (owner["user_id"], owner["name"]) == (user_id, "admin")


def test_an_empty_service_has_no_made_up_figures(
    shared_client: TestClient, shared_headers: dict[str, str]
) -> None:
    answer = shared_client.get("/api/admin/jobs/stats", headers=shared_headers)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    nothing = {"average": None, "median": None, "p95": None, "longest": None}
    assert found["durations"] == {"jobs": 0, "wait": nothing, "run": nothing, "total": nothing}
    assert (found["models"], found["owners"], found["failures"]) == ([], [], [])
    assert found["real_time_factors"] == []
    assert found["queue"]["oldest_wait_seconds"] is None
    assert found["queue"]["outbox_lag_seconds"] is None
    assert found["disagreements"] == []
    # The last 24 hours touch 25 of them, but for the moment in which an hour begins.
    assert len(found["throughput"]) in {24, 25}


@pytest.mark.parametrize(
    ("period", "code"),
    [
        ({"from": "2026-03-02T00:00:00Z", "to": "2026-03-01T00:00:00Z"}, "empty_period"),
        ({"from": "2024-01-01T00:00:00Z", "to": "2026-03-01T00:00:00Z"}, "period_too_long"),
        ({"from": "2026-03-01T00:00:00"}, "invalid"),
        ({"since": "2026-03-01T00:00:00Z"}, "unknown_parameter"),
    ],
)
def test_a_period_that_is_none_is_refused(
    shared_client: TestClient, shared_headers: dict[str, str], period: dict[str, str], code: str
) -> None:
    answer = shared_client.get("/api/admin/jobs/stats", params=period, headers=shared_headers)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_the_queue_and_the_workers_stand_as_they_do(context: Context) -> None:
    for _ in range(3):
        add_job(context)
    stuck = add_job(context)
    with context.database.unit_of_work() as uow:
        long_ago = read_database_time(uow.session) - timedelta(hours=2)
        uow.session.execute(
            update(Job)
            .where(Job.id == stuck)
            .values(
                queued_at=long_ago,
                not_before=read_database_time(uow.session) + timedelta(hours=1),
                waiting_code="model_missing",
            )
        )
        record_heartbeat(uow, "w2", "The model is damaged.", None, Doing(resident_bytes=1))
    claim = must_claim(context, "w1")
    with context.database.unit_of_work() as uow:
        doing = Doing(job_id=claim.job_id, span_index=claim.index, resident_bytes=1)
        record_heartbeat(uow, "w1", None, None, doing)
    found = ask(context)
    queue = found["queue"]
    assert (queue["queued_jobs"], queue["queued_spans"], queue["running_spans"]) == (3, 3, 1)
    assert queue["oldest_wait_seconds"] == pytest.approx(7_200, abs=300)
    assert queue["waiting_for"] == [{"code": "model_missing", "jobs": 1}]
    assert queue["outbox_tokens"] == count_rows(context)
    assert queue["outbox_lag_seconds"] is not None
    assert found["states"] == {
        **dict.fromkeys(("completed", "failed", "cancelled", "quarantined"), 0),
        "queued": 3,
        "running": 1,
    }
    assert found["workers"] == {"live": 2, "busy": 1, "idle": 0, "draining": 0}
    assert found["broker"] == {"answers": True, "tokens": 4, "detail": None}
    assert found["disagreements"] == []


def test_what_cannot_be_true_together_is_flagged(context: Context) -> None:
    for _ in range(2):
        add_job(context)
    add_worker(context, "w1")
    lost = must_claim(context, "gone")
    expired = claim_one(context, "w1")
    assert expired is not None
    assert kinds(ask(context)) == {"lease_without_worker": 1}
    expire_leases(context)
    assert kinds(ask(context)) == {"lease_expired": 2}
    with context.database.unit_of_work() as uow:
        values = update(Job).where(Job.id == lost.job_id).values(state=JobState.QUEUED)
        uow.session.execute(values)
        uow.session.execute(update(WorkerHeartbeat).values(job_id=lost.job_id))
    assert kinds(ask(context)) == {"lease_expired": 2, "span_of_idle_job": 1}


def count_rows(context: Context) -> int:
    with context.database.snapshot() as session:
        return len(session.scalars(select(OutboxEntry.id)).all())


def kinds(found: dict[str, Any]) -> dict[str, int]:
    return {each["kind"]: each["count"] for each in found["disagreements"]}


def test_a_broker_that_is_away_is_told_and_the_rest_is_there(context: Context) -> None:
    assert isinstance(context.queue, RecordingQueue)
    context.queue.is_up = False
    found = ask(context)
    assert found["broker"] == {
        "answers": False,
        "tokens": None,
        "detail": "The broker does not answer.",
    }
    assert found["queue"]["queued_jobs"] == 0
