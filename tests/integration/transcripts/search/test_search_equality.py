"""Whatever is said and asked, either database finds what a plain reading of the texts finds."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from job_builders import empty_service
from said_transcripts import add_transcript
from transcriber.infra.context import Context
from transcriber.infra.errors import InvalidError
from transcriber.transcripts.filters import TranscriptFilter
from transcriber.transcripts.search.folding import split_terms
from transcriber.transcripts.search.query import Phrase, SearchQuery, parse_query
from transcriber.transcripts.search.service import search_transcripts

WORDS = (
    *("tea", "Tea", "té", "teas", "milk", "MILK", "of", "the", "or", "OR", "12", "1.2", "1e5"),
    *("0x1F", "a-b", "a_b", "don't", "http://a.b/c?d=e", "x@y.z", "東京", "京都", "東", "カ\u3099"),
    *("ｶﾞ", "한국어", "हिन्दी", "का", "straße", "STRASSE", "\u0130", "ﬁ", "½", "🎉", "'", '"', "\\"),
    *("\u2028", "\u00ad", "\u200b", "\ufeff", "&", "|", "!", ":*", "<->", "(", ")", "NEAR", "AND"),
)
letters = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=4)
sentences = st.lists(st.one_of(st.sampled_from(WORDS), letters), max_size=6).map(" ".join)
transcripts = st.lists(sentences, min_size=1, max_size=6)
signed = st.tuples(
    st.sampled_from(["", "", "", "-"]), st.sampled_from(WORDS), st.sampled_from(["", "", "*"])
).map("".join)
pieces = signed.flatmap(
    lambda word: st.sampled_from([word, word, f'"{word} tea"', f"{word} OR tea"])
)
questions = st.lists(pieces, min_size=1, max_size=4).map(" ".join)


def is_there(phrase: Phrase, words: list[str]) -> bool:
    return next(phrase.find(words), None) is not None


def matches(text: str, query: SearchQuery) -> bool:
    words = [term.text for term in split_terms(text)]
    has_all = all(any(is_there(each, words) for each in group) for group in query.required)
    return has_all and not any(is_there(each, words) for each in query.excluded)


def read_all(typed: list[str]) -> list[SearchQuery]:
    read: list[SearchQuery] = []
    for each in typed:
        try:
            read.append(parse_query(each))
        except InvalidError:
            # Nothing but what is not there, or punctuation.
            continue
    return read


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(said=transcripts, typed=st.lists(questions, min_size=8, max_size=8))
def test_exactly_what_is_there_is_found(
    context: Context, said: list[str], typed: list[str]
) -> None:
    empty_service(context)
    add_transcript(context, "alice", said)
    # The same words, and nobody else's business.
    add_transcript(context, "bob", said)
    with context.database.snapshot() as session:
        for query in read_all(typed):
            page = search_transcripts(session, "alice", query, TranscriptFilter(), limit=50)
            found = [hit.found.segment.index for hit in page.hits]
            assert found == [place for place, text in enumerate(said) if matches(text, query)]
            assert all(hit.highlights for hit in page.hits)


@pytest.mark.parametrize("text", ["tea", "TÉA", "東京"])
def test_the_plain_reading_reads(text: str) -> None:
    assert matches(f"x {text} y", parse_query(text))
    assert not matches("x y", parse_query(text))
