"""Segments made of others, and those that are refused."""

import pytest

from transcriber.engine.results import Segment
from transcriber.transcripts.editing.cutting import cut_segment, join_segments
from transcript_builders import hear


def tell(segment: Segment) -> tuple[float, float, str, list[str]]:
    words = [word.word for word in segment.words]
    return segment.start, segment.end, segment.text, words


def bare(text: str, start: float, end: float) -> Segment:
    return Segment(start, end, text, -0.5, 0.3, 1.1, 0.2)


def test_a_time_cuts_between_words() -> None:
    first, second = cut_segment(hear("one two three four", 0.0, 4.0), None, 2.2)
    assert tell(first) == (0.0, 2.2, "one two", [" one", " two"])
    assert tell(second) == (2.2, 4.0, "three four", [" three", " four"])
    assert second.words[0].start == 2.2


def test_a_character_cuts_a_word_in_two() -> None:
    first, second = cut_segment(hear("together", 0.0, 4.0), 2, None)
    assert tell(first) == (0.0, 1.0, "to", [" to"])
    assert tell(second) == (1.0, 4.0, "gether", [" gether"])


def test_without_words_the_length_of_the_text_tells_the_time() -> None:
    first, second = cut_segment(bare("aaa bbbb", 0.0, 8.0), 4, None)
    assert (tell(first), tell(second)) == ((0.0, 4.0, "aaa", []), (4.0, 8.0, "bbbb", []))
    first, second = cut_segment(bare("aaa bbbb", 0.0, 8.0), 4, 1.0)
    assert (first.end, second.start) == (1.0, 1.0)


@pytest.mark.parametrize(("character", "at"), [(None, 1.0), (None, 0.0), (5, 9.0), (8, None)])
def test_a_cut_that_leaves_nothing_is_refused(character: int | None, at: float | None) -> None:
    with pytest.raises(ValueError, match=r"\."):
        cut_segment(bare("aaa bbbb", 0.0, 8.0), character, at)


def test_what_was_joined_is_trusted_as_the_less_trusted_half() -> None:
    joined = join_segments(hear("one", 0.0, 1.0), bare("two three", 1.0, 3.0))
    assert tell(joined) == (0.0, 3.0, "one two three", [" one", " two", " three"])
    assert (joined.avg_logprob, joined.no_speech_prob, joined.temperature) == (-0.5, 0.3, 0.2)
    assert [word.probability for word in joined.words] == [0.5, 1.0, 1.0]


def test_texts_of_scripts_without_spaces_are_joined_without() -> None:
    assert join_segments(bare("東京", 0.0, 1.0), bare("都は", 1.0, 2.0)).text == "東京都は"
    assert join_segments(bare("東京", 0.0, 1.0), bare("and", 1.0, 2.0)).text == "東京 and"


def test_a_speaker_is_kept_where_one_is_known() -> None:
    known = hear("two", 1.0, 2.0, speaker="B")
    assert join_segments(hear("one", 0.0, 1.0), known).speaker == "B"
    assert join_segments(hear("one", 0.0, 1.0, speaker="A"), known).speaker == "A"
