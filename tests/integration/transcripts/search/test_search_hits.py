"""What is found, on both databases alike."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from said_transcripts import MOMENT, add_transcript
from transcriber.infra.context import Context
from transcriber.transcripts.filters import TranscriptFilter
from transcriber.transcripts.models import SegmentRow
from transcriber.transcripts.search import fts5_index, owned_terms, tsvector_index
from transcriber.transcripts.search.entries import add_entries, remove_entries
from transcriber.transcripts.search.models import SearchEntry, SearchTranscript
from transcriber.transcripts.search.query import parse_query
from transcriber.transcripts.search.service import HitPage, search_transcripts
from transcriber.transcripts.service import delete_results

ALL = TranscriptFilter()
SAID = (
    "The board of directors met.",
    "The directors of the board were late.",
    "Ein Käse aus Łódź, s'il vous plaît.",
    "Speech to text, transcribed.",
    "Tea without milk.",
    "明日東京都へ行く。",
    "京都と東の町",
    "한국어를 배워요",
    "It's 3.5 % of e-mail, C++ and foo_bar@example.com.",
    "'; DROP TABLE segments; --",
)


def ask(
    context: Context,
    typed: str,
    wanted: TranscriptFilter = ALL,
    *,
    user_id: str = "alice",
    **more: Any,
) -> HitPage:
    with context.database.snapshot() as session:
        choices = {"limit": 100, **more}
        return search_transcripts(session, user_id, parse_query(typed), wanted, **choices)


def find(context: Context, typed: str, wanted: TranscriptFilter = ALL, **more: Any) -> list[str]:
    return [hit.found.segment.text for hit in ask(context, typed, wanted, **more).hits]


def test_the_same_is_found_on_both_databases(context: Context) -> None:
    add_transcript(context, "alice", SAID)
    expected: dict[str, list[int]] = {
        "board directors": [0, 1],
        '"board of directors"': [0],
        '"directors board"': [],
        "KASE lodz": [2],
        "plait": [2],
        "trans*": [3],
        '"speech to te"*': [3],
        "trans": [],
        "board -late": [0],
        'board -"of directors"': [1],
        "tea OR speech": [3, 4],
        "(tea OR speech) AND text": [],
        "東京": [5],
        "京都": [5, 6],
        "東": [5, 6],
        "한국": [7],
        "e-mail": [8],
        "3.5": [8],
        "foo_bar@example.com": [8],
        "C++": [8],
        "drop table": [9],
        "'; DROP TABLE segments; --": [9],
        "terms:board": [],
        'board") OR ("tea': [],
        "board NEAR directors": [],
        "'board' & !'late'": [1],
        "bo:*": [],
        "absent": [],
    }
    found = {typed: find(context, typed) for typed in expected}
    assert found == {typed: [SAID[place] for place in places] for typed, places in expected.items()}


def test_nobody_finds_what_others_said(context: Context) -> None:
    add_transcript(context, "alice", ["our secret"])
    theirs = add_transcript(context, "bob", ["their secret"])
    assert find(context, "secret") == ["our secret"]
    assert find(context, "secret", job_id=theirs) == []
    assert find(context, "secret", user_id="carol") == []
    assert find(context, "sec*", user_id="bob") == ["their secret"]


def test_accounts_whose_keys_are_equal_stay_apart(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (owned_terms, fts5_index, tsvector_index):
        monkeypatch.setattr(module, "derive_owner_key", lambda user_id: "samesame")
    add_transcript(context, "alice", ["our secret"])
    add_transcript(context, "bob", ["their secret"])
    assert find(context, "secret") == ["our secret"]


def test_the_newest_transcript_comes_first_and_each_from_its_beginning(context: Context) -> None:
    for number in range(3):
        add_transcript(context, "alice", [f"tea {number} {place}" for place in range(3)])
    expected = [f"tea {number} {place}" for number in (2, 1, 0) for place in range(3)]
    assert find(context, "tea") == expected
    pages: list[str] = []
    after: int | None = -1
    while after is not None:
        page = ask(context, "tea", after=after, limit=2)
        pages += [hit.found.segment.text for hit in page.hits]
        after = page.after
    assert pages == expected


def test_only_what_is_wanted_is_found(context: Context) -> None:
    jobs = [
        add_transcript(
            context,
            "alice",
            [f"tea {number}"],
            name=f"Réunion {number}.mp3",
            language="de" if number else "en",
            model="base" if number < 2 else "tiny",
            task="translate" if number == 3 else "transcribe",
            created_at=MOMENT + timedelta(days=number),
        )
        for number in range(4)
    ]
    for wanted, numbers in (
        (replace(ALL, language="de"), [3, 2, 1]),
        (replace(ALL, model="tiny"), [3, 2]),
        (replace(ALL, task="translate"), [3]),
        (replace(ALL, name="reunion 2"), [2]),
        (replace(ALL, name="%"), []),
        (replace(ALL, created_from=MOMENT + timedelta(days=2)), [3, 2]),
        (replace(ALL, created_to=MOMENT + timedelta(days=1)), [1, 0]),
        (replace(ALL, language="de", model="base"), [1]),
    ):
        assert find(context, "tea", wanted) == [f"tea {number}" for number in numbers], wanted
    assert find(context, "tea", job_id=jobs[2]) == ["tea 2"]
    assert find(context, "tea", replace(ALL, language="en"), job_id=jobs[2]) == []


def test_pages_of_what_is_wanted_follow_each_other(context: Context) -> None:
    for number in range(6):
        language = "de" if number % 2 else "en"
        add_transcript(context, "alice", [f"tea {number}", "tea"], language=language)
    pages: list[str] = []
    after: int | None = -1
    while after is not None:
        page = ask(context, "tea", replace(ALL, language="de"), after=after, limit=1)
        pages += [hit.found.segment.text for hit in page.hits]
        after = page.after
    assert pages == ["tea 5", "tea", "tea 3", "tea", "tea 1", "tea"]


def test_what_the_walk_misses_the_lists_find(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tsvector_index, "WALKED", 2)
    add_transcript(context, "alice", ["rare tea", "tea", "tea", "tea", "rare milk"])
    assert find(context, "rare") == ["rare tea", "rare milk"]
    assert find(context, "tea", limit=1) == ["rare tea"]
    assert find(context, "tea", limit=3) == ["rare tea", "tea", "tea"]


def test_a_later_generation_takes_the_place_of_the_former(context: Context) -> None:
    job_id = add_transcript(context, "alice", ["the former"])
    add_transcript(context, "alice", ["the later"], job_id=job_id, generation=2)
    assert find(context, "the") == ["the later"]


def test_edited_segments_are_found_as_they_are_now_and_in_their_place(context: Context) -> None:
    job_id = add_transcript(context, "alice", ["tea one", "tea two", "tea three"])
    with context.database.unit_of_work() as uow:
        segments = select(SegmentRow).where(SegmentRow.job_id == job_id)
        second = uow.session.scalars(segments.where(SegmentRow.index == 1)).one()
        columns = {each.key: getattr(second, each.key) for each in SegmentRow.__table__.columns}
        rows = [
            SegmentRow(**(columns | {"index": 3, "text": "milk for two"})),
            # As early as the one before it.
            SegmentRow(**(columns | {"index": 4, "text": "tea for two"})),
        ]
        uow.session.add_all(rows)
        uow.session.flush()
        remove_entries(uow.session, second.user_id, job_id, [1])
        add_entries(uow.session, rows)
    assert find(context, "tea") == ["tea one", "tea for two", "tea three"]
    assert find(context, "two") == ["milk for two", "tea for two"]


def test_segments_of_another_generation_take_the_place_of_the_first(context: Context) -> None:
    job_id = add_transcript(context, "alice", ["tea one"], generation=2)
    other = add_transcript(context, "alice", ["tea two"])
    with context.database.unit_of_work() as uow:
        (row,) = uow.session.scalars(select(SegmentRow).where(SegmentRow.job_id == other))
        row.job_id = job_id
        uow.session.flush()
        add_entries(uow.session, [])
        add_entries(uow.session, [row])
    with context.database.snapshot() as session:
        query = select(SearchTranscript.generation).where(SearchTranscript.job_id == job_id)
        assert session.scalars(query).all() == [1]


def test_what_is_deleted_is_not_found_and_leaves_no_terms(context: Context) -> None:
    job_id = add_transcript(context, "alice", ["the deleted"])
    add_transcript(context, "alice", ["the kept"])
    with context.database.unit_of_work() as uow:
        delete_results(uow.session, "alice", job_id)
    assert find(context, "the") == ["the kept"]
    with context.database.snapshot() as session:
        for table in (SearchTranscript, SearchEntry):
            assert session.scalar(select(func.count()).select_from(table)) == 1
        assert session.scalar(text("SELECT count(*) FROM search_index")) == 1


def test_a_segment_of_any_length_is_found_by_its_beginning(context: Context) -> None:
    long = "tea " * 300 + " ".join(f"w{number}" for number in range(20_000))
    add_transcript(context, "alice", [long, "", "…", "x" * 5_000])
    assert len(find(context, '"tea tea tea"')) == 1
    assert len(find(context, "w100 w15000")) == 1
    assert find(context, "w19999") == []
    assert len(find(context, "x" * 5_000)) == 1
