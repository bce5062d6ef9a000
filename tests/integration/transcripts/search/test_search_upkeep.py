"""What workers do for the index beside their work."""

from pathlib import Path

from sqlalchemy import delete, select, text

from said_transcripts import MOMENT, add_transcript
from transcriber.infra.context import Context
from transcriber.jobs.upkeep import run_upkeep
from transcriber.transcripts.filters import TranscriptFilter
from transcriber.transcripts.search.models import SearchEntry, SearchTranscript
from transcriber.transcripts.search.query import parse_query
from transcriber.transcripts.search.service import search_transcripts
from transcriber.transcripts.search.upkeep import fill_index, purge_index
from transcriber.transcripts.service import delete_results


def find(context: Context, typed: str) -> list[str]:
    with context.database.snapshot() as session:
        query = parse_query(typed)
        page = search_transcripts(session, "alice", query, TranscriptFilter(), limit=100)
        return [hit.found.segment.text for hit in page.hits]


def forget_everything(context: Context) -> None:
    """As a database is that was just upgraded."""
    with context.database.unit_of_work() as uow:
        for table in (SearchEntry, SearchTranscript):
            uow.session.execute(delete(table))


def test_transcripts_from_before_the_index_are_added_in_their_order(context: Context) -> None:
    jobs = [
        add_transcript(context, "alice", [f"tea {day}"], created_at=MOMENT.replace(day=day))
        for day in (3, 1, 2)
    ]
    earlier = MOMENT.replace(month=2)
    add_transcript(
        context, "alice", ["tea again"], job_id=jobs[0], generation=2, created_at=earlier
    )
    add_transcript(context, "alice", [])
    forget_everything(context)
    assert find(context, "tea") == []
    assert fill_index(context.database) == 4
    assert find(context, "tea") == ["tea 2", "tea 1", "tea again"]
    assert fill_index(context.database) == 0


def test_a_round_ends_when_its_time_is_over(context: Context) -> None:
    add_transcript(context, "alice", ["tea"])
    forget_everything(context)
    assert fill_index(context.database, seconds=0) == 0
    run_upkeep(context)
    assert find(context, "tea") == ["tea"]


def test_no_file_holds_the_terms_of_what_was_deleted(context: Context) -> None:
    for number in range(30):
        add_transcript(context, "alice", [f"kept{number} words"] * 40)
    deleted = add_transcript(context, "alice", ["unspeakable"] * 40)
    for number in range(30):
        add_transcript(context, "alice", [f"later{number} words"] * 40)
    with context.database.unit_of_work() as uow:
        delete_results(uow.session, "alice", deleted)
    purge_index(context.database)
    context.database.empty_log()
    assert len(find(context, "words")) == 100
    assert find(context, "unspeakable") == []
    if context.database.is_sqlite:
        # Terms are kept without the beginning that they share with the one before.
        files = [path for path in Path(context.settings.data_dir).rglob("*") if path.is_file()]
        assert not [path for path in files if b"nspeakabl" in path.read_bytes()]
        with context.database.snapshot() as session:
            assert session.scalars(text("SELECT is_begun FROM search_index_purge")).all() == []


def test_the_order_of_coming_outlasts_deletions(context: Context) -> None:
    first = add_transcript(context, "alice", ["tea"])
    with context.database.snapshot() as session:
        before = session.scalars(select(SearchEntry.id)).one()
    with context.database.unit_of_work() as uow:
        delete_results(uow.session, "alice", first)
    add_transcript(context, "alice", ["tea"])
    with context.database.snapshot() as session:
        assert session.scalars(select(SearchEntry.id)).one() < before
