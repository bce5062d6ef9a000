"""What a file shows: speakers, words, confidence, timestamps, and what each format refuses."""

import csv
import io
import json
from dataclasses import replace
from itertools import product

import pysubs2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_transcripts import build_segment, build_transcript, segments, timed_segments
from transcriber.engine.errors import OptionsError
from transcriber.engine.results import Segment, Transcript, Word
from transcriber.formats import (
    FORMATS,
    KINDS,
    PARTS,
    ExportOptions,
    SubtitleOptions,
    build_cues,
    find_kind,
    render_transcript,
)

WORDS = (Word(0.0, 0.5, " Hello", 0.75), Word(0.5, 1.0, " you.", 0.5))
SPOKEN = replace(build_segment(0, 1, "Hello you.", WORDS), speaker="Anna")
UNKNOWN = build_segment(3661.5, 3663, "Who is there?")
TALK = build_transcript(SPOKEN, UNKNOWN)


def show(name: str, transcript: Transcript = TALK, **parts: bool) -> str:
    return render_transcript(transcript, name, options=ExportOptions(**parts))


def test_txt_names_speakers_and_times_when_asked() -> None:
    assert show("txt", speakers=True) == "Anna: Hello you.\nWho is there?\n"
    assert show("txt", timestamps=True) == "[00:00:00] Hello you.\n[01:01:01] Who is there?\n"


def test_srt_names_the_speaker_in_the_text() -> None:
    assert "\nAnna: Hello you.\n" in show("srt", speakers=True)
    assert "Anna" not in show("srt")


def test_vtt_names_the_speaker_in_a_voice_tag() -> None:
    assert "\n<v Anna>Hello you.</v>\n" in show("vtt", speakers=True)
    assert "<v" not in show("vtt")


def test_the_name_takes_no_time_from_the_words() -> None:
    long = replace(build_segment(5, 6, "东京", (Word(5, 6, "东京", 0.9),)), speaker="Li")
    (cue,) = pysubs2.SSAFile.from_string(show("srt", build_transcript(long), speakers=True))
    assert (cue.start, cue.plaintext) == (5000, "Li: 东京")


@given(timed_segments())
def test_vtt_with_speakers_has_the_cues_it_has_without(some: list[Segment]) -> None:
    spoken = build_transcript(*(replace(each, speaker="A & B") for each in some))
    with_names = pysubs2.SSAFile.from_string(show("vtt", spoken, speakers=True), format_="vtt")
    cues = list(build_cues(some, SubtitleOptions()))
    assert [(cue.start, cue.end) for cue in with_names] == [(c.start_ms, c.end_ms) for c in cues]


def test_tables_have_a_column_for_each_part() -> None:
    assert show("tsv", speakers=True, confidence=True).splitlines() == [
        "start\tend\tspeaker\tconfidence\ttext",
        "0\t1000\tAnna\t0.78\tHello you.",
        "3661500\t3663000\t\t0.78\tWho is there?",
    ]
    assert show("csv", speakers=False).splitlines()[1] == '"0","1000","Hello you."'


def test_tables_have_a_row_for_each_timed_word_when_asked() -> None:
    assert show("tsv", words=True, confidence=True).splitlines()[1:] == [
        "0\t500\t0.75\tHello",
        "500\t1000\t0.50\tyou.",
        "3661500\t3663000\t0.78\tWho is there?",
    ]


def test_words_that_no_longer_spell_an_edited_text_are_no_rows() -> None:
    edited = build_transcript(replace(SPOKEN, text="Hello, you two."))
    assert show("tsv", edited, words=True).splitlines()[1:] == ["0\t1000\tHello, you two."]


@pytest.mark.parametrize(
    ("part", "gone"),
    [
        ("speakers", {"speaker"}),
        ("words", {"words"}),
        (
            "confidence",
            {"avg_logprob", "no_speech_prob", "compression_ratio", "temperature"},
        ),
    ],
)
def test_json_drops_what_is_switched_off(part: str, gone: set[str]) -> None:
    whole = json.loads(show("json"))["segments"][0]
    less = json.loads(show("json", **{part: False}))["segments"][0]
    assert set(whole) - set(less) == gone
    if part == "confidence":
        assert [set(word) for word in less["words"]] == [{"start", "end", "word"}] * 2


@pytest.mark.parametrize(("name", "part", "value"), [*product(KINDS, PARTS, [False, True])])
def test_a_part_is_shown_as_asked_or_refused_by_name(name: str, part: str, value: bool) -> None:  # noqa: FBT001 -- pytest passes it by name
    kind = find_kind(name)
    options = ExportOptions(**{part: value})
    if part in kind.choices or value == getattr(kind.usual, part):
        assert getattr(kind.settle(options), part) is value
        return
    with pytest.raises(OptionsError, match=f"^{name} (always|never) has {part}: ") as refusal:
        kind.settle(options)
    assert refusal.value.code == "option_not_supported"


@pytest.mark.parametrize("name", FORMATS)
@given(segments, st.data())
def test_any_transcript_can_be_written_with_any_parts(
    name: str, some: list[Segment], data: st.DataObject
) -> None:
    speaker = st.one_of(st.none(), st.text(max_size=12))
    spoken = build_transcript(*(replace(each, speaker=data.draw(speaker)) for each in some))
    choices = sorted(find_kind(name).choices)
    text = show(name, spoken, **{part: data.draw(st.booleans()) for part in choices})
    assert text.encode().decode() == text
    if name == "csv":
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        assert len({len(row) for row in rows}) == 1
