from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from job_builders import (
    add_job,
    claim_one,
    list_moves,
    list_spans,
    must_claim,
    read_job,
    store_plan,
    store_span,
)
from transcriber.engine.options import TranscribeOptions
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.errors import ConflictError, NotFoundError
from transcriber.infra.heartbeats import record_heartbeat
from transcriber.jobs import checkpoints
from transcriber.jobs.claims import Claim, LeaseLostError
from transcriber.jobs.models import Job, SpanRow
from transcriber.jobs.progress import JobView, describe_jobs
from transcriber.jobs.service import JobService
from transcriber.recordings.models import Recording
from transcriber.transcripts.models import SegmentRow, TranscriptRow


def act(context: Context, action: str, job_id: str, user_id: str = "alice") -> None:
    with context.database.unit_of_work() as uow:
        getattr(JobService(uow, context.queue, context.storage), action)(user_id, job_id)


def fail(context: Context, claim: Claim) -> None:
    with context.database.unit_of_work() as uow:
        now = read_database_time(uow.session)
        checkpoints.fail_job(uow.session, claim, "unsupported", "It is text.", now)


def beat(context: Context) -> None:
    """Let a worker be alive: without one nobody can say how long a job waits."""
    with context.database.unit_of_work() as uow:
        record_heartbeat(uow, "w1", None)


def view(context: Context, job_id: str) -> JobView:
    with context.database.snapshot() as session:
        job = session.get_one(Job, job_id)
        return describe_jobs(session, [job], read_database_time(session))[0]


def list_objects(context: Context) -> list[str]:
    return sorted(each.key.split("/")[0] for each in context.storage.find_objects())


def test_submission_publishes_a_token_only_after_the_commit(
    context: Context, tokens: list[tuple[str, int | None]]
) -> None:
    job_id = add_job(context)
    assert tokens == [(job_id, None)]
    assert list_moves(context, job_id) == [(None, "queued")]


def test_the_same_key_and_content_give_the_same_job(context: Context) -> None:
    before = len(list_objects(context))
    ids = {add_job(context, key="k1") for _ in range(5)}
    assert len(ids) == 1
    assert len(list_objects(context)) == before + 1


@pytest.mark.parametrize(
    "change",
    [{"data": b"others"}, {"name": "b.mp3"}, {"options": TranscribeOptions(beam_size=2)}],
)
def test_the_same_key_with_other_content_is_a_conflict(
    context: Context, change: dict[str, object]
) -> None:
    add_job(context, key="k1")
    with pytest.raises(ConflictError) as caught:
        add_job(context, key="k1", **change)
    assert caught.value.code == "idempotency_conflict"


def test_one_key_of_two_owners_are_two_jobs(context: Context) -> None:
    assert add_job(context, "alice", key="k1") != add_job(context, "bob", key="k1")


def test_twenty_submissions_of_one_key_at_once_make_one_job(context: Context) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _: add_job(context, "carol", key="same"), range(20)))
    with context.database.snapshot() as session:
        count = session.scalar(select(func.count()).select_from(Job))
    assert (len(ids), count) == (1, 1)


@pytest.mark.parametrize("action", ["find", "cancel", "retry", "delete"])
def test_somebody_elses_job_does_not_exist(context: Context, action: str) -> None:
    job_id = add_job(context, "alice")
    with pytest.raises(NotFoundError):
        act(context, action, job_id, "mallory")
    assert read_job(context, job_id).state == "queued"


def test_a_queued_job_is_cancelled_at_once(context: Context) -> None:
    job_id = add_job(context)
    act(context, "cancel", job_id)
    act(context, "cancel", job_id)
    assert list_moves(context, job_id) == [(None, "queued"), ("queued", "cancelled")]
    assert claim_one(context) is None


def test_cancelling_a_running_job_only_sets_the_flag(context: Context) -> None:
    job_id = add_job(context)
    must_claim(context)
    act(context, "cancel", job_id)
    job = read_job(context, job_id)
    assert job.state == "running"
    assert job.cancel_requested_at is not None


def test_a_flagged_job_is_cancelled_when_its_last_worker_lets_go(context: Context) -> None:
    job_id = add_job(context)
    claim = must_claim(context)
    act(context, "cancel", job_id)
    store_plan(context, claim, 2)
    job = read_job(context, job_id)
    assert job.state == "cancelled"
    assert claim_one(context) is None


def test_a_completed_job_can_neither_be_cancelled_nor_tried_again(context: Context) -> None:
    job_id = add_job(context)
    store_plan(context, must_claim(context), 0)
    for action in ("cancel", "retry"):
        with pytest.raises(ConflictError):
            act(context, action, job_id)
    assert read_job(context, job_id).state == "completed"


