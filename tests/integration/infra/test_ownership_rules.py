"""Whose a row from before ownership becomes, rule by rule."""

import threading
from collections.abc import Generator
from pathlib import Path

import pytest
from psycopg.errors import CheckViolation, NotNullViolation
from sqlalchemy import Row, text
from sqlalchemy.exc import DBAPIError

from migration_steps import move
from ownership_rows import BACKFILL, find_revision_before, populate
from service_context import build_settings, create_postgres_database
from transcriber.infra.database import Database
from transcriber.infra.settings import Settings
from transcriber.migrations.upgrade import downgrade_database, upgrade_database

JOBS = 1_000
ENTRY = (
    "INSERT INTO audit_entries (created_at, actor, action, object_kind, object_id, user_id)"
    " VALUES ('2026-01-02', :actor, :action, 'job', :id, '')"
)
EVENT = (
    "INSERT INTO job_events (job_id, generation, attempt, to_state, actor, created_at)"
    " VALUES (:id, 1, 0, 'deleted', 'x', '2026-01-02')"
)
LATE_JOB = (
    "INSERT INTO jobs (id, recording_id, generation, name, options, model, state, priority,"
    " attempt, checkpoint, stall_count, transient_count, warnings, done_seconds, busy_seconds,"
    " created_at, queued_at, updated_at) SELECT :id, recording_id, generation, name, options,"
    " model, state, 0, 0, 0, 0, 0, warnings, 0, 0, created_at, queued_at, updated_at"
    " FROM jobs WHERE id = 'j1000005'"
)


@pytest.fixture
def older(settings: Settings) -> Settings:
    """A thousand jobs without owners; `j1000000` and `j1000001` share a recording."""
    return populate_older(settings)


@pytest.fixture
def older_postgres(tmp_path: Path) -> Generator[Settings]:
    with create_postgres_database() as url:
        yield populate_older(build_settings(tmp_path, database_url=url))


def populate_older(settings: Settings) -> Settings:
    populate(settings, JOBS)
    move(settings, find_revision_before(), is_up=True)
    return settings.model_copy(update={"ownership_backfill_user_id": BACKFILL})


def change(settings: Settings, statement: str, **values: str) -> None:
    database = Database(settings.resolved_database_url)
    try:
        with database.unit_of_work() as uow:
            uow.session.execute(text(statement), values)
    finally:
        # Also where the statement is refused, as one test awaits.
        database.dispose()


def read(settings: Settings, query: str) -> list[Row[tuple[object, ...]]]:
    database = Database(settings.resolved_database_url)
    with database.snapshot() as session:
        rows = list(session.execute(text(query)).all())
    database.dispose()
    return rows


def test_the_newest_word_of_an_account_decides(older: Settings) -> None:
    for actor, action in (
        ("account:alice", "job.submit"),
        ("account:", "job.submit"),
        ("admin:bob", "job.submit"),
        ("account:" + "x" * 65, "job.submit"),
        ("account:carol", "job.cancel"),
    ):
        change(older, ENTRY, actor=actor, action=action, id="j1000005")
    upgrade_database(older)
    for table, key in (("jobs", "id"), ("spans", "job_id"), ("transcripts", "job_id")):
        found = read(older, f"SELECT user_id FROM {table} WHERE {key} = 'j1000005'")
        assert found == [("alice",)]
    assert read(older, "SELECT user_id FROM recordings WHERE id = 'r1000005'") == [("alice",)]


def test_what_outlives_its_job_goes_by_the_trail_or_the_setting(older: Settings) -> None:
    change(older, ENTRY, actor="account:alice", action="job.submit", id="gone")
    for job_id in ("gone", "lost"):
        change(older, EVENT, id=job_id)
    upgrade_database(older)
    deleted = "SELECT job_id, user_id FROM job_events WHERE to_state = 'deleted' ORDER BY 1"
    assert read(older, deleted) == [("gone", "alice"), ("lost", BACKFILL)]
    downgrade_database(older, find_revision_before())
    upgrade_database(older.model_copy(update={"ownership_backfill_user_id": None}))
    assert read(older, deleted) == [("gone", "alice"), ("lost", BACKFILL)]


