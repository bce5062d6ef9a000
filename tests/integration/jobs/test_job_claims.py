import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

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
from transcriber.jobs.claims import Claim, LeaseLostError
from transcriber.jobs.models import AccountTurn, Job
from transcriber.jobs.reconciler import reconcile_once
from transcriber.transcripts.models import SegmentRow
from transcriber.transcripts.service import read_transcript


def prefer(context: Context, job_id: str, priority: int) -> None:
    with context.database.unit_of_work() as uow:
        uow.session.get_one(Job, job_id).priority = priority


def age_jobs(context: Context, by: timedelta) -> None:
    """Let time pass for everything the order looks at."""
    with context.database.unit_of_work() as uow:
        for job in uow.session.scalars(select(Job)):
            job.queued_at -= by
        for turn in uow.session.scalars(select(AccountTurn)):
            if turn.served_at is not None:
                turn.served_at -= by


def finish(context: Context, claim: Claim) -> None:
    if claim.is_plan:
        store_plan(context, claim, 5)
    else:
        store_span(context, claim)


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


def test_an_owner_at_the_cap_waits_for_those_below_it(context: Context) -> None:
    for _ in range(4):
        prefer(context, add_job(context, "greedy"), 10)
    for _ in range(3):
        add_job(context, "modest")
    owners = [must_claim(context, f"w{number}", per_owner=2).user_id for number in range(4)]
    assert owners == ["greedy", "greedy", "modest", "modest"]
    # Everybody is at the cap: no worker stays idle, and the usual order decides.
    assert must_claim(context, "w5", per_owner=2).user_id == "greedy"


def test_an_owner_alone_has_all_the_workers(context: Context) -> None:
    add_job(context, "alone")
    store_plan(context, must_claim(context), 12)
    claims = [must_claim(context, f"w{number}", per_owner=4) for number in range(12)]
    assert [claim.index for claim in claims] == list(range(12))


def test_a_second_owner_is_served_when_the_first_slice_ends(context: Context) -> None:
    add_job(context, "first")
    store_plan(context, must_claim(context), 20)
    running = [must_claim(context, f"w{number}", per_owner=4) for number in range(8)]
    add_job(context, "second")
    store_span(context, running[3])
    assert must_claim(context, "w3", per_owner=4).user_id == "second"


def test_a_backlog_of_one_owner_does_not_delay_another(context: Context) -> None:
    for _ in range(100):
        add_job(context, "backlog")
    for number in range(40):
        finish(context, must_claim(context, f"w{number}"))
    running = [must_claim(context, f"w{number}") for number in range(8)]
    # The oldest of the backlog has aged, and its owner was last served a while ago.
    age_jobs(context, timedelta(hours=2))
    add_job(context, "newcomer")
    owners: list[str] = []
    for claim in running[:2]:
        finish(context, claim)
        owners.append(must_claim(context, claim.worker).user_id)
    assert "newcomer" in owners


def test_a_submission_does_not_wait_for_a_claim_of_its_owner(context: Context) -> None:
    add_job(context)
    if context.database.is_sqlite:
        pytest.skip("SQLite has one writer at a time, whatever it writes.")
    with context.database.unit_of_work() as claiming:
        turn = claiming.session.scalars(select(AccountTurn)).one()
        turn.served_at = read_database_time(claiming.session)
        claiming.session.flush()
        assert add_job(context)


def test_the_cap_holds_while_many_claim_at_once(context: Context) -> None:
    for _ in range(8):
        prefer(context, add_job(context, "greedy"), 10)
    for _ in range(8):
        add_job(context, "modest")
    barrier = threading.Barrier(6)

    def claim(number: int) -> str:
        barrier.wait(20)
        while (won := claim_one(context, f"w{number}", per_owner=3)) is None:
            time.sleep(0.01)
        return won.user_id

    with ThreadPoolExecutor(6) as pool:
        owners = sorted(pool.map(claim, range(6)))
    assert owners == ["greedy"] * 3 + ["modest"] * 3


def test_a_low_priority_is_never_starved_by_a_stream_of_high_ones(context: Context) -> None:
    low = add_job(context, "patient")
    prefer(context, low, -10)
    served: list[str] = []
    for number in range(24):
        # Every twenty minutes somebody new comes with the highest priority; one worker serves all.
        prefer(context, add_job(context, f"urgent{number}"), 10)
        claim = must_claim(context)
        served.append(claim.job_id)
        store_plan(context, claim, 0)
        age_jobs(context, timedelta(minutes=20))
    assert served.index(low) == 10


def test_age_counts_beyond_any_priority(context: Context) -> None:
    low = add_job(context, "patient")
    prefer(context, low, -10)
    age_jobs(context, timedelta(hours=1))
    for number in range(5):
        prefer(context, add_job(context, f"urgent{number}"), 10)
    # All have waited for days: the one hour by which it is older still counts for six points.
    age_jobs(context, timedelta(days=3))
    assert must_claim(context).job_id != low
    age_jobs(context, timedelta(hours=4))
    for number in range(5, 10):
        prefer(context, add_job(context, f"urgent{number}"), 10)
    with context.database.unit_of_work() as uow:
        for each in range(5):
            query = select(Job).where(Job.user_id == f"urgent{each}")
            uow.session.scalars(query).one().queued_at += timedelta(days=1)
    assert must_claim(context).job_id == low


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
