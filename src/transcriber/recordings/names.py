"""File names are text to show, never paths, and never reach a disk or a command line."""

import re
import unicodedata
from typing import Literal
from urllib.parse import quote

from transcriber.infra.errors import InvalidError
from transcriber.recordings.models import NAME_LENGTH

UNNAMED = "recording"
# Characters that reorder or hide text: they could make `exe.mp3` out of `3pm.exe`.
_DECEPTIVE = re.compile("[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_UNSAFE_IN_FILE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|%;]+')


def clean_name(raw: str) -> str:
    """The name as it is stored: one visible line of at most 255 characters.

    Control characters and marks that reorder text are written as escapes, so that whoever sees
    the name sees them.

    Raises:
        InvalidError: for a lone surrogate, which is no character.
    """
    if any("\ud800" <= character <= "\udfff" for character in raw):
        raise InvalidError("The name holds a lone surrogate.", code="bad_name")
    shown = ""
    for character in raw.strip()[:NAME_LENGTH]:
        piece = _escape(character)
        if len(shown) + len(piece) > NAME_LENGTH:
            # An escape cut in half would show something that was never there.
            break
        shown += piece
    return shown or UNNAMED


def build_disposition(
    name: str, extension: str, *, kind: Literal["attachment", "inline"] = "attachment"
) -> str:
    """A Content-Disposition with this name and extension; `attachment` makes browsers save it.

    RFC 6266 with RFC 8187: an ASCII form, and the full one for those who read it.
    """
    stem = build_stem(name)
    ascii_form = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    ascii_name = (ascii_form.strip(". ") or UNNAMED) + extension
    return f"{kind}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(stem + extension)}"


def build_stem(name: str) -> str:
    """What a file of this name may be called on anybody's disk, without its extension."""
    stem = _UNSAFE_IN_FILE.sub("_", name).strip(". ") or UNNAMED
    known = re.fullmatch(r"(.+)\.[A-Za-z0-9]{1,5}", stem)
    stem = known[1] if known else stem
    return f"_{stem}" if _RESERVED.fullmatch(stem) or stem.startswith("-") else stem


def _escape(character: str) -> str:
    if character in {"\t", "\n", "\r"} or unicodedata.category(character) == "Cc":
        return f"\\x{ord(character):02x}"
    if _DECEPTIVE.match(character):
        return f"\\u{ord(character):04x}"
    return character
