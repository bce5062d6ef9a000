"""The revision that keeps every version of a segment, over a database that has some."""

from sqlalchemy import text

from migration_steps import move
from transcriber.infra.database import Database
from transcriber.infra.settings import Settings
from transcriber.migrations.upgrade import upgrade_database

TRANSCRIPT = (
    "INSERT INTO transcripts (job_id, generation, recording_id, name, language,"
    " language_probability, duration_seconds, model, task, segment_count, created_at)"
    " VALUES ('j', 1, 'r', 'n', 'en', 1, 9, 'base', 'transcribe', 3, '2026-01-01')"
)
SEGMENT = (
    'INSERT INTO segments (job_id, generation, "index", start, "end", text, avg_logprob,'
    " no_speech_prob, compression_ratio, temperature, words)"
    " VALUES ('j', 1, {index}, {start}, {start}, '{text}', 0, 0, 1, 0, '[]')"
)
# From before ownership: the trail says whose they are.
SUBMISSION = (
    "INSERT INTO audit_entries (created_at, actor, action, object_kind, object_id, user_id)"
    " VALUES ('2026-01-01', 'account\\:a', 'job.submit', 'job', 'j', '')"
)
CORRECTION = (
    'UPDATE segments SET until = 1 WHERE "index" = 0',
    "UPDATE transcripts SET revision = 1, segment_count = 4",
    (
        'INSERT INTO segments (job_id, generation, "index", user_id, start, "end", text,'
        " avg_logprob, no_speech_prob, compression_ratio, temperature, words, since)"
        " SELECT job_id, generation, 3, user_id, start, \"end\", 'corrected', 0, 0, 1, 0, words, 1"
        ' FROM segments WHERE "index" = 0'
    ),
    (
        'INSERT INTO segments (job_id, generation, "index", user_id, start, "end", text,'
        " avg_logprob, no_speech_prob, compression_ratio, temperature, words, since)"
        " SELECT job_id, generation, 4, user_id, 1.5, \"end\", 'inserted', 0, 0, 1, 0, words, 1"
        ' FROM segments WHERE "index" = 1'
    ),
)
NEWEST = 'SELECT "index", text FROM segments ORDER BY "index"'


def test_segments_become_the_machines_revision_and_the_newest_remains_below(
    settings: Settings,
) -> None:
    upgrade_database(settings)
    move(settings, "0011", is_up=False)
    database = Database(settings.resolved_database_url)
    with database.unit_of_work() as uow:
        uow.session.execute(text(SUBMISSION))
        uow.session.execute(text(TRANSCRIPT))
        for index, word in enumerate(("zero", "one", "two")):
            uow.session.execute(text(SEGMENT.format(index=index, start=index, text=word)))
    upgrade_database(settings)
    with database.unit_of_work() as uow:
        assert uow.session.execute(text("SELECT revision FROM transcripts")).one() == (0,)
        rows = uow.session.execute(text("SELECT since, until FROM segments")).all()
        assert set(rows) == {(0, None)}
        for statement in CORRECTION:
            uow.session.execute(text(statement))
    database.dispose()
    move(settings, "0011", is_up=False)
    with database.snapshot() as session:
        assert [tuple(row) for row in session.execute(text(NEWEST))] == [
            (0, "corrected"),
            (1, "one"),
            (2, "inserted"),
            (3, "two"),
        ]
    database.dispose()
