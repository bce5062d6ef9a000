"""The revision that keeps the recordings' lengths with jobs, forward and back over some in use."""

from sqlalchemy import inspect, text

from migration_steps import move
from transcriber.infra.database import Database
from transcriber.infra.settings import Settings
from transcriber.migrations.upgrade import upgrade_database

BEFORE = "0025"
# More than two batches.
JOBS = 1_203
STATES = ("completed", "failed", "queued", "completed")
DAY = "'2026-01-01'"
RECORDING = (
    "INSERT INTO recordings (id, user_id, name, storage_key, size_bytes, sha256, duration_seconds,"
    f" created_at) VALUES (:id, 'alice', 'n', :id, 1, 's', :length, {DAY})"
)
JOB = (
    "INSERT INTO jobs (id, user_id, recording_id, generation, name, options, model, state,"
    " priority, attempt, checkpoint, stall_count, transient_count, warnings, done_seconds,"
    " busy_seconds, created_at, queued_at, updated_at) VALUES (:id, 'alice', :recording, 1, 'n',"
    f" '{{}}', 'base', :state, 0, 0, 0, 0, 0, '[]', 0, 0, {DAY}, {DAY}, {DAY})"
)
SPANS = (
    'INSERT INTO spans (job_id, generation, "index", user_id, start, "end", state, attempt,'
    " deaths, done_seconds) SELECT id, 1, -1, 'alice', 0, 0, 'done', 0, 0, 0 FROM jobs"
)
LENGTHS = "SELECT id, audio_seconds FROM jobs ORDER BY id"


def name_job(number: int) -> str:
    return f"{number:032x}"


def populate(database: Database) -> dict[str, float | None]:
    """Jobs in all states over recordings of a length each; returns what each job is to have."""
    jobs = [
        {"id": name_job(number), "recording": name_job(number), "state": STATES[number % 4]}
        for number in range(JOBS)
    ]
    with database.unit_of_work() as uow:
        lengths = [{"id": name_job(number), "length": number + 0.5} for number in range(JOBS)]
        uow.session.execute(text(RECORDING), lengths)
        uow.session.execute(text(JOB), jobs)
        uow.session.execute(text(SPANS))
    return {
        job["id"]: number + 0.5 if job["state"] == "completed" else None
        for number, job in enumerate(jobs)
    }


def read_lengths(database: Database) -> dict[str, float | None]:
    with database.snapshot() as session:
        return dict(session.execute(text(LENGTHS)).all())


def list_indexes(database: Database) -> set[str | None]:
    return {each["name"] for each in inspect(database.engine).get_indexes("jobs")}


def test_completed_jobs_get_their_recordings_lengths_and_keep_their_spans(
    settings: Settings,
) -> None:
    move(settings, BEFORE, is_up=True)
    database = Database(settings.resolved_database_url)
    expected = populate(database)
    for _ in range(2):
        upgrade_database(settings)
        assert read_lengths(database) == expected
        assert "ix_jobs_state" in list_indexes(database)
        with database.unit_of_work() as uow:
            # A process of the version before goes on for a while.
            late = {"id": "late", "recording": name_job(0), "state": "completed"}
            uow.session.execute(text(JOB), late)
            uow.session.execute(text("DELETE FROM jobs WHERE id = 'late'"))
        database.dispose()
        move(settings, BEFORE, is_up=False)
        assert "audio_seconds" not in {
            each["name"] for each in inspect(database.engine).get_columns("jobs")
        }
        assert "ix_jobs_state" not in list_indexes(database)
        with database.snapshot() as session:
            assert session.scalar(text("SELECT count(*) FROM spans")) == JOBS
        database.dispose()


def test_an_interrupted_upgrade_goes_on(settings: Settings) -> None:
    move(settings, BEFORE, is_up=True)
    database = Database(settings.resolved_database_url)
    expected = populate(database)
    upgrade_database(settings)
    with database.unit_of_work() as uow:
        # As after a crash behind its first batch.
        uow.session.execute(text("DROP INDEX ix_jobs_state"))
        behind = "UPDATE jobs SET audio_seconds = NULL WHERE id >= :id"
        uow.session.execute(text(behind), {"id": name_job(500)})
        uow.session.execute(text(f"UPDATE alembic_version SET version_num = '{BEFORE}'"))
    upgrade_database(settings)
    assert read_lengths(database) == expected
    assert "ix_jobs_state" in list_indexes(database)
    database.dispose()
