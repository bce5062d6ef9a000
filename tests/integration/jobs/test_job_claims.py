from datetime import timedelta

import pytest

from job_builders import (
    add_job,
    claim_one,
    expire_leases,
    list_moves,
    list_spans,
    must_claim,
    read_job,
    store_plan,
    store_span,
)
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.jobs import checkpoints
from transcriber.jobs.claims import LeaseLostError
from transcriber.jobs.models import Job
from transcriber.jobs.reconciler import reconcile_once
from transcriber.transcripts.service import read_transcript


def test_one_job_goes_from_plan_to_transcript(context: Context) -> None:
    job_id = add_job(context)
    claim = must_claim(context)
    assert claim.is_plan
    assert claim_one(context, "w2") is None
    store_plan(context, claim, 3)
    claims = [must_claim(context, f"w{number}") for number in range(3)]
    assert [each.index for each in claims] == [0, 1, 2]
    for each in (claims[2], claims[0], claims[1]):
        store_span(context, each, [f"{each.index}a", f"{each.index}b"])
    job = read_job(context, job_id)
    assert (job.state, job.attempt, job.checkpoint) == ("completed", 4, 4)
    with context.database.snapshot() as session:
        stored = read_transcript(session, "alice", job_id)
    texts = [segment.text for segment in stored.transcript.segments]
    assert texts == ["0a", "0b", "1a", "1b", "2a", "2b"]
    assert stored.row.segment_count == 6
    assert list_moves(context, job_id) == [
        (None, "queued"),
        ("queued", "running"),
        ("running", "queued"),
        ("queued", "running"),
        ("running", "completed"),
    ]


def test_segments_are_numbered_from_zero_without_gaps(context: Context) -> None:
    job_id = add_job(context)
    store_plan(context, must_claim(context), 2)
    claims = [must_claim(context), must_claim(context)]
    store_span(context, claims[1], ["c"])
    store_span(context, claims[0], ["a", "b"])
    from sqlalchemy import select  # noqa: PLC0415 -- only this test asks the table itself

    from transcriber.transcripts.models import SegmentRow  # noqa: PLC0415 -- as above

    with context.database.snapshot() as session:
        query = select(SegmentRow.index, SegmentRow.text).where(SegmentRow.job_id == job_id)
        rows = session.execute(query.order_by(SegmentRow.index)).all()
    assert [tuple(row) for row in rows] == [(0, "a"), (1, "b"), (2, "c")]


def test_silence_completes_at_the_plan(context: Context) -> None:
    job_id = add_job(context)
    store_plan(context, must_claim(context), 0)
    with context.database.snapshot() as session:
        stored = read_transcript(session, "alice", job_id)
    assert stored.transcript.segments == ()
    assert read_job(context, job_id).state == "completed"


def test_a_zombie_writes_nothing_after_its_lease_went_to_another(context: Context) -> None:
    job_id = add_job(context)
    store_plan(context, must_claim(context), 1)
    zombie = must_claim(context, "zombie")
    expire_leases(context)
    reconcile_once(context)
    heir = must_claim(context, "heir")
    assert heir.attempt == zombie.attempt + 1
    with pytest.raises(LeaseLostError):
        store_span(context, zombie, ["wrong"])
    store_span(context, heir, ["right"])
    with pytest.raises(LeaseLostError):
        store_span(context, zombie, ["late"])
    with context.database.snapshot() as session:
        stored = read_transcript(session, "alice", job_id)
    assert [segment.text for segment in stored.transcript.segments] == ["right"]


@pytest.mark.parametrize("report", ["release_claim", "cancel_claimed"])
def test_every_report_is_fenced(context: Context, report: str) -> None:
    job_id = add_job(context)
    zombie = must_claim(context)
    expire_leases(context)
    reconcile_once(context)
    heir = must_claim(context, "heir")
    write = getattr(checkpoints, report)
    with context.database.unit_of_work() as uow:
        now = read_database_time(uow.session)
        with pytest.raises(LeaseLostError):
            write(uow.session, zombie, now)
    assert read_job(context, job_id).state == "running"
    assert list_spans(context, job_id)[0].lease_owner == heir.worker


def test_three_deaths_without_a_checkpoint_quarantine(context: Context) -> None:
    job_id = add_job(context)
    for number in range(3):
        must_claim(context, f"w{number}")
        expire_leases(context)
        reconcile_once(context)
    job = read_job(context, job_id)
    assert (job.state, job.stall_count, job.error_code) == ("quarantined", 3, "quarantined")
    assert claim_one(context) is None


def test_a_job_killed_many_times_with_progress_still_finishes(context: Context) -> None:
    job_id = add_job(context)
    store_plan(context, must_claim(context), 5)
    for number in range(10):
        must_claim(context, f"victim{number}")
        expire_leases(context)
        reconcile_once(context)
        if number % 2:
            store_span(context, must_claim(context))
    job = read_job(context, job_id)
    assert (job.state, job.stall_count) == ("completed", 0)


def test_one_power_cut_of_many_workers_is_one_death(context: Context) -> None:
    job_id = add_job(context)
    store_plan(context, must_claim(context), 4)
    for number in range(4):
        must_claim(context, f"w{number}")
    expire_leases(context)
    reconcile_once(context)
    job = read_job(context, job_id)
    assert (job.state, job.stall_count) == ("queued", 1)
    assert {span.state for span in list_spans(context, job_id)} == {"done", "queued"}


def test_owners_take_turns(context: Context) -> None:
    for _ in range(3):
        add_job(context, "greedy")
    add_job(context, "modest")
    owners = [must_claim(context, f"w{number}").user_id for number in range(4)]
    assert owners == ["greedy", "modest", "greedy", "greedy"]


def test_an_owner_over_the_cap_waits(context: Context) -> None:
    for _ in range(3):
        add_job(context, "greedy")
    assert claim_one(context, "w1", per_owner=2) is not None
    assert claim_one(context, "w2", per_owner=2) is not None
    assert claim_one(context, "w3", per_owner=2) is None


def test_priority_goes_first_and_age_catches_up(context: Context) -> None:
    old, new = add_job(context, "a"), add_job(context, "b")
    with context.database.unit_of_work() as uow:
        uow.session.get_one(Job, new).priority = 2
    assert must_claim(context).job_id == new
    newer = add_job(context, "c")
    with context.database.unit_of_work() as uow:
        uow.session.get_one(Job, newer).priority = 2
        job = uow.session.get_one(Job, old)
        job.queued_at -= timedelta(minutes=31)
    assert must_claim(context).job_id == old


def test_jobs_of_a_model_that_cannot_be_loaded_are_passed_over(context: Context) -> None:
    add_job(context, model="broken")
    fine = add_job(context, model="base")
    claim = claim_one(context, unready=["broken"])
    assert claim is not None
    assert claim.job_id == fine
    assert claim_one(context, unready=["broken"]) is None
