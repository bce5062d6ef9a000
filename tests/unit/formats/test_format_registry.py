import csv
import io
import json
import math

import pytest
from hypothesis import given

from sample_transcripts import build_segment, build_text, build_transcript, segments
from transcriber.engine.errors import OptionsError
from transcriber.engine.results import DetectedLanguage, DroppedPassage, Segment, Transcript, Word
from transcriber.formats import (
    FORMATS,
    KINDS,
    ExportOptions,
    SubtitleOptions,
    find_format,
    render_transcript,
)


def test_every_format_is_listed_under_its_own_name() -> None:
    assert set(FORMATS) == {"txt", "srt", "vtt", "json", "tsv", "csv"}
    assert all(name == each.name for name, each in FORMATS.items())
    assert set(KINDS) == {*FORMATS, "docx", "pdf"}
    assert {each.extension for each in KINDS.values()} == {f".{name}" for name in KINDS}


def test_an_unknown_format_is_refused_by_name() -> None:
    with pytest.raises(OptionsError, match=r"format must be one of txt, .* not 'docx'\."):
        render_transcript(build_text("x"), "docx")


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "json"])
def test_a_stream_of_segments_gives_the_same_file(name: str) -> None:
    transcript = build_text("One.", "Two, which is rather longer than the first one was.", "Three.")
    chosen = find_format(name)
    assert chosen.stream is not None
    parts = chosen.stream(iter(transcript.segments), chosen.settle(ExportOptions()))
    assert "".join(parts) == render_transcript(transcript, name)


@pytest.mark.parametrize("name", FORMATS)
@given(segments)
def test_any_transcript_can_be_written_in_utf8(name: str, some: list[Segment]) -> None:
    text = render_transcript(build_transcript(*some), name)
    assert text.encode().decode() == text


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_transcript_is_a_valid_file(name: str) -> None:
    empty = {"txt": "", "srt": "", "vtt": "WEBVTT\n\n", "tsv": "start\tend\ttext\n"}
    empty["csv"] = '\ufeff"start","end","speaker","text"\r\n'
    text = render_transcript(build_transcript(), name)
    if name == "json":
        assert json.loads(text)["segments"] == []
    else:
        assert text == empty[name]


@given(segments)
def test_txt_has_one_line_per_segment_with_text(some: list[Segment]) -> None:
    lines = render_transcript(build_transcript(*some), "txt").split("\n")
    assert lines.pop() == ""
    assert all(line.strip() for line in lines)
    assert len(lines) <= len(some)


@given(segments)
def test_tsv_has_three_columns_and_one_row_per_segment(some: list[Segment]) -> None:
    text = render_transcript(build_transcript(*some), "tsv")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE))
    assert rows[0] == ["start", "end", "text"]
    assert len(rows) == len(some) + 1
    assert all(len(row) == 3 and row[0].isdigit() and row[1].isdigit() for row in rows[1:])


def test_tsv_times_are_whole_milliseconds() -> None:
    transcript = build_transcript(build_segment(1.2344, 2.0, "a\tb\nc"))
    assert render_transcript(transcript, "tsv").splitlines()[1] == "1234\t2000\ta b c"


def test_json_carries_everything() -> None:
    words = (Word(0.0, 0.5, " Hi", 0.75),)
    transcript = build_transcript(
        build_segment(0, 1, "Hi \u2028 ünïcode", words),
        dropped=(DroppedPassage(1.0, 2.0, "silence", "Thank you."),),
    )
    text = render_transcript(transcript, "json")
    assert "ünïcode" in text
    assert json.loads(text) == {
        "schema_version": 1,
        "model": "base",
        "task": "transcribe",
        "language": "en",
        "language_probability": 0.98,
        "duration": 1,
        "text": "Hi \u2028 ünïcode",
        "segments": [
            {
                "id": 0,
                "start": 0,
                "end": 1,
                "text": "Hi \u2028 ünïcode",
                "avg_logprob": -0.25,
                "no_speech_prob": 0.01,
                "compression_ratio": 1.4,
                "temperature": 0.0,
                "words": [{"start": 0.0, "end": 0.5, "word": " Hi", "probability": 0.75}],
                "speaker": None,
            }
        ],
        "dropped": [{"start": 1.0, "end": 2.0, "reason": "silence", "text": "Thank you."}],
    }


def test_json_writes_null_for_a_measure_that_is_no_number() -> None:
    transcript = Transcript(
        DetectedLanguage("en", math.nan), math.inf, (), (), "base", "transcribe"
    )
    document = json.loads(render_transcript(transcript, "json"), parse_constant=pytest.fail)
    assert (document["language_probability"], document["duration"]) == (None, None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_line_length", 9),
        ("max_line_length", 501),
        ("max_line_count", 0),
        ("max_characters_per_second", math.nan),
        ("min_cue_seconds", 0),
        ("max_cue_seconds", 0.5),
        ("min_gap_seconds", -1),
    ],
)
def test_limits_that_no_cue_could_keep_are_refused(name: str, value: float) -> None:
    with pytest.raises(OptionsError, match=f"^{name} must be between"):
        SubtitleOptions(**{name: value})
