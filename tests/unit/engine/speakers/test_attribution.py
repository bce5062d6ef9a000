from transcriber.engine.results import Segment, Word
from transcriber.engine.speakers.attribution import attribute_segments
from transcriber.engine.speakers.voices import Turn


def say(text: str, start: float, end: float, *, timed: bool = True) -> Segment:
    """A segment whose words share its time evenly."""
    words = text.split()
    length = (end - start) / len(words)
    placed = tuple(
        Word(start + place * length, start + (place + 1) * length, f" {word}", 0.9)
        for place, word in enumerate(words)
    )
    return Segment(start, end, text, -0.2, 0.1, 1.2, 0.0, placed if timed else ())


def tell(segments: list[Segment]) -> list[tuple[str | None, str]]:
    return [(each.speaker, each.text) for each in segments]


def test_a_segment_of_one_speaker_stays_whole() -> None:
    segment = say("Good morning, all.", 1.0, 4.0)
    (found,) = attribute_segments([segment], [Turn(0.5, 4.5, 0)])
    assert (found.speaker, found.text, found.words) == ("Speaker 1", segment.text, segment.words)
    assert (found.start, found.end) == (1.0, 4.0)


def test_a_segment_is_parted_where_another_goes_on() -> None:
    segment = say("How are you? Fine, thank you.", 0.0, 6.0)
    found = attribute_segments([segment], [Turn(0.0, 3.1, 0), Turn(3.2, 6.0, 1)])
    assert tell(found) == [("Speaker 1", "How are you?"), ("Speaker 2", "Fine, thank you.")]
    assert [(each.start, each.end) for each in found] == [(0.0, 3.0), (3.0, 6.0)]
    assert [word.word for each in found for word in each.words] == [
        word.word for word in segment.words
    ]
    assert all(each.avg_logprob == segment.avg_logprob for each in found)


def test_a_single_word_is_no_turn() -> None:
    segment = say("We went to the market that day.", 0.0, 7.0)
    turns = [Turn(0.0, 3.0, 0), Turn(3.1, 3.9, 1), Turn(4.0, 7.0, 0)]
    assert tell(attribute_segments([segment], turns)) == [("Speaker 1", segment.text)]


def test_what_is_said_in_a_pause_is_the_nearest_speakers() -> None:
    found = attribute_segments([say("Well.", 4.2, 4.5)], [Turn(0.0, 4.0, 1), Turn(6.0, 8.0, 0)])
    assert tell(found) == [("Speaker 2", "Well.")]


def test_what_is_said_far_from_every_turn_is_nobodys() -> None:
    found = attribute_segments([say("Hello?", 20.0, 21.0)], [Turn(0.0, 4.0, 0)])
    assert tell(found) == [(None, "Hello?")]
    assert tell(attribute_segments([say("Hello?", 20.0, 21.0)], [])) == [(None, "Hello?")]


def test_a_segment_without_timed_words_goes_to_who_speaks_longest_in_it() -> None:
    turns = [Turn(0.0, 1.0, 0), Turn(1.0, 3.0, 1)]
    found = attribute_segments([say("Yes. I think so.", 0.0, 3.0, timed=False)], turns)
    assert tell(found) == [("Speaker 2", "Yes. I think so.")]


def test_overlapping_turns_give_a_word_to_who_speaks_more_of_it() -> None:
    turns = [Turn(0.0, 2.5, 0), Turn(2.0, 6.0, 1)]
    found = attribute_segments([say("One two three four five six", 0.0, 6.0)], turns)
    assert tell(found) == [("Speaker 1", "One two"), ("Speaker 2", "three four five six")]
