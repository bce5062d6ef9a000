from collections.abc import Iterator
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_transcripts import build_segment, segments, timed_segments
from transcriber.engine.results import Segment, Word
from transcriber.formats import Cue, SubtitleOptions, build_cues
from transcriber.formats.plain_text import clean_text, measure_columns

options = st.builds(
    SubtitleOptions,
    max_line_length=st.integers(10, 60),
    max_line_count=st.integers(1, 4),
    max_characters_per_second=st.floats(5, 40),
    min_cue_seconds=st.floats(0.1, 2),
    max_cue_seconds=st.floats(2, 20),
    min_gap_seconds=st.floats(0, 0.5),
)


def spell(text: str) -> str:
    return "".join(clean_text(text).split())


def check_cues(given_segments: list[Segment], subtitle: SubtitleOptions) -> list[Cue]:
    cues = list(build_cues(given_segments, subtitle))
    shown = "".join(spell("".join(cue.lines)) for cue in cues)
    assert shown == "".join(spell(segment.text) for segment in given_segments)
    for cue in cues:
        assert 1 <= len(cue.lines) <= subtitle.max_line_count
        assert all(0 <= measure_columns(line) <= subtitle.max_line_length for line in cue.lines)
        assert all(line and line == line.strip() for line in cue.lines)
        duration = cue.end_ms - cue.start_ms
        assert duration >= round(subtitle.min_cue_seconds * 1000)
        assert duration <= round(subtitle.max_cue_seconds * 1000)
    for before, after in pairwise(cues):
        assert after.start_ms >= before.end_ms + round(subtitle.min_gap_seconds * 1000)
    return cues


@given(segments, options)
def test_any_segments_give_ordered_readable_cues_with_all_of_the_text(
    some: list[Segment], subtitle: SubtitleOptions
) -> None:
    check_cues(some, subtitle)


@given(timed_segments(), options)
def test_timed_words_give_cues_that_never_start_before_their_words(
    some: list[Segment], subtitle: SubtitleOptions
) -> None:
    cues = check_cues(some, subtitle)
    assert cues[0].start_ms == round(some[0].words[0].start * 1000)


def test_a_short_segment_stays_one_cue_on_one_line() -> None:
    (cue,) = build_cues([build_segment(1.0, 3.5, "Good morning.")], SubtitleOptions())
    assert (cue.start_ms, cue.end_ms, cue.lines) == (1000, 3500, ("Good morning.",))


def test_lines_are_balanced_rather_than_filled() -> None:
    text = "It was the best of times, it was the worst of times."
    (cue,) = build_cues([build_segment(0, 5, text)], SubtitleOptions())
    assert cue.lines == ("It was the best of times,", "it was the worst of times.")


def test_two_lines_break_after_punctuation_where_it_leaves_them_of_like_length() -> None:
    text = "It was the age of wisdom, it was the age of foolishness."
    (cue,) = build_cues([build_segment(0, 5, text)], SubtitleOptions())
    assert cue.lines == ("It was the age of wisdom,", "it was the age of foolishness.")
    (cue,) = build_cues(
        [build_segment(0, 5, "Well, " + "nothing came of it " * 2)], SubtitleOptions()
    )
    assert cue.lines == ("Well, nothing came of", "it nothing came of it")


def test_more_lines_are_made_even() -> None:
    subtitle = SubtitleOptions(max_line_length=20, max_line_count=4)
    (cue,) = build_cues(
        [build_segment(0, 5, "one two three four five six seven eight nine")], subtitle
    )
    assert cue.lines == ("one two three", "four five six", "seven eight nine")


def test_a_long_segment_is_cut_at_the_end_of_its_sentence() -> None:
    text = (
        "It was the season of light and it was the season of darkness. "
        "It was the spring of hope and the winter of despair."
    )
    first, second = build_cues([build_segment(0, 10, text)], SubtitleOptions())
    assert " ".join(first.lines).endswith("darkness.")
    assert " ".join(second.lines).startswith("It was the spring")
    # Without word times the cut falls where the share of the text puts it.
    assert second.start_ms == pytest.approx(10_000 * 61 / 114, abs=150)


