"""Small writers, one per export format, behind one function."""

from transcriber.formats.cues import Cue, build_cues
from transcriber.formats.file_kind import FileKind
from transcriber.formats.registry import (
    DOCUMENTS,
    FORMATS,
    KINDS,
    Format,
    find_format,
    find_kind,
    render_transcript,
)
from transcriber.formats.selection import PARTS, ExportOptions, Selection
from transcriber.formats.subtitle_options import SubtitleOptions

__all__ = [
    "DOCUMENTS",
    "FORMATS",
    "KINDS",
    "PARTS",
    "Cue",
    "ExportOptions",
    "FileKind",
    "Format",
    "Selection",
    "SubtitleOptions",
    "build_cues",
    "find_format",
    "find_kind",
    "render_transcript",
]
