"""What has to be written to make one revision of another."""

from transcriber.engine.results import Segment
from transcriber.transcripts.editing.draft import Draft
from transcriber.transcripts.editing.operations import rewrite_text
from transcript_builders import hear


class Stored:
    """Segments by their place; remembers which were asked for."""

    def __init__(self, *segments: Segment) -> None:
        self.segments = segments
        self.asked: list[int] = []

    def __call__(self, index: int) -> Segment:
        self.asked.append(index)
        return self.segments[index]

    def open(self) -> Draft:
        return Draft(((i, s.start, s.end) for i, s in enumerate(self.segments)), self)


def test_nothing_is_read_or_written_that_was_not_touched() -> None:
    stored = Stored(*(hear(f"n{i}", float(i), i + 1.0) for i in range(100)))
    draft = stored.open()
    draft.set(50, rewrite_text(draft.get(50), "fifty"))
    difference = draft.compare()
    assert difference.removed == {50}
    assert [segment.text for segment in difference.added] == ["fifty"]
    assert set(stored.asked) == {50}


def test_what_was_changed_back_is_no_change() -> None:
    stored = Stored(hear("one", 0.0, 1.0))
    draft = stored.open()
    draft.set(0, rewrite_text(draft.get(0), "two"))
    draft.set(0, stored.segments[0])
    assert draft.compare().added == ()


def test_a_segment_behind_a_new_one_of_the_same_start_is_written_again() -> None:
    stored = Stored(hear("one", 0.0, 1.0), hear("two", 0.0, 1.0), hear("three", 1.0, 2.0))
    draft = stored.open()
    draft.set(0, rewrite_text(draft.get(0), "first"))
    difference = draft.compare()
    assert difference.removed == {0, 1}
    assert [segment.text for segment in difference.added] == ["first", "two"]
