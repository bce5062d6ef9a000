"""Passages and words that differ between two revisions."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from transcriber.transcripts.revisions.differences import Passage, compare_texts, find_passages
from transcript_builders import hear

ONE, TWO, THREE = hear("one", 0.0, 1.0), hear("two", 1.0, 2.0), hear("three", 5.0, 6.0)


def test_what_shares_no_time_differs_apart() -> None:
    new = hear("drei", 5.5, 6.5)
    passages = find_passages([ONE, THREE], [new])
    assert passages == [Passage((ONE,), ()), Passage((THREE,), (new,))]
    assert (passages[1].start, passages[1].end) == (5.0, 6.5)


def test_a_merge_is_one_passage() -> None:
    both = hear("one two", 0.0, 2.0)
    assert find_passages([ONE, TWO], [both]) == [Passage((ONE, TWO), (both,))]


def test_the_same_content_is_no_difference() -> None:
    assert find_passages([ONE, TWO], [ONE, TWO]) == []


def test_segments_of_one_moment_stay_together() -> None:
    short, written = hear("a", 3.0, 3.0), hear("b", 3.0, 3.0)
    assert find_passages([short], [written]) == [Passage((short,), (written,))]


texts = st.text(max_size=40).map(lambda text: " ".join(text.split())).filter(bool)


@given(before=texts, after=texts)
def test_the_pieces_give_both_texts(before: str, after: str) -> None:
    pieces = compare_texts(Passage((hear(before, 0.0, 1.0),), (hear(after, 0.0, 1.0),)))
    old = "".join(piece.text for piece in pieces if piece.kind != "added")
    new = "".join(piece.text for piece in pieces if piece.kind != "removed")
    assert (old, new) == (before, after)
    assert all(a.kind != b.kind for a, b in pairwise(pieces))


def test_texts_too_long_to_compare_differ_as_a_whole() -> None:
    before, after = ("a " * 20_000).strip(), ("b " * 20_000).strip()
    pieces = compare_texts(Passage((hear(before, 0.0, 1.0),), (hear(after, 0.0, 1.0),)))
    assert [(piece.kind, piece.text) for piece in pieces] == [("removed", before), ("added", after)]
