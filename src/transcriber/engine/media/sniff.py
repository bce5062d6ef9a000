"""Names what a file is when it is plainly not a recording, from its first bytes alone.

This runs before FFmpeg sees the file: a refusal costs nothing and says what was found.
"""

from dataclasses import dataclass

SNIFFED_BYTES = 16_384


@dataclass(frozen=True, slots=True)
class Foreign:
    """What a file is instead of a recording, and the code of that refusal."""

    name: str
    code: str = "unsupported"


_ENCRYPTED = Foreign("an encrypted file", "encrypted")
_PLAYLIST = Foreign("text (a playlist)", "playlist")
_MANIFEST = Foreign("text (a streaming manifest)", "playlist")
_SESSION = Foreign("text (a session description)", "playlist")

_SIGNATURES = (
    (b"PK\x03\x04", Foreign("a ZIP archive or office document")),
    (b"PK\x05\x06", Foreign("a ZIP archive")),
    (b"%PDF-", Foreign("a PDF document")),
    (b"\x7fELF", Foreign("a program")),
    (b"MZ", Foreign("a program")),
    (b"\x89PNG\r\n\x1a\n", Foreign("a PNG picture")),
    (b"\xff\xd8\xff", Foreign("a JPEG picture")),
    (b"GIF8", Foreign("a GIF picture")),
    (b"\x1f\x8b", Foreign("a gzip archive")),
    (b"BZh", Foreign("a bzip2 archive")),
    (b"\xfd7zXZ\x00", Foreign("an xz archive")),
    (b"7z\xbc\xaf\x27\x1c", Foreign("a 7-Zip archive")),
    (b"Rar!\x1a\x07", Foreign("a RAR archive")),
    (b"\x28\xb5\x2f\xfd", Foreign("a Zstandard archive")),
    (b"SQLite format 3\x00", Foreign("a database")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Foreign("an office document")),
    (b"Salted__", _ENCRYPTED),
    (b"-----BEGIN PGP MESSAGE", _ENCRYPTED),
)

_TEXT_MARKS = (
    ("ffconcat", _PLAYLIST),
    ("#extm3u", _PLAYLIST),
    ("[playlist]", _PLAYLIST),
    ("<asx", _PLAYLIST),
    ("<mpd", _MANIFEST),
    ("<smoothstreamingmedia", _MANIFEST),
    ("v=0\r\n", _SESSION),
    ("v=0\no=", _SESSION),
    ("<!doctype html", Foreign("text (a web page)")),
    ("<html", Foreign("text (a web page)")),
    ("<svg", Foreign("text (a drawing)")),
    ("webvtt", Foreign("text (subtitles)")),
)

_PRINTABLE_CONTROLS = frozenset("\t\n\r\f")


def name_foreign_content(head: bytes) -> Foreign | None:
    """Return what `head` (the first 16 KiB) belongs to, or None if it may be media."""
    for signature, foreign in _SIGNATURES:
        if head.startswith(signature):
            return foreign
    text = _decode_text(head)
    if text is None:
        return None
    lowered = text.lower()
    return next((foreign for mark, foreign in _TEXT_MARKS if mark in lowered), Foreign("text"))


def _decode_text(head: bytes) -> str | None:
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = head.decode(encoding, errors="strict")
    except UnicodeDecodeError as error:
        # The last character may have been cut in two by the end of the head.
        if len(head) - error.start > 3 or len(head) < SNIFFED_BYTES:  # noqa: PLR2004 - UTF-8 tail
            return None
        text = head[: error.start].decode(encoding, errors="replace")
    if not text or any(not c.isprintable() and c not in _PRINTABLE_CONTROLS for c in text):
        return None
    return text
