"""Word's format, by python-docx.  Only the rendering process imports this module.

Text goes into runs of text alone: no field, no link, and no macro can come of it.
"""

import io
import json
from typing import TypedDict

from docx import Document
from docx.document import Document as DocumentObject
from docx.shared import Pt, RGBColor

_GRAY = RGBColor(0x59, 0x59, 0x59)
_SMALL = Pt(9)


class Paragraph(TypedDict):
    """One paragraph of the outline."""

    lead: str
    speaker: str
    text: str


class Outline(TypedDict):
    """The outline, as `write_outline` writes it."""

    title: str
    language: str
    facts: str
    paragraphs: list[Paragraph]


def render_docx(text: bytes) -> bytes:
    """Return the outline as a document with a heading and a paragraph for each segment."""
    outline: Outline = json.loads(text)
    document = Document()
    document.core_properties.title = outline["title"]
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.language = outline["language"]
    document.add_heading(outline["title"], level=1)
    _add_small(document, outline["facts"])
    for paragraph in outline["paragraphs"]:
        _add_paragraph(document, paragraph)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _add_small(document: DocumentObject, text: str) -> None:
    run = document.add_paragraph().add_run(text)
    run.font.size = _SMALL
    run.font.color.rgb = _GRAY


def _add_paragraph(document: DocumentObject, paragraph: Paragraph) -> None:
    shown = document.add_paragraph()
    if paragraph["lead"]:
        lead = shown.add_run(f"{paragraph['lead']}  ")
        lead.font.size = _SMALL
        lead.font.color.rgb = _GRAY
    if paragraph["speaker"]:
        shown.add_run(f"{paragraph['speaker']} ").bold = True
    shown.add_run(paragraph["text"])
