"""Word's format, by python-docx.  Only the rendering process imports this module.

Text goes into runs of text alone: no field, no link, and no macro can come of it.
"""

import io
import json
from copy import deepcopy
from typing import Any, TypedDict

from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml import OxmlElement  # pyright: ignore[reportUnknownVariableType] -- it has half a type
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph as ParagraphObject

_GRAY = RGBColor(0x59, 0x59, 0x59)
_SMALL = Pt(9)
# Of the languages that Whisper knows.
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "sd", "ur", "yi"})


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
    if outline["language"] in _RIGHT_TO_LEFT:
        _turn_around(document)
    document.add_heading(outline["title"], level=1)
    _add_lead(document.add_paragraph(), outline["facts"])
    _add_paragraphs(document, outline["paragraphs"])
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _add_paragraphs(document: DocumentObject, paragraphs: list[Paragraph]) -> None:
    # Built once for each set of parts and copied: python-docx needs a third of a millisecond for
    # each paragraph that it builds, which is seconds for a recording of hours.
    models: dict[tuple[bool, bool], Any] = {}
    whole: Any = document.element
    for paragraph in paragraphs:
        lead, speaker = paragraph["lead"], paragraph["speaker"]
        key = (bool(lead), bool(speaker))
        if key not in models:
            models[key] = _build_model(document, *key)
        copied = deepcopy(models[key])
        texts = [*([f"{lead}  "] if lead else []), *([f"{speaker} "] if speaker else [])]
        for run, text in zip(copied.r_lst, [*texts, paragraph["text"]], strict=True):
            run.t_lst[0].text = text
        whole.body.sectPr.addprevious(copied)


def _build_model(document: DocumentObject, has_lead: bool, has_speaker: bool) -> Any:  # noqa: FBT001 -- the two parts of its key
    shown = document.add_paragraph()
    # The spaces at its ends are what has them kept in the copies.
    if has_lead:
        _add_lead(shown, " lead ")
    if has_speaker:
        shown.add_run(" speaker ").bold = True
    shown.add_run(" text ")
    model: Any = shown._p  # pyright: ignore[reportPrivateUsage]  # noqa: SLF001 -- there is no other way to the element
    model.getparent().remove(model)
    return model


def _add_lead(paragraph: ParagraphObject, text: str) -> None:
    run = paragraph.add_run(text)
    run.font.size = _SMALL
    run.font.color.rgb = _GRAY


def _turn_around(document: DocumentObject) -> None:
    # Word reads the direction of a paragraph from its style, and not from its letters.
    style: Any = document.styles["Normal"].element
    style.get_or_add_pPr().append(OxmlElement("w:bidi"))
