"""The revision that makes jobs findable by name, forward and back over a database in use."""

from sqlalchemy import inspect, text

from migration_steps import move
from transcriber.infra.database import Database
from transcriber.infra.settings import Settings
from transcriber.migrations.upgrade import upgrade_database

BEFORE = "0022"
DAY = "'2026-01-01'"
RECORDING = (
    "INSERT INTO recordings (id, user_id, name, storage_key, size_bytes, sha256, created_at)"
    f" VALUES ('r', 'alice', 'n', 'k', 1, 's', {DAY})"
)
JOB = (
    "INSERT INTO jobs (id, user_id, recording_id, generation, name, options, model, state,"
    " priority, attempt, checkpoint, stall_count, transient_count, warnings, done_seconds,"
    " busy_seconds, created_at, queued_at, updated_at) VALUES (:job, 'alice', 'r', 1, :name, '{}',"
    f" 'base', 'queued', 0, 0, 0, 0, 0, '[]', 0, 0, {DAY}, {DAY}, {DAY})"
)
SPAN = (
    'INSERT INTO spans (job_id, generation, "index", user_id, start, "end", state, attempt,'
    " deaths, done_seconds) VALUES (:job, 1, -1, 'alice', 0, 0, 'queued', 0, 0, 0)"
)
NAMES = {"j1": "Réunion  1.MP3", "j2": "ﬁn"}


def test_jobs_get_comparable_names_and_keep_their_spans(settings: Settings) -> None:
    move(settings, BEFORE, is_up=True)
    database = Database(settings.resolved_database_url)
    with database.unit_of_work() as uow:
        uow.session.execute(text(RECORDING))
        for job, name in NAMES.items():
            uow.session.execute(text(JOB), {"job": job, "name": name})
            uow.session.execute(text(SPAN), {"job": job})
    for _ in range(2):
        upgrade_database(settings)
        with database.unit_of_work() as uow:
            keys = uow.session.scalars(text("SELECT name_key FROM jobs ORDER BY id")).all()
            assert keys == ["reunion 1.mp3", "fin"]
            # A process of the version before goes on for a while.
            uow.session.execute(text(JOB), {"job": "j3", "name": "late"})
            uow.session.execute(text("DELETE FROM jobs WHERE id = 'j3'"))
        database.dispose()
        move(settings, BEFORE, is_up=False)
        assert "name_key" not in {
            each["name"] for each in inspect(database.engine).get_columns("jobs")
        }
        with database.snapshot() as session:
            assert session.scalar(text("SELECT count(*) FROM spans")) == len(NAMES)
        database.dispose()
