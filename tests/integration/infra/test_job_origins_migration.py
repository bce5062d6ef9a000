"""The revision that keeps a job's request, forward and back over a database in use."""

from sqlalchemy import inspect, text

from migration_steps import move
from transcriber.infra.database import Database
from transcriber.infra.settings import Settings
from transcriber.migrations.upgrade import upgrade_database

BEFORE = "0023"
DAY = "'2026-01-01'"
RECORDING = (
    "INSERT INTO recordings (id, user_id, name, storage_key, size_bytes, sha256, created_at)"
    f" VALUES ('r', 'alice', 'n', 'k', 1, 's', {DAY})"
)
JOB = (
    "INSERT INTO jobs (id, user_id, recording_id, generation, name, options, model, state,"
    " priority, attempt, checkpoint, stall_count, transient_count, warnings, done_seconds,"
    " busy_seconds, created_at, queued_at, updated_at) VALUES (:job, 'alice', 'r', 1, 'n', '{}',"
    f" 'base', 'queued', 0, 0, 0, 0, 0, '[]', 0, 0, {DAY}, {DAY}, {DAY})"
)
ORIGINS = {"request_id", "trace_parent"}


def list_columns(database: Database) -> set[str]:
    return {each["name"] for each in inspect(database.engine).get_columns("jobs")}


def test_jobs_of_the_version_before_go_on_without_a_request(settings: Settings) -> None:
    move(settings, BEFORE, is_up=True)
    database = Database(settings.resolved_database_url)
    with database.unit_of_work() as uow:
        uow.session.execute(text(RECORDING))
        uow.session.execute(text(JOB), {"job": "j1"})
    for _ in range(2):
        upgrade_database(settings)
        assert list_columns(database) >= ORIGINS
        with database.unit_of_work() as uow:
            # A process of the version before goes on for a while.
            uow.session.execute(text(JOB), {"job": "j2"})
            found = uow.session.execute(text("SELECT request_id, trace_parent FROM jobs")).all()
            assert [tuple(row) for row in found] == [(None, None)] * 2
            uow.session.execute(text("DELETE FROM jobs WHERE id = 'j2'"))
        database.dispose()
        move(settings, BEFORE, is_up=False)
        assert not list_columns(database) & ORIGINS
        database.dispose()


def test_an_interrupted_upgrade_goes_on(settings: Settings) -> None:
    upgrade_database(settings)
    database = Database(settings.resolved_database_url)
    with database.unit_of_work() as uow:
        # As after a crash between its two steps.
        uow.session.execute(text("ALTER TABLE jobs DROP COLUMN trace_parent"))
        uow.session.execute(text(f"UPDATE alembic_version SET version_num = '{BEFORE}'"))
    upgrade_database(settings)
    assert list_columns(database) >= ORIGINS
    database.dispose()
