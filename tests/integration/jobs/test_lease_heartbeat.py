import time
from dataclasses import replace

import pytest

from job_builders import add_job, claim_one, expire_leases, list_spans, must_claim
from patience import wait_until
from transcriber.infra.context import Context
from transcriber.infra.database import Database
from transcriber.infra.exit_status import ExitStatus
from transcriber.jobs.claims import LeaseLostError
from transcriber.jobs.heartbeat import POLL_SECONDS, DrainRequestedError, Heartbeat
from transcriber.jobs.reconciler import reconcile_once


@pytest.fixture
def quick(context: Context) -> Context:
    settings = context.settings.model_copy(
        update={"heartbeat_seconds": 0.05, "progress_deadline_seconds": 0.4, "lease_seconds": 5}
    )
    return replace(context, settings=settings)


def test_a_working_heartbeat_extends_the_lease_and_tells_progress(quick: Context) -> None:
    job_id = add_job(quick)
    claim = must_claim(quick, lease_seconds=1)
    with Heartbeat(quick, claim) as heartbeat:
        heartbeat.check(3.5)
        wait_until(
            lambda: (
                (list_spans(quick, job_id)[0].lease_until or claim.lease_until) > claim.lease_until
            )
        )
    span = list_spans(quick, job_id)[0]
    assert span.done_seconds == pytest.approx(3.5)


def test_a_hang_stops_the_heartbeat_and_is_reported(quick: Context) -> None:
    job_id = add_job(quick)
    claim = must_claim(quick)
    ends: list[ExitStatus] = []
    with Heartbeat(quick, claim, ends.append):
        wait_until(lambda: ends)
        before = list_spans(quick, job_id)[0].lease_until
        time.sleep(0.3)
        assert list_spans(quick, job_id)[0].lease_until == before
    assert ends == [ExitStatus.HUNG]


def test_the_work_learns_that_its_lease_was_lost(quick: Context) -> None:
    add_job(quick)
    claim = must_claim(quick)

    def is_lost() -> bool:
        try:
            heartbeat.check()
        except LeaseLostError:
            return True
        return False

    with Heartbeat(quick, claim) as heartbeat:

        def has_passed_on() -> bool:
            # The heartbeat may extend the lease between these two.
            expire_leases(quick)
            reconcile_once(quick)
            return claim_one(quick, "heir") is not None

        wait_until(has_passed_on)
        wait_until(is_lost)
    assert is_lost()


def test_the_work_learns_that_the_process_drains(quick: Context) -> None:
    add_job(quick)
    with Heartbeat(quick, must_claim(quick)) as heartbeat:
        heartbeat.check()
        quick.draining.set()
        with pytest.raises(DrainRequestedError):
            heartbeat.check()


def test_the_work_outlives_a_database_that_is_away_for_a_moment(quick: Context) -> None:
    job_id = add_job(quick)
    claim = must_claim(quick, lease_seconds=1)
    away = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    patient = quick.settings.model_copy(update={"progress_deadline_seconds": 60})
    broken = replace(quick, database=away, settings=patient)
    with Heartbeat(broken, claim) as heartbeat:
        time.sleep(POLL_SECONDS + 0.1)
        heartbeat.check(1.0)
        object.__setattr__(broken, "database", quick.database)
        wait_until(lambda: list_spans(quick, job_id)[0].done_seconds == pytest.approx(1.0))
    away.dispose()
