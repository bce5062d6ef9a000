"""The revision that brings the search, forward and back over a database that has transcripts."""

from sqlalchemy import inspect, text

from migration_steps import move
from service_context import open_context
from transcriber.infra.database import Database
from transcriber.infra.settings import Settings
from transcriber.jobs.upkeep import run_upkeep
from transcriber.migrations.upgrade import upgrade_database
from transcriber.transcripts.filters import TranscriptFilter
from transcriber.transcripts.search.query import parse_query
from transcriber.transcripts.search.service import search_transcripts

BEFORE = "0011"
TRANSCRIPT = (
    "INSERT INTO transcripts (job_id, generation, recording_id, name, language,"
    " language_probability, duration_seconds, model, task, segment_count, created_at)"
    " VALUES (:job, 1, 'r', :name, 'en', 1, 6, 'base', 'transcribe', 2, '2026-01-01')"
)
SEGMENT = (
    'INSERT INTO segments (job_id, generation, "index", start, "end", text, avg_logprob,'
    " no_speech_prob, compression_ratio, temperature, words)"
    " VALUES (:job, 1, :index, :index, 6, :text, 0, 0, 0, 0, '[]')"
)
# From before ownership: the trail says whose they are.
SUBMISSION = (
    "INSERT INTO audit_entries (created_at, actor, action, object_kind, object_id, user_id)"
    " VALUES ('2026-01-01', 'account\\:alice', 'job.submit', 'job', :job, '')"
)
NAMES = {"j1": "Réunion  1.MP3", "j2": "ﬁn"}


def test_what_was_said_before_is_found_after_an_upkeep(settings: Settings) -> None:
    move(settings, BEFORE, is_up=True)
    database = Database(settings.resolved_database_url)
    with database.unit_of_work() as uow:
        for job, name in NAMES.items():
            uow.session.execute(text(SUBMISSION), {"job": job})
            uow.session.execute(text(TRANSCRIPT), {"job": job, "name": name})
            for index in range(2):
                said = {"job": job, "index": index, "text": f"tea {job} {index}"}
                uow.session.execute(text(SEGMENT), said)
    for _ in range(2):
        upgrade_database(settings)
        with database.snapshot() as session:
            keys = session.scalars(text("SELECT name_key FROM transcripts ORDER BY job_id")).all()
        assert keys == ["reunion 1.mp3", "fin"]
        with open_context(settings) as context:
            run_upkeep(context)
            with context.database.snapshot() as session:
                query, all_of_them = parse_query("tea"), TranscriptFilter()
                page = search_transcripts(session, "alice", query, all_of_them, limit=9)
        said = [hit.found.segment.text for hit in page.hits]
        assert said == ["tea j2 0", "tea j2 1", "tea j1 0", "tea j1 1"]
        database.dispose()
        move(settings, BEFORE, is_up=False)
        tables = inspect(database.engine).get_table_names()
        assert not [name for name in tables if name.startswith("search_")]
        with database.snapshot() as session:
            assert session.scalar(text("SELECT count(*) FROM segments")) == 4
        database.dispose()
