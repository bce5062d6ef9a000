import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcriber.infra.errors import InvalidError
from transcriber.transcripts.search.fts5_index import write_match
from transcriber.transcripts.search.query import MAX_TERMS, Phrase, SearchQuery, parse_query
from transcriber.transcripts.search.tsvector_index import write_tsquery


def word(*terms: str) -> Phrase:
    return Phrase(terms)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("The board", SearchQuery(((word("the"),), (word("board"),)))),
        ('"board of directors"', SearchQuery(((word("board", "of", "directors"),),))),
        ("\u201eboard of\u201c x", SearchQuery(((word("board", "of"),), (word("x"),)))),
        ("well-known", SearchQuery(((word("well", "known"),),))),
        ("東京", SearchQuery(((word("東", "京"),),))),
        ("trans*", SearchQuery(((Phrase(("trans",), is_beginning=True),),))),
        ('"speech to te"*', SearchQuery(((Phrase(("speech", "to", "te"), is_beginning=True),),))),
        ("東*", SearchQuery(((word("東"),),))),
        ("a*b *", SearchQuery(((word("a", "b"),),))),
        ("tea -milk", SearchQuery(((word("tea"),),), (word("milk"),))),
        ('-"no milk" tea', SearchQuery(((word("tea"),),), (word("no", "milk"),))),
        ("tea OR coffee OR -x", SearchQuery(((word("tea"), word("coffee")), (word("or"),)),
                                            (word("x"),))),
        ("tea OR coffee cake", SearchQuery(((word("tea"), word("coffee")), (word("cake"),)))),
        ("OR tea OR", SearchQuery(((word("or"),), (word("tea"),), (word("or"),)))),
        ("tea or coffee", SearchQuery(((word("tea"),), (word("or"),), (word("coffee"),)))),
        ("-x OR tea", SearchQuery(((word("or"),), (word("tea"),)), (word("x"),))),
        ('"unclosed phrase', SearchQuery(((word("unclosed"),), (word("phrase"),)))),
        ("NEAR(a b, 3) terms:x ^y", SearchQuery(((word("near", "a"),), (word("b"),), (word("3"),),
                                                 (word("terms", "x"),), (word("y"),)))),
    ],
)  # fmt: skip
def test_what_people_type_is_read(text: str, query: SearchQuery) -> None:
    assert parse_query(text) == query


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_search"),
        ("  \t", "empty_search"),
        ('"" - * … !?', "empty_search"),
        ("-without", "empty_search"),
        ("a*", "beginning_too_short"),
        ("tea -m*", "beginning_too_short"),
        ("x " * (MAX_TERMS + 1), "search_too_long"),
        ("東" * (MAX_TERMS + 1), "search_too_long"),
    ],
)
def test_what_cannot_be_looked_for_is_refused(text: str, code: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse_query(text)
    assert (caught.value.status, caught.value.code) == (422, code)


def test_both_languages_are_written_with_the_owner_in_every_term() -> None:
    query = parse_query('tea OR "green lea"* -milk')
    assert write_match(query, "k") == '(("ktea" OR "kgreen klea" *)) NOT ("kmilk")'
    assert write_tsquery(query, "k") == "(('ktea') | ('kgreen' <-> 'klea':*)) & !('kmilk')"


@given(st.text(st.sampled_from("ab\"*-():^&|!<>'\\ OR東é\x00\ud800"), max_size=40))
def test_nothing_typed_gets_out_of_its_quotes(text: str) -> None:
    try:
        query = parse_query(text)
    except InvalidError:
        return
    for group in (*query.required, query.excluded):
        for phrase in group:
            assert all(term.isalnum() for term in phrase.terms)
