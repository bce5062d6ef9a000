"""Documents, made by the real rendering process and opened by readers of others."""

import io
import threading
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pypdf
import pytest
from docx.document import Document

from sample_transcripts import build_segment, build_text, build_transcript
from transcriber.engine.results import Transcript
from transcriber.formats import DOCUMENTS, ExportOptions, find_kind
from transcriber.formats.documents import DocumentError, DocumentLimits, Rendering

HOSTILE = [
    "<script>alert(1)</script> & <b>",
    "javascript:alert(1) https://evil.example/ mailto:x@evil.example",
    '#eval("1") #read("/etc/passwd") #import "@preview/cetz:0.3.0" #link("javascript:alert(1)")',
    "$x$ *bold* _it_ `raw` = heading @cite <label> // comment /* open \\ ]}",
    "=HYPERLINK(1) {HYPERLINK x} ]]> </w:t></w:r>",
]


def make(name: str, transcript: Transcript, title: str = "Talk", **parts: bool) -> bytes:
    kind = find_kind(name)
    return b"".join(Rendering(kind).run(transcript, title, kind.settle(ExportOptions(**parts))))


def open_docx(data: bytes) -> Document:
    return docx.Document(io.BytesIO(data))


def read_pdf(data: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(data), strict=True)
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def read(name: str, data: bytes) -> str:
    if name == "pdf":
        return read_pdf(data)
    return "\n".join(paragraph.text for paragraph in open_docx(data).paragraphs)


def squeeze(text: str) -> str:
    # Where a PDF breaks a line is its own affair.
    return "".join(text.split())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_shows_title_facts_speakers_and_times(name: str) -> None:
    spoken = replace(build_segment(3661.9, 3665, "Grüß Gott, Привет"), speaker="Anna")
    text = squeeze(read(name, make(name, build_transcript(spoken), "My talk", confidence=True)))
    shown = "My talk 01:01:05 · en · base 01:01:01 · 78% Anna: Grüß Gott, Привет"
    page_number = "1" if name == "pdf" else ""
    assert text == squeeze(shown) + page_number


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_hides_what_is_switched_off(name: str) -> None:
    spoken = replace(build_segment(5, 6, "Hello."), speaker="Anna")
    text = read(name, make(name, build_transcript(spoken), speakers=False, timestamps=False))
    assert "Hello." in text
    assert "Anna" not in text
    assert "00:00:05" not in text


@pytest.mark.parametrize("name", DOCUMENTS)
def test_an_empty_transcript_is_a_document(name: str) -> None:
    assert "Talk" in read(name, make(name, build_transcript()))


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("text", HOSTILE)
def test_87_and_89_no_text_becomes_markup_or_a_link(name: str, text: str) -> None:
    hostile = build_transcript(replace(build_segment(0, 1, text), speaker=text))
    data = make(name, hostile, title=text)
    assert squeeze(read(name, data)).count(squeeze(text)) == 3
    if name == "pdf":
        reader = pypdf.PdfReader(io.BytesIO(data))
        assert all("/Annots" not in page for page in reader.pages)
        assert not {"/OpenAction", "/AA", "/AcroForm"} & set(reader.root_object)
        assert b"/JavaScript" not in data
        assert b"/URI" not in data
    else:
        parts = zipfile.ZipFile(io.BytesIO(data))
        relations = parts.read("word/_rels/document.xml.rels").decode()
        assert "hyperlink" not in relations
        assert "TargetMode" not in relations
        body = parts.read("word/document.xml").decode()
        assert not any(tag in body for tag in ("w:hyperlink", "w:instrText", "w:fldSimple"))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_88_and_90_characters_that_no_document_may_hold_are_stripped(name: str) -> None:
    controls = "".join(map(chr, (*range(32), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF, 0xFDD0, 0xD800)))
    spoken = replace(build_segment(0, 1, f"a{controls}b"), speaker=f"Eve{controls}Mallory")
    text = read(name, make(name, build_transcript(spoken), title=f"x{controls}y"))
    assert "Mallory:" in text
    assert not any(ord(character) < 32 and character != "\n" for character in text)


def test_an_arabic_and_a_hindi_text_need_no_font_of_the_machine() -> None:
    assert make(
        "pdf", build_text("مرحبا بالعالم", "नमस्ते", "שלום", "Γειά", "გამარჯობა", "♪")
    ).startswith(b"%PDF-1.7")


def test_a_character_without_a_glyph_is_refused_rather_than_lost() -> None:
    # A script that was deciphered in 1915 and is in no font that comes with a system.
    with pytest.raises(DocumentError, match=r"U\+12000.*choose docx or txt") as refusal:
        make("pdf", build_text("plain", "\U00012000\U00012001"))
    assert refusal.value.code == "glyphs_missing"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_that_takes_too_long_is_refused(name: str) -> None:
    kind = find_kind(name)
    rendering = Rendering(kind, DocumentLimits(seconds=0.005))
    with pytest.raises(DocumentError, match=f"too large for {name}: 0.005 seconds") as refusal:
        list(rendering.run(build_text(*["It was the best of times."] * 2_000), "t", kind.usual))
    assert refusal.value.code == "document_too_large"


def test_a_document_that_takes_too_much_memory_is_refused() -> None:
    kind = find_kind("pdf")
    rendering = Rendering(kind, DocumentLimits(memory_mb=256))
    long = build_text(*["It was the best of times, it was the worst of times."] * 20_000)
    with pytest.raises(DocumentError) as refusal:
        list(rendering.run(long, "t", kind.usual))
    assert refusal.value.code == "document_too_large"


def test_cancelling_ends_the_process_at_once_and_leaves_no_file(tmp_path: Path) -> None:
    kind = find_kind("docx")
    rendering = Rendering(kind, folder=tmp_path)
    long = build_text(*["It was the best of times."] * 30_000)
    found: list[str] = []

    def run() -> None:
        try:
            list(rendering.run(long, "t", kind.usual))
        except DocumentError as error:
            found.append(error.code)

    thread = threading.Thread(target=run)
    thread.start()
    time.sleep(0.7)
    rendering.cancel()
    thread.join(5)
    assert found == ["document_cancelled"]
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(DocumentError, match="any more"):
        list(rendering.run(build_text("x"), "t", kind.usual))
