import pytest

from transcriber.transcripts.search.highlights import find_highlights
from transcriber.transcripts.search.query import parse_query


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        ("The Board met.", "board", ["Board"]),
        ("The board of directors, the board.", '"board of"', ["board of"]),
        ("Ein Käse, ein KÄSE.", "kase", ["Käse", "KÄSE"]),
        ("Speech to text", "spe* text", ["Speech", "text"]),
        ("a b a b a", '"a b a"', ["a b a b a"]),
        ("well-known", "well known", ["well", "known"]),
        ("明日東京都へ行く", "東京", ["東京"]),
        ("🎉 tea 🎉 tea", "tea", ["tea", "tea"]),
        ("tea without milk", "tea -coffee", ["tea"]),
        ("coffee", "tea OR coffee", ["coffee"]),
        ("nothing here", "tea", []),
    ],
)
def test_what_matched_is_marked(text: str, typed: str, shown: list[str]) -> None:
    passages = find_highlights(text, parse_query(typed))
    assert [text[start:end] for start, end in passages] == shown
