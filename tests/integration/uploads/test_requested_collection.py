"""A collection on request removes to the end what the rounds remove bit by bit."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from job_builders import add_job, must_claim, store_plan, store_span
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.database import UnitOfWork
from transcriber.infra.deletions import BATCH, give_up
from transcriber.infra.errors import UnavailableError
from transcriber.infra.exclusion import hold_alone
from transcriber.infra.identifiers import create_id
from transcriber.infra.storage import Storage
from transcriber.jobs.models import Job
from transcriber.jobs.upkeep import LOCK_NAME as UPKEEP_LOCK
from transcriber.uploads.collecting import collect_everything, run_requested
from transcriber.uploads.collection_requests import (
    Collection,
    find_newest,
    request_collection,
    start_collection,
)
from transcriber.uploads.orphans import LOCK_NAME as ORPHANS_LOCK


def ask(context: Context) -> None:
    with context.database.unit_of_work() as uow:
        request_collection(uow, "admin", None)


def read(context: Context) -> Collection:
    with context.database.snapshot() as session:
        found = find_newest(session)
    assert found is not None
    return found


def add_old_job(context: Context) -> None:
    add_job(context)
    store_plan(context, must_claim(context), 1)
    store_span(context, must_claim(context))
    with context.database.unit_of_work() as uow:
        old = read_database_time(uow.session) - timedelta(days=40)
        uow.session.execute(update(Job).values(finished_at=old))


def leave_behind(uow: UnitOfWork, count: int) -> None:
    for _ in range(count):
        give_up(uow, f"recordings/{create_id()}")


def test_what_is_due_goes_however_much_it_is(context: Context) -> None:
    settings = context.settings.model_copy(update={"retain_transcripts_days": 30})
    context = replace(context, settings=settings)
    add_old_job(context)
    with context.database.unit_of_work() as uow:
        leave_behind(uow, BATCH + 1)
    ask(context)
    assert run_requested(context)
    done = read(context)
    assert done.problem is None
    assert done.counts is not None
    counts = {name: count for name, count in done.counts.items() if count}
    assert counts == {"jobs": 1, "objects": BATCH + 1}


@pytest.mark.parametrize("lock", [UPKEEP_LOCK, ORPHANS_LOCK])
def test_it_waits_while_a_round_is_under_way(context: Context, lock: str) -> None:
    ask(context)
    with hold_alone(context.database, lock) as is_alone:
        assert is_alone
        assert not run_requested(context)
    assert read(context).started_at is None
    assert run_requested(context)
    assert read(context).ended_at is not None


def test_one_that_a_dead_worker_began_is_done(context: Context) -> None:
    ask(context)
    with context.database.unit_of_work() as uow:
        assert start_collection(uow.session) is not None
    assert run_requested(context)
    assert read(context).ended_at is not None


class AwayStorage:
    """Gives no list of its objects; all else is the storage behind it."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def find_objects(self) -> None:
        raise UnavailableError("The storage does not answer.")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)


def test_what_fails_is_told_and_keeps_nothing_else_from_going(context: Context) -> None:
    storage: Any = AwayStorage(context.storage)
    with context.database.unit_of_work() as uow:
        leave_behind(uow, 1)
    counts, problem = collect_everything(replace(context, storage=storage))
    assert (counts["objects"], counts["orphans"]) == (1, 0)
    assert problem == "orphans: The storage does not answer."
