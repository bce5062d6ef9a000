"""Nothing of a deleted job stays, also where the storage is away at that moment."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from job_builders import add_job, must_claim, store_plan, store_span
from service_context import RecordingQueue
from transcriber.infra.context import Context
from transcriber.infra.deletions import MAX_REFUSALS, Deletion
from transcriber.infra.errors import UnavailableError
from transcriber.infra.storage import LocalStorage
from transcriber.jobs.claims import LeaseLostError
from transcriber.jobs.models import JobEvent
from transcriber.jobs.service import JobService
from transcriber.jobs.upkeep import run_upkeep
from transcriber.migrations.tables import metadata

AUDIO = b"the very bytes of the recording " * 64
SPOKEN = "nobody else may ever read this sentence"


class FailingStorage(LocalStorage):
    """Refuses to delete as often as it is told, as a store does that is away."""

    refusals = 0

    def delete(self, key: str) -> None:
        if self.refusals:
            self.refusals -= 1
            raise UnavailableError("The storage is away.", code="storage_unavailable")
        super().delete(key)


@pytest.fixture
def storage(context: Context) -> FailingStorage:
    return FailingStorage(context.settings.resolved_storage_dir, low_water_bytes=0)


@pytest.fixture
def failing(context: Context, storage: FailingStorage) -> Context:
    return replace(context, storage=storage)


def complete(context: Context, **choices: str) -> str:
    job_id = add_job(context, data=AUDIO, **choices)
    store_plan(context, must_claim(context), 1)
    store_span(context, must_claim(context), [SPOKEN], [SPOKEN])
    return job_id


@contextmanager
def jobs_of(context: Context) -> Generator[JobService]:
    with context.database.unit_of_work() as uow:
        yield JobService(uow, RecordingQueue(), context.storage)


def count_deletions(context: Context) -> int:
    with context.database.snapshot() as session:
        return session.scalar(select(func.count()).select_from(Deletion)) or 0


def list_objects(context: Context) -> list[str]:
    return [each.key for each in context.storage.find_objects()]


def test_a_deletion_outlasts_a_storage_that_is_away(
    failing: Context, storage: FailingStorage
) -> None:
    job_id = complete(failing)
    storage.refusals = 3
    with jobs_of(failing) as jobs:
        jobs.delete("alice", job_id)
    # The recording and the samples.
    assert (count_deletions(failing), len(list_objects(failing))) == (2, 2)
    run_upkeep(failing)
    assert (count_deletions(failing), len(list_objects(failing))) == (1, 1)
    run_upkeep(failing)
    assert (count_deletions(failing), list_objects(failing)) == (0, [])


def test_a_deletion_leaves_one_row_that_names_the_job(context: Context) -> None:
    job_id = complete(context, key="k1")
    with jobs_of(context) as jobs:
        jobs.delete("alice", job_id)
    with context.database.snapshot() as session:
        for table in metadata.sorted_tables:
            if table.name == "audit_entries":
                continue
            for column in table.columns:
                if column.name in {"job_id", "resource_id"}:
                    query = select(func.count()).where(column == job_id)
                    # Streams still have to tell that it is gone.
                    left = 1 if table.name == "job_events" else 0
                    assert session.scalar(query) == left, table.name
        (told,) = session.scalars(select(JobEvent).where(JobEvent.job_id == job_id))
        assert (told.to_state, told.detail) == ("deleted", None)
        for name in ("jobs", "recordings", "deletions"):
            assert session.scalar(text(f"SELECT count(*) FROM {name}")) == 0


def test_no_file_holds_what_was_deleted(context: Context) -> None:
    job_id = complete(context)
    with jobs_of(context) as jobs:
        jobs.delete("alice", job_id)
    # Connections of a pool hold no snapshot open, so the log can be emptied at once.
    run_upkeep(context)
    files = [path for path in Path(context.settings.data_dir).rglob("*") if path.is_file()]
    for needle in (AUDIO[:32], SPOKEN.encode()):
        assert not [path for path in files if needle in path.read_bytes()]


def test_a_failed_removal_of_samples_is_not_forgotten(
    failing: Context, storage: FailingStorage
) -> None:
    job_id = add_job(failing, data=AUDIO)
    store_plan(failing, must_claim(failing), 2)
    storage.refusals = 1
    with jobs_of(failing) as jobs:
        jobs.cancel("alice", job_id)
    assert count_deletions(failing) == 1
    run_upkeep(failing)
    assert count_deletions(failing) == 0
    assert [key.split("/")[0] for key in list_objects(failing)] == ["recordings"]


def test_a_round_gives_up_a_storage_that_refuses_again_and_again(
    failing: Context, storage: FailingStorage
) -> None:
    storage.refusals = 1_000
    with jobs_of(failing) as jobs:
        for job_id in [add_job(failing, data=AUDIO) for _ in range(6)]:
            jobs.delete("alice", job_id)
    before = storage.refusals
    run_upkeep(failing)
    assert before - storage.refusals == MAX_REFUSALS
    # Those that were not tried go first.
    storage.refusals = 0
    with failing.database.snapshot() as session:
        untried = set(
            session.scalars(select(Deletion.storage_key).where(Deletion.tried_at.is_(None)))
        )
    assert len(untried) == 3
    run_upkeep(failing)
    assert list_objects(failing) == []


def test_deleting_a_running_job_takes_it_from_its_worker(context: Context) -> None:
    job_id = add_job(context, data=AUDIO)
    claim = must_claim(context)
    with jobs_of(context) as jobs:
        jobs.delete("alice", job_id)
    with pytest.raises(LeaseLostError):
        store_plan(context, claim, 1)