def test_a_shared_recording_stays_with_its_first_job(older: Settings) -> None:
    upgrade_database(older)
    jobs = read(
        older,
        "SELECT j.user_id, j.recording_id, r.user_id, r.removed_at IS NULL, t.recording_id"
        " FROM jobs j JOIN recordings r ON r.id = j.recording_id"
        " JOIN transcripts t ON t.job_id = j.id"
        " WHERE j.id IN ('j1000000', 'j1000001') ORDER BY j.id",
    )
    assert tuple(jobs[0]) == (BACKFILL, "r1000000", BACKFILL, True, "r1000000")
    copy = jobs[1][1]
    assert tuple(jobs[1]) == ("user1", copy, "user1", False, copy)
    assert copy != "r1000000"
    usage = "SELECT stored_bytes FROM storage_usage WHERE user_id = 'user1'"
    own = "SELECT SUM(size_bytes) FROM recordings WHERE user_id = 'user1' AND removed_at IS NULL"
    assert read(older, usage) == read(older, own)


def test_a_job_that_has_not_ended_keeps_the_bytes_it_needs(older: Settings) -> None:
    change(older, "UPDATE jobs SET state = 'running' WHERE id = 'j1000001'")
    upgrade_database(older)
    found = read(older, "SELECT recording_id, user_id FROM jobs WHERE id = 'j1000001'")
    assert found == [("r1000000", "user1")]


def test_a_key_goes_to_the_owner_of_its_job(older: Settings) -> None:
    change(older, "DELETE FROM jobs WHERE id = 'j1000060'")
    upgrade_database(older)
    keys = "SELECT key, user_id FROM idempotency_keys WHERE key IN ('k40', 'k60') ORDER BY key"
    assert read(older, keys) == [("k40", f"user{40 % 7}")]


def test_a_database_that_has_owners_passes_through(older: Settings) -> None:
    upgrade_database(older)
    move(older, "0020", is_up=False)
    stamp = "UPDATE alembic_version SET version_num = :revision"
    change(older, stamp, revision=find_revision_before())
    change(older, "UPDATE storage_usage SET stored_bytes = 5")
    owners = "SELECT id, user_id FROM jobs ORDER BY id"
    before = read(older, owners)
    plain = older.model_copy(update={"ownership_backfill_user_id": None})
    assert list(upgrade_database(plain)) == []
    assert read(older, owners) == before
    assert read(older, "SELECT DISTINCT stored_bytes FROM storage_usage") == [(5,)]


@pytest.mark.postgres
def test_jobs_that_come_meanwhile_have_an_owner_or_are_refused(older_postgres: Settings) -> None:
    refusals: list[BaseException | None] = []
    accepted: list[str] = []
    begun = threading.Event()
    ended = threading.Event()

    def submit() -> None:
        number = 0
        while not ended.is_set() and not refusals:
            job_id = f"late{number}"
            number += 1
            try:
                change(older_postgres, LATE_JOB, id=job_id)
                accepted.append(job_id)
            except DBAPIError as error:
                refusals.append(error.orig)
            begun.set()

    thread = threading.Thread(target=submit)
    thread.start()
    assert begun.wait(60)
    upgrade_database(older_postgres)
    if not refusals:
        # The upgrade was over between two of them.
        with pytest.raises(DBAPIError):
            change(older_postgres, LATE_JOB, id="last")
    ended.set()
    thread.join()
    assert all(isinstance(each, CheckViolation | NotNullViolation) for each in refusals), refusals
    owned = read(
        older_postgres, "SELECT user_id, count(*) FROM jobs WHERE id LIKE 'late%' GROUP BY 1"
    )
    assert owned == [(BACKFILL, len(accepted))]
