"""Work that hangs in a library is ended from outside, and nothing but that work."""

from job_builders import (
    add_job,
    expire_leases,
    list_moves,
    list_spans,
    must_claim,
    read_job,
)
from service_context import build_settings
from transcriber.infra.context import Context
from transcriber.infra.exit_status import ExitStatus
from transcriber.jobs.reconciler import reconcile_once
from transcriber.jobs.service import JobService
from worker_process import is_transcribing, run_broker, start_worker, submit, wait_for

CANCEL_SECONDS = 15.0


def cancel(context: Context, job_id: str) -> None:
    with context.database.unit_of_work() as uow:
        JobService(uow, context.queue, context.storage).cancel("alice", job_id)


def test_a_cancelled_job_ends_although_its_work_hangs(context: Context) -> None:
    settings = context.settings
    with run_broker(settings), start_worker(settings, "hang") as worker:
        job_id = submit(context, settings)
        wait_for(lambda: is_transcribing(context, job_id))
        samples = read_job(context, job_id).pcm_key
        assert samples is not None
        waiting = add_job(context, "bob")
        cancel(context, job_id)
        # Long before its lease would run out; `benchmarks/cancel.py` measures how soon.
        wait_for(lambda: read_job(context, job_id).state == "cancelled", CANCEL_SECONDS)
        assert worker.wait(10) == ExitStatus.ABANDONED
        assert list_moves(context, job_id)[-1] == ("running", "cancelled")
        assert not (settings.resolved_storage_dir / samples).exists()
        assert all(span.state != "running" for span in list_spans(context, job_id))
        assert (read_job(context, waiting).state, read_job(context, waiting).attempt) == (
            "queued",
            0,
        )


def test_work_that_somebody_else_has_is_ended(context: Context) -> None:
    settings = context.settings
    with run_broker(settings), start_worker(settings, "hang") as worker:
        job_id = submit(context, settings)
        wait_for(lambda: is_transcribing(context, job_id))
        expire_leases(context)
        reconcile_once(context)
        heir = must_claim(context, "heir")
        assert worker.wait(15) == ExitStatus.ABANDONED
    span = list_spans(context, job_id)[1]
    assert (span.lease_owner, span.attempt, span.state) == ("heir", heir.attempt, "running")


def test_work_without_progress_is_ended_and_its_lease_runs_out(context: Context) -> None:
    settings = build_settings(
        context.settings.data_dir,
        database_url=context.settings.database_url,
        # Longer than planning takes on a busy machine.
        progress_deadline_seconds=6,
    )
    with run_broker(settings), start_worker(settings, "hang") as worker:
        job_id = submit(context, settings)
        wait_for(lambda: is_transcribing(context, job_id))
        assert worker.wait(60) == ExitStatus.HUNG
    assert is_transcribing(context, job_id)
    expire_leases(context)
    reconcile_once(context)
    assert [span.deaths for span in list_spans(context, job_id)] == [0, 1]
