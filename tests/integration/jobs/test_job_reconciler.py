import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from job_builders import (
    add_job,
    claim_one,
    empty_service,
    expire_leases,
    list_moves,
    must_claim,
    read_job,
    store_plan,
    store_span,
)
from transcriber.infra.context import Context
from transcriber.infra.database import UnitOfWork
from transcriber.infra.heartbeats import record_heartbeat
from transcriber.jobs import reconciler
from transcriber.jobs.models import Job, OutboxEntry
from transcriber.jobs.reconciler import reconcile_once
from transcriber.jobs.tokens import forget_tokens, wake_workers
from transcriber.uploads.orphans import collect_orphans


def make_older(context: Context, seconds: float) -> None:
    with context.database.unit_of_work() as uow:
        for row in uow.session.scalars(select(Job)):
            row.updated_at -= timedelta(seconds=seconds)
            row.queued_at -= timedelta(seconds=seconds)
        for entry in uow.session.scalars(select(OutboxEntry)):
            entry.created_at -= timedelta(seconds=seconds)


def beat(context: Context, *workers: str) -> None:
    with context.database.unit_of_work() as uow:
        for worker in workers:
            record_heartbeat(uow, worker, None)


def count_outbox(context: Context) -> int:
    with context.database.snapshot() as session:
        return session.scalar(select(func.count()).select_from(OutboxEntry)) or 0


def test_a_live_lease_is_left_alone(context: Context) -> None:
    job_id = add_job(context)
    must_claim(context)
    reconcile_once(context)
    assert read_job(context, job_id).state == "running"


def test_lost_tokens_are_published_again(
    context: Context, tokens: list[tuple[str, int | None]]
) -> None:
    job_id = add_job(context)
    tokens.clear()
    reconcile_once(context)
    assert tokens == []
    make_older(context, 11)
    reconcile_once(context)
    assert tokens == [(job_id, None)]
    assert count_outbox(context) == 0
    reconcile_once(context)
    assert tokens == [(job_id, None), (job_id, None)]


def test_the_outbox_is_quicker_than_the_search_for_waiting_rows(
    context: Context, tokens: list[tuple[str, int | None]]
) -> None:
    job_id = add_job(context)
    tokens.clear()
    make_older(context, 6)
    reconcile_once(context)
    assert tokens == [(job_id, None)]
    assert count_outbox(context) == 0
    reconcile_once(context)
    assert tokens == [(job_id, None)]


def test_a_long_queue_is_not_flooded_with_tokens(
    context: Context, tokens: list[tuple[str, int | None]]
) -> None:
    for number in range(12):
        add_job(context, f"owner{number}")
    tokens.clear()
    make_older(context, 60)
    reconcile_once(context)
    assert 1 <= len(tokens) <= 4


def test_busy_workers_are_not_woken_again_and_again(
    context: Context, tokens: list[tuple[str, int | None]]
) -> None:
    add_job(context, "alice")
    must_claim(context, "a" * 32)
    waiting = add_job(context, "bob")
    tokens.clear()
    make_older(context, 60)
    with context.database.unit_of_work() as uow:
        record_heartbeat(uow, "a" * 32, None)
    reconcile_once(context)
    assert tokens == []
    assert count_outbox(context) == 2
    # A worker whose own default model is unusable may still take this job.
    with context.database.unit_of_work() as uow:
        record_heartbeat(uow, "b" * 32, "The default model is not staged.")
    reconcile_once(context)
    assert (waiting, None) in tokens
    tokens.clear()
    expire_leases(context)
    reconcile_once(context)
    assert tokens


def test_one_long_job_wakes_every_idle_worker(
    context: Context, tokens: list[tuple[str, int | None]]
) -> None:
    job_id = add_job(context)
    store_plan(context, must_claim(context), 40)
    beat(context, *(f"{number:032x}" for number in range(8)))
    make_older(context, 11)
    must_claim(context, f"{0:032x}")
    tokens.clear()
    reconcile_once(context)
    assert len(tokens) >= 7
    assert set(tokens) == {(job_id, None)}


def test_planning_wakes_every_idle_worker(
    context: Context, tokens: list[tuple[str, int | None]]
) -> None:
    job_id = add_job(context)
    claim = must_claim(context, f"{0:032x}")
    store_plan(context, claim, 40)
    beat(context, *(f"{number:032x}" for number in range(8)))
    tokens.clear()
    with context.database.unit_of_work() as uow:
        wake_workers(uow, context, uow.session.get_one(Job, job_id))
    assert tokens == [(job_id, None)] * 8