def test_failure_takes_the_other_spans_from_their_workers(context: Context) -> None:
    job_id = add_job(context)
    store_plan(context, must_claim(context), 2)
    first, second = must_claim(context, "w1"), must_claim(context, "w2")
    fail(context, first)
    with pytest.raises(LeaseLostError):
        store_span(context, second)
    job = read_job(context, job_id)
    assert (job.state, job.error_code) == ("failed", "unsupported")


def test_a_retry_is_a_new_generation_that_starts_anew(context: Context) -> None:
    job_id = add_job(context)
    store_plan(context, must_claim(context), 2)
    store_span(context, must_claim(context), ["old"])
    fail(context, must_claim(context))
    act(context, "retry", job_id)
    job = read_job(context, job_id)
    assert (job.state, job.generation, job.attempt, job.checkpoint) == ("queued", 2, 0, 0)
    assert (job.error_code, job.total_seconds) == (None, None)
    claim = must_claim(context)
    assert claim.is_plan
    store_plan(context, claim, 1)
    store_span(context, must_claim(context), ["new"])
    with context.database.snapshot() as session:
        rows = session.execute(
            select(SegmentRow.generation, SegmentRow.index, SegmentRow.text).where(
                SegmentRow.job_id == job_id, SegmentRow.generation == 2
            )
        ).all()
    assert [tuple(row) for row in rows] == [(2, 0, "new")]


def test_deleting_removes_rows_and_objects(context: Context) -> None:
    before = list_objects(context)
    job_id = add_job(context)
    store_plan(context, must_claim(context), 2)
    claim = must_claim(context)
    store_span(context, claim)
    last = must_claim(context)
    act(context, "delete", job_id)
    with pytest.raises(LeaseLostError):
        store_span(context, last)
    with context.database.snapshot() as session:
        for table in (Job, Recording, SegmentRow, TranscriptRow):
            assert session.scalar(select(func.count()).select_from(table)) == 0
    assert list_objects(context) == before


def test_progress_counts_audio_and_the_estimate_is_measured(context: Context) -> None:
    beat(context)
    job_id = add_job(context)
    assert view(context, job_id).progress is None
    assert view(context, job_id).eta_seconds is None
    store_plan(context, must_claim(context), 4)
    assert (view(context, job_id).progress, view(context, job_id).eta_seconds) == (0.0, None)
    store_span(context, must_claim(context))
    seen = view(context, job_id)
    # One second of work for ten of audio; thirty are left.
    assert seen.progress == pytest.approx(0.25)
    assert seen.eta_seconds == pytest.approx(3.0)
    must_claim(context, "w1")
    must_claim(context, "w2")
    assert view(context, job_id).eta_seconds == pytest.approx(1.5)


def test_a_part_of_a_running_span_is_progress_and_a_measure(context: Context) -> None:
    job_id = add_job(context)
    store_plan(context, must_claim(context), 1)
    must_claim(context)
    assert view(context, job_id).eta_seconds is None
    with context.database.unit_of_work() as uow:
        span = uow.session.scalars(select(SpanRow).where(SpanRow.state == "running")).one()
        span.done_seconds = 4.0
        assert span.started_at is not None
        span.started_at -= timedelta(seconds=8)
    seen = view(context, job_id)
    assert seen.progress == pytest.approx(0.4)
    # Eight seconds for four of audio; six are left.
    assert seen.eta_seconds == pytest.approx(12.0, abs=3.0)


def test_the_estimate_of_a_fresh_job_comes_from_earlier_ones_of_its_model(
    context: Context,
) -> None:
    beat(context)
    add_job(context)
    store_plan(context, must_claim(context), 1)
    store_span(context, must_claim(context))
    second = add_job(context)
    store_plan(context, must_claim(context), 2)
    assert view(context, second).eta_seconds == pytest.approx(2.0)
    other = add_job(context, model="large")
    claim = claim_one(context, unready=["base"])
    assert claim is not None
    store_plan(context, claim, 1)
    assert view(context, other).eta_seconds is None


def test_the_queue_position_is_the_order_of_claims(context: Context) -> None:
    ids = [add_job(context, owner) for owner in ("a", "a", "b")]
    places = {job_id: view(context, job_id).queue_position for job_id in ids}
    by_claim: list[str] = [must_claim(context, f"w{number}").job_id for number in range(3)]
    assert sorted(ids, key=lambda job_id: places[job_id] or 0) == by_claim
    assert view(context, ids[0]).queue_position is None
    assert list_spans(context, ids[0])[0].state == "running"
