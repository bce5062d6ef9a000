"""Names what a file is when it is plainly not a recording, from its first bytes alone.

This runs before FFmpeg sees the file: a refusal costs nothing and says what was found.
"""

SNIFFED_BYTES = 16_384

_SIGNATURES = (
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"%PDF-", "a PDF document"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"SQLite format 3\x00", "a database"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document"),
    (b"Salted__", "an encrypted file"),
    (b"-----BEGIN PGP MESSAGE", "an encrypted file"),
)

_TEXT_MARKS = (
    ("ffconcat", "text (a playlist)"),
    ("#extm3u", "text (a playlist)"),
    ("[playlist]", "text (a playlist)"),
    ("<asx", "text (a playlist)"),
    ("<mpd", "text (a streaming manifest)"),
    ("<smoothstreamingmedia", "text (a streaming manifest)"),
    ("v=0\r\n", "text (a session description)"),
    ("v=0\no=", "text (a session description)"),
    ("<!doctype html", "text (a web page)"),
    ("<html", "text (a web page)"),
    ("<svg", "text (a drawing)"),
    ("webvtt", "text (subtitles)"),
)

_PRINTABLE_CONTROLS = frozenset("\t\n\r\f")


def name_foreign_content(head: bytes) -> str | None:
    """Return what `head` (the first 16 KiB) belongs to, or None if it may be media."""
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    text = _decode_text(head)
    if text is None:
        return None
    lowered = text.lower()
    return next((name for mark, name in _TEXT_MARKS if mark in lowered), "text")


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
