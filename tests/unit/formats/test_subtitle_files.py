import re

import pysubs2
import pytest
from hypothesis import given

from sample_transcripts import build_segment, build_text, build_transcript, segments
from transcriber.engine.results import Segment, Transcript
from transcriber.formats import SubtitleOptions, build_cues, render_transcript
from transcriber.formats.plain_text import clean_text
from transcriber.formats.timestamps import WORD_JOINER, format_timestamp

DEFAULT = SubtitleOptions()

HOSTILE = [
    "an arrow --> inside",
    "2\n00:00:05,000 --> 00:00:06,000\nforged",
    "two times 00:00:05,000 00:00:06,000 on a line",
    "short times 00:05.000 00:06.000 on a line",
    "before\n\n\nafter",
    "before\r\n\r\n3\r\n00:00:07.000 --> 00:00:08.000\r\nafter",
    "before\u2028\u2029\x85\x0b\x0cafter",
    "<script>alert(1)</script>",
    "<c.x>coloured</c> <v Fred> <00:00:01.000>",
    "<i>slanted</i> < b >bold</ b >",
    "<img src=x onerror=alert(1)>",
    "{\\an8}top {\\i1}slanted",
    "NOTE this\n\nSTYLE\n::cue { color: red }",
    "WEBVTT",
    "&lt;b&gt; &amp;",
    "nul \x00 escape \x1b[31m half \ud800 done",
]


def read_back(
    format_name: str, transcript: Transcript, subtitle: SubtitleOptions = DEFAULT
) -> pysubs2.SSAFile:
    return pysubs2.SSAFile.from_string(
        render_transcript(transcript, format_name, subtitle), format_=format_name
    )


@pytest.mark.parametrize("format_name", ["srt", "vtt"])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_of_its_own_cue(format_name: str, text: str) -> None:
    transcript = build_text("Before.", text, "After.")
    # Limits so wide that each segment is one cue: the count is then known without the writer.
    subtitle = SubtitleOptions(max_line_length=500, max_line_count=10)
    cues = read_back(format_name, transcript, subtitle)
    assert len(cues) == 3
    assert [cue.start for cue in cues] == [0, 3000, 6000]
    assert (cues[0].plaintext, cues[2].plaintext) == ("Before.", "After.")
    shown = cues[1].text.replace(WORD_JOINER, "").replace("\\N", " ")
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        shown = shown.replace(entity, character) if format_name == "vtt" else shown
    assert shown == clean_text(text)


def test_vtt_holds_no_tag_and_no_bare_ampersand() -> None:
    payload = render_transcript(build_text(*HOSTILE), "vtt")
    bare = re.sub(r"^[\d:.]+ --> [\d:.]+$", "", payload, flags=re.MULTILINE)
    assert not re.search(r"[<>]|&(?!(?:lt|gt|amp);)", bare)


def test_srt_holds_no_tag() -> None:
    assert not re.search(r"<\s*[/!?A-Za-z]", render_transcript(build_text(*HOSTILE), "srt"))


def test_a_lesser_sign_in_speech_is_left_alone() -> None:
    assert "1 < 2 and 3 <4" in render_transcript(build_text("1 < 2 and 3 <4"), "srt")


@pytest.mark.parametrize("format_name", ["srt", "vtt"])
@given(segments)
def test_any_text_reads_back_with_the_same_cues(format_name: str, some: list[Segment]) -> None:
    transcript = build_transcript(*some)
    expected = list(build_cues(some, SubtitleOptions()))
    cues = read_back(format_name, transcript)
    # The reader stops at 99 hours in WebVTT's short form only, far past any time generated here.
    assert [(cue.start, cue.end) for cue in cues] == [(c.start_ms, c.end_ms) for c in expected]


@given(segments)
def test_no_cue_holds_a_blank_line(some: list[Segment]) -> None:
    for block in render_transcript(build_transcript(*some), "srt").split("\n\n")[:-1]:
        number, times, *lines = block.split("\n")
        assert number.isdigit()
        assert " --> " in times
        assert lines
        assert all(line.strip() for line in lines)


def test_srt_looks_like_srt() -> None:
    transcript = build_transcript(
        build_segment(0, 2.5, "Hello."), build_segment(3661.25, 3663, "An hour later.")
    )
    assert render_transcript(transcript, "srt") == (
        "1\n00:00:00,000 --> 00:00:02,500\nHello.\n\n"
        "2\n01:01:01,250 --> 01:01:03,000\nAn hour later.\n\n"
    )


def test_vtt_looks_like_vtt() -> None:
    assert render_transcript(build_transcript(build_segment(0, 2.5, "A & B")), "vtt") == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:02.500\nA &amp; B\n\n"
    )


def test_hours_grow_past_two_digits() -> None:
    assert format_timestamp(360_000_000 + 1, ".") == "100:00:00.001"
