"""An installation from before ownership, of any size, made by the database itself.

Every hundredth job is told by nobody; the second job of each thousand is another account's over the
recording of the first, and leaves its own recording without a job.
"""

from alembic.script import ScriptDirectory
from sqlalchemy import text

from migration_steps import move
from transcriber.infra.database import Database
from transcriber.infra.settings import Settings
from transcriber.migrations.upgrade import build_config

BACKFILL = "operator"
ACCOUNTS = 7
OWNED = ("jobs", "recordings", "transcripts", "segments", "dropped_passages", "spans", "job_events")

_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :last) "
_JOB = "'j' || CAST(1000000 + i AS VARCHAR(32))"
_RECORDING = "'r' || CAST(1000000 + i AS VARCHAR(32))"
_USED = "'r' || CAST(1000000 + i - CASE WHEN i % 1000 = 1 THEN 1 ELSE 0 END AS VARCHAR(32))"
_DAY = "'2026-01-01'"
_STATE = "CASE WHEN i % 50 = 3 THEN 'queued' ELSE 'completed' END"
_KEY = "CASE WHEN i % 20 = 0 THEN 'k' || CAST(i AS VARCHAR(32)) END"
_ACTOR = f"'account\\:user' || CAST(i % {ACCOUNTS} AS VARCHAR(32))"
_ENDED = "WHERE i % 50 <> 3"

_INSERTS = {
    "recordings (id, name, storage_key, size_bytes, sha256, created_at)": (
        f"{_RECORDING}, 'n', {_RECORDING}, 10, 's', {_DAY} FROM n"
    ),
    "jobs (id, recording_id, generation, name, options, model, idempotency_key, request_hash,"
    " state, priority, attempt, checkpoint, stall_count, transient_count, warnings, done_seconds,"
    " busy_seconds, created_at, queued_at, updated_at)": (
        f"{_JOB}, {_USED}, 1, 'n', '{{}}', 'base', {_KEY}, 'h', {_STATE}, 0, 0, 0, 0, 0, '[]', 0,"
        f" 0, {_DAY}, {_DAY}, {_DAY} FROM n"
    ),
    "audit_entries (created_at, actor, action, object_kind, object_id)": (
        f"{_DAY}, {_ACTOR}, 'job.submit', 'job', {_JOB} FROM n WHERE i % 100 <> 0"
    ),
    'spans (job_id, generation, "index", start, "end", state, attempt, deaths, done_seconds)': (
        f"{_JOB}, 1, -1, 0, 0, 'done', 0, 0, 0 FROM n"
    ),
    "job_events (job_id, generation, attempt, to_state, actor, created_at)": (
        f"{_JOB}, 1, 0, 'queued', 'worker', {_DAY} FROM n"
    ),
    "transcripts (job_id, generation, recording_id, name, language, language_probability,"
    " duration_seconds, model, task, segment_count, created_at)": (
        f"{_JOB}, 1, {_USED}, 'n', 'en', 1, 1, 'base', 'transcribe', 1, {_DAY} FROM n {_ENDED}"
    ),
    'segments (job_id, generation, "index", start, "end", text, avg_logprob, no_speech_prob,'
    " compression_ratio, temperature, words)": (
        f"{_JOB}, 1, 0, 0, 1, 'words', 0, 0, 1, 0, '[]' FROM n {_ENDED}"
    ),
    'dropped_passages (job_id, generation, "index", start, "end", reason, text)': (
        f"{_JOB}, 1, 0, 0, 1, 'repetition', 'words' FROM n WHERE i % 10 = 0"
    ),
}


def find_revision_before() -> str:
    """The newest revision that knows no owners."""
    script = ScriptDirectory.from_config(build_config())
    before = script.get_revision("0020").down_revision
    assert isinstance(before, str)
    return before


def populate(settings: Settings, jobs: int) -> None:
    """Make the first revision's tables and fill them, a round thousand of jobs at the least."""
    move(settings, "0001", is_up=True)
    database = Database(settings.resolved_database_url, answer_seconds=None)
    with database.unit_of_work() as uow:
        for target, rows in _INSERTS.items():
            uow.session.execute(
                text(f"{_NUMBERS}INSERT INTO {target} SELECT {rows}"), {"last": jobs - 1}
            )
        uow.session.execute(text(_ACCOUNT), {"id": BACKFILL, "role": "admin"})
        for number in range(ACCOUNTS):
            uow.session.execute(text(_ACCOUNT), {"id": f"user{number}", "role": "user"})
    database.dispose()


_ACCOUNT = (
    "INSERT INTO accounts (id, name, name_key, password_hash, role, is_active, created_at)"
    " VALUES (:id, :id, :id, 'x', :role, true, '2026-01-01')"
)
