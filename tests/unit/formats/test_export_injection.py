"""Text and names that would be more than text: the checklist of hostile inputs, lines 85 to 90."""

import csv
import io
import json
import re
from dataclasses import replace

import pysubs2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_transcripts import build_segment, build_text, build_transcript, texts
from transcriber.engine.results import Transcript
from transcriber.formats import FORMATS, ExportOptions, SubtitleOptions, render_transcript
from transcriber.formats.timestamps import WORD_JOINER

WIDE = SubtitleOptions(max_line_length=500, max_line_count=10)
STARTS = [
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
    " =",
    '"=',
    "\x00=",
]
FORMULA_STARTS = set("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
NAMES = [
    "Eve\n\n9\n00:00:00,000 --> 00:00:01,000\nforged",
    "Eve --> Bob",
    "Eve><c.x>",
    "<script>alert(1)</script>",
    "{\\an8}Eve",
    "Eve\t9\t9",
    'Eve","=1+1',
    "Eve & <b>Bob</b>",
    "Eve \ud800 \x1b[31m",
    "</v><v Bob",
]


def name_speaker(name: str, text: str = "Hello.") -> Transcript:
    return build_transcript(
        build_segment(0, 3, "Before."),
        replace(build_segment(3, 6, text), speaker=name),
        build_segment(6, 9, "After."),
    )


def read_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))


def show(name: str, transcript: Transcript) -> str:
    return render_transcript(transcript, name, options=ExportOptions(speakers=True, subtitle=WIDE))


@pytest.mark.parametrize("start", STARTS)
def test_85_a_cell_that_begins_like_a_formula_is_neutralised(start: str) -> None:
    text = show("csv", build_text(f"{start}HYPERLINK(1)", f"one; {start}cmd|x!A1"))
    first, second = (row[-1] for row in read_csv(text)[1:])
    assert first.startswith("'")
    assert second.startswith("one;'")
    assert show("csv", name_speaker(f"{start}1")).count(",\"'") == 1


@given(texts)
def test_85_no_cell_begins_a_formula_in_any_spreadsheet(text: str) -> None:
    written = show("csv", name_speaker(text, text))
    assert "\r" not in written.replace("\r\n", "")
    pieces = [piece for row in read_csv(written) for cell in row for piece in cell.split(";")]
    assert not {piece.lstrip(' "')[:1] for piece in pieces} & FORMULA_STARTS


def test_85_csv_keeps_to_the_rfc() -> None:
    text = show("csv", build_text('He said "no, never".', "Line\r\nend"))
    assert text.splitlines(keepends=True)[1:] == [
        '"0","3000","","He said ""no, never""."\r\n',
        '"3000","6000","","Line end"\r\n',
    ]


@pytest.mark.parametrize("name", ["srt", "vtt"])
@pytest.mark.parametrize(
    "text", ["a --> b", "before\n\nafter", "x\r\n\r\n1\r\n00:01.000 --> 00:02.000"]
)
def test_86_an_arrow_or_a_blank_line_adds_no_cue(name: str, text: str) -> None:
    cues = pysubs2.SSAFile.from_string(show(name, build_text("A.", text, "B.")), format_=name)
    assert [cue.start for cue in cues] == [0, 3000, 6000]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "<c.x>red</c>", "<v Eve>"])
def test_87_markup_is_escaped(text: str) -> None:
    assert text.replace("<", "&lt;").replace(">", "&gt;") in show("vtt", build_text(text))
    srt = show("srt", build_text(text))
    assert text not in srt
    assert text in srt.replace(WORD_JOINER, "")


def test_89_a_link_stays_text() -> None:
    text = "javascript:alert(1) and [x](javascript:alert(1)) and <a href=x>"
    assert "<a" not in show("vtt", build_text(text))
    assert show("txt", build_text(text)) == text + "\n"


@pytest.mark.parametrize("format_name", ["srt", "vtt"])
@pytest.mark.parametrize("name", NAMES)
def test_90_a_speakers_name_adds_no_cue_and_no_tag(format_name: str, name: str) -> None:
    text = show(format_name, name_speaker(name))
    cues = pysubs2.SSAFile.from_string(text, format_=format_name)
    assert [cue.start for cue in cues] == [0, 3000, 6000]
    assert cues[2].plaintext == "After."
    if format_name == "vtt":
        # One voice tag of ours around the text, and no other.
        assert re.findall(r"<[^>]*>", text) == [re.findall(r"<v [^<>]*>", text)[0], "</v>"]
    else:
        assert not re.search(r"<\s*[/!?A-Za-z]", text)


@pytest.mark.parametrize("name", NAMES)
def test_90_a_speakers_name_adds_no_line_and_no_cell(name: str) -> None:
    assert len(show("txt", name_speaker(name)).splitlines()) == 3
    rows = [line.split("\t") for line in show("tsv", name_speaker(name)).splitlines()]
    assert [len(row) for row in rows] == [4, 4, 4, 4]
    assert [len(row) for row in read_csv(show("csv", name_speaker(name)))] == [4, 4, 4, 4]
    assert len(json.loads(show("json", name_speaker(name)))["segments"]) == 3


@given(st.text(max_size=40), texts)
def test_90_no_name_changes_the_number_of_cues(name: str, text: str) -> None:
    for format_name in ("srt", "vtt"):
        without = render_transcript(
            name_speaker("", "Hello " + text), format_name, options=ExportOptions(subtitle=WIDE)
        )
        shown = show(format_name, name_speaker(name, "Hello " + text))
        count = len(pysubs2.SSAFile.from_string(without, format_=format_name))
        assert len(pysubs2.SSAFile.from_string(shown, format_=format_name)) == count


def test_every_text_format_is_tested_for_names() -> None:
    assert set(FORMATS) == {"srt", "vtt", "txt", "tsv", "csv", "json"}
