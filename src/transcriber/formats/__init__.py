"""Small writers, one per export format, behind one function."""

from transcriber.formats.cues import Cue, build_cues
from transcriber.formats.registry import FORMATS, Format, find_format, render_transcript
from transcriber.formats.subtitle_options import SubtitleOptions

__all__ = [
    "FORMATS",
    "Cue",
    "Format",
    "SubtitleOptions",
    "build_cues",
    "find_format",
    "render_transcript",
]
