"""The revision that rebuilds the table of jobs, over a database that has some."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from migration_steps import move
from transcriber.infra.database import Database
from transcriber.infra.settings import Settings
from transcriber.migrations.upgrade import upgrade_database

ROWS = (
    (
        "INSERT INTO recordings (id, name, storage_key, size_bytes, sha256, created_at)"
        " VALUES ('r', 'n', 'recordings/r', 1, 's', '2026-01-01')"
    ),
    (
        "INSERT INTO jobs (id, recording_id, generation, name, options, model,"
        " idempotency_key, request_hash, state, priority, attempt, checkpoint, stall_count,"
        " transient_count, warnings, done_seconds, busy_seconds, created_at, queued_at, updated_at)"
        " VALUES ('j', 'r', 1, 'n', '{}', 'base', 'k1', 'h1', 'queued', 0, 0, 0, 0, 0, '[]',"
        " 0, 0, '2026-01-01', '2026-01-01', '2026-01-01')"
    ),
    (
        'INSERT INTO spans (job_id, generation, "index", start, "end", state, attempt,'
        " deaths, done_seconds) VALUES ('j', 1, -1, 0, 0, 'queued', 0, 0, 0)"
    ),
    (
        "INSERT INTO audit_entries (created_at, actor, action, object_kind, object_id)"
        " VALUES ('2026-01-01', 'account:a', 'job.submit', 'job', 'j')"
    ),
)


def test_jobs_keep_their_spans_and_keys_up_and_down(settings: Settings) -> None:
    move(settings, "0002", is_up=True)
    database = Database(settings.resolved_database_url)
    with database.unit_of_work() as uow:
        for row in ROWS:
            uow.session.execute(text(row.replace(":", r"\:")))
    upgrade_database(settings)
    with database.snapshot() as session:
        assert read_row(session, "SELECT count(*) FROM spans") == (1,)
        key = "SELECT user_id, route, key, request_hash, resource_id FROM idempotency_keys"
        assert read_row(session, key) == ("a", "POST /jobs/", "k1", "h1", "j")
    database.dispose()
    move(settings, "0002", is_up=False)
    with database.snapshot() as session:
        assert read_row(session, "SELECT idempotency_key, request_hash FROM jobs") == ("k1", "h1")
        assert read_row(session, "SELECT count(*) FROM spans") == (1,)
    database.dispose()


def read_row(session: Session, query: str) -> tuple[object, ...]:
    return tuple(session.execute(text(query)).one())