def test_the_checkpoints_of_one_worker_do_not_keep_others_asleep(
    context: Context, tokens: list[tuple[str, int | None]]
) -> None:
    add_job(context)
    store_plan(context, must_claim(context), 9)
    beat(context, "a" * 32, "b" * 32)
    make_older(context, 11)
    store_span(context, must_claim(context, "a" * 32))
    must_claim(context, "a" * 32)
    tokens.clear()
    reconcile_once(context)
    assert tokens


def test_work_of_a_dead_worker_wakes_another_in_the_same_round(
    context: Context, tokens: list[tuple[str, int | None]]
) -> None:
    job_id = add_job(context)
    make_older(context, 11)
    must_claim(context, "d" * 32)
    beat(context, "a" * 32)
    tokens.clear()
    expire_leases(context)
    reconcile_once(context)
    assert (job_id, None) in tokens


def test_the_lease_of_a_dead_worker_does_not_hide_an_idle_one(
    context: Context, tokens: list[tuple[str, int | None]]
) -> None:
    add_job(context, "alice")
    must_claim(context, "d" * 32)
    waiting = add_job(context, "bob")
    make_older(context, 11)
    beat(context, "a" * 32)
    tokens.clear()
    reconcile_once(context)
    assert (waiting, None) in tokens


def test_jobs_whose_locks_are_held_do_not_hide_other_expired_ones(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciler, "BATCH", 1)
    first, second = add_job(context, "alice"), add_job(context, "bob")
    must_claim(context, "w1")
    must_claim(context, "w2")
    expire_leases(context)
    for _ in range(2):
        reconcile_once(context)
    assert {read_job(context, each).state for each in (first, second)} == {"queued"}


@pytest.mark.postgres
def test_a_stopped_reconciler_blocks_the_others_for_seconds_only(
    postgres_context: Context,
) -> None:
    # On SQLite, with its one writer, the others are refused after the busy timeout.
    context = postgres_context
    empty_service(context)
    job_id = add_job(context)
    must_claim(context)
    expire_leases(context)
    session = Session(context.database.engine)
    held = UnitOfWork(session)
    assert held.try_lock(reconciler.LOCK_NAME)
    reconcile_once(context)
    assert read_job(context, job_id).state == "running"
    deadline = time.monotonic() + 20
    while read_job(context, job_id).state == "running" and time.monotonic() < deadline:
        time.sleep(0.2)
        reconcile_once(context)
    assert read_job(context, job_id).state == "queued"
    with pytest.raises(DBAPIError, match="idle-in-transaction"):
        session.execute(text("SELECT 1"))
    session.invalidate()
    session.close()


def test_a_claim_needs_no_further_token(context: Context) -> None:
    add_job(context)
    assert count_outbox(context) == 1
    store_plan(context, must_claim(context), 1)
    with context.database.unit_of_work() as uow:
        forget_tokens(uow.session, uow.session.scalars(select(Job.id)).one())
    assert count_outbox(context) == 0


def test_a_dead_worker_of_a_cancelled_job_ends_it(context: Context) -> None:
    job_id = add_job(context)
    must_claim(context)
    with context.database.unit_of_work() as uow:
        job = uow.session.get_one(Job, job_id)
        job.cancel_requested_at = job.created_at
    expire_leases(context)
    reconcile_once(context)
    assert list_moves(context, job_id)[-1] == ("running", "cancelled")
    assert claim_one(context) is None


def test_only_old_objects_without_a_row_are_collected(context: Context) -> None:
    job_id = add_job(context)
    root = context.settings.resolved_storage_dir
    for key in ("recordings", "pcm"):
        for age in (0, 7200):
            name = f"{age:032x}"
            path = root / key / name[:2] / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"x")
            os.utime(path, (time.time() - age, time.time() - age))
    _make_all_old(root, keep=f"{0:032x}")
    collect_orphans(context)
    left = {each.key for each in context.storage.find_objects()}
    with context.database.snapshot() as session:
        assert session.get(Job, job_id) is not None
    assert {f"recordings/{0:032x}", f"pcm/{0:032x}"} < left
    assert not any(key.endswith(f"{7200:032x}") for key in left)
    assert len(left) == 3


def _make_all_old(root: Path, keep: str) -> None:
    for path in root.rglob("*"):
        if path.is_file() and path.name != keep:
            os.utime(path, (time.time() - 7200, time.time() - 7200))