def test_cuts_follow_the_times_of_the_words() -> None:
    words = tuple(
        Word(start, start + 0.4, f" {text}", 0.9)
        for start, text in zip(
            [0, 1, 2, 20, 21, 22], ["one", "two", "three.", "four", "five", "six."], strict=True
        )
    )
    segment = build_segment(0, 22.4, "one two three. four five six.", words)
    first, second = build_cues([segment], SubtitleOptions())
    assert (first.lines, second.lines) == (("one two three.",), ("four five six.",))
    assert (first.start_ms, second.start_ms) == (0, 20_000)


def test_words_that_no_longer_spell_an_edited_text_are_ignored() -> None:
    segment = build_segment(0, 2, "Corrected by hand.", (Word(0, 2, " Corected", 0.4),))
    (cue,) = build_cues([segment], SubtitleOptions())
    assert cue.lines == ("Corrected by hand.",)


def test_parts_of_one_written_word_stay_together() -> None:
    words = (
        Word(0, 1, " A", 1),
        Word(1, 2, " self", 1),
        Word(2, 3, "-driving", 1),
        Word(3, 4, " car.", 1),
    )
    subtitle = SubtitleOptions(max_line_length=13, max_line_count=1)
    cues = build_cues([build_segment(0, 4, "A self-driving car.", words)], subtitle)
    assert [cue.lines[0] for cue in cues] == ["A", "self-driving", "car."]


def test_a_fast_cue_stays_on_screen_until_it_can_be_read() -> None:
    rushed = build_segment(0, 1, "This was said in much less than one second.")
    cues = list(build_cues([rushed, build_segment(10, 11, "Later.")], SubtitleOptions()))
    assert cues[0].end_ms == round(43 / 17 * 1000)


def test_a_fast_cue_still_makes_way_for_the_next_one() -> None:
    rushed = build_segment(0, 1, "This was said in much less than one second.")
    first, second = build_cues([rushed, build_segment(1.5, 3, "Next.")], SubtitleOptions())
    assert (first.end_ms, second.start_ms) == (1500 - 83, 1500)


def test_segments_that_run_backwards_are_shown_in_their_order() -> None:
    cues = check_cues(
        [build_segment(8, 9, "first"), build_segment(2, 3, "second"), build_segment(2, 2, "third")],
        SubtitleOptions(),
    )
    assert [cue.lines[0] for cue in cues] == ["first", "second", "third"]


def test_japanese_breaks_between_characters_but_not_before_its_punctuation() -> None:
    text = "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。"
    subtitle = SubtitleOptions(max_line_length=16)
    lines = [
        line for cue in build_cues([build_segment(0, 12, text)], subtitle) for line in cue.lines
    ]
    assert "".join(lines) == text
    assert all(measure_columns(line) <= 16 for line in lines)
    assert not any(line.startswith(("。", "、")) for line in lines)


def test_korean_breaks_at_its_spaces() -> None:
    subtitle = SubtitleOptions(max_line_length=12, max_line_count=4)
    (cue,) = build_cues([build_segment(0, 5, "안녕하세요 여러분 반갑습니다")], subtitle)
    assert cue.lines == ("안녕하세요", "여러분", "반갑습니다")


def test_a_segment_without_printable_text_gives_no_cue() -> None:
    assert list(build_cues([build_segment(0, 1, " \x00\n\t ")], SubtitleOptions())) == []


def test_cues_come_while_segments_still_arrive() -> None:
    def arrive() -> Iterator[Segment]:
        yield build_segment(0, 1, "first")
        yield build_segment(2, 3, "second")
        raise AssertionError("The third segment was asked for too early.")

    assert next(build_cues(arrive(), SubtitleOptions())).lines == ("first",)


@pytest.mark.parametrize("word", ["word ", "x", "東"])
def test_a_text_of_any_length_is_divided_in_linear_time(word: str) -> None:
    seconds = []
    for count in (4_000, 16_000):
        begun = process_time()
        cues = list(build_cues([build_segment(0, 36_000, word * count)], SubtitleOptions()))
        seconds.append(process_time() - begun)
        assert len(cues) > count / 84
    # Four times the text; sixteen times the work would be quadratic.
    assert seconds[1] < 10 * seconds[0]
