"""Says why a container could not be opened, from its own first bytes."""

from typing import BinaryIO

from transcriber.engine.errors import MediaError

_MP4_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp"})
_MAX_BOXES = 64

_RIFF_KINDS = {b"WAVE": "WAV", b"AVI ": "AVI", b"XWMA": "xWMA"}

_MAGICS = (
    (b"RF64", "WAV"),
    (b"riff", "Wave64"),
    (b"FORM", "AIFF"),
    (b"fLaC", "FLAC"),
    (b"OggS", "Ogg"),
    (b"\x1a\x45\xdf\xa3", "Matroska or WebM"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media"),
    (b"ID3", "MP3"),
    (b"#!AMR", "AMR"),
    (b"caff", "CAF"),
    (b".snd", "AU"),
    (b"FLV", "Flash video"),
)


def explain_open_failure(head: bytes, raw: BinaryIO) -> MediaError:
    """Return `truncated`, `unreadable` or `unsupported`, each with what was found."""
    if head[4:8] in _MP4_BOXES:
        if not _has_index(raw):
            return MediaError(
                "is an MP4 or MOV file without its index (moov): the recording was cut off.",
                code="truncated",
            )
        return MediaError("is a damaged MP4 or MOV file.", code="unreadable")
    if head.startswith(b"RIFF") and head[8:12] in _RIFF_KINDS:
        return MediaError(f"is a damaged {_RIFF_KINDS[head[8:12]]} file.", code="unreadable")
    for magic, name in _MAGICS:
        if head.startswith(magic):
            return MediaError(f"is a damaged {name} file.", code="unreadable")
    return MediaError("is not in any format that holds a recording.")


def _has_index(raw: BinaryIO) -> bool:
    # ISO/IEC 14496-12, 4.2: a box is a 32-bit size, four letters, and a 64-bit size if that is 1.
    position = 0
    for _ in range(_MAX_BOXES):
        raw.seek(position)
        header = raw.read(16)
        if len(header) < 8:  # noqa: PLR2004 - size and type
            return False
        if header[4:8] == b"moov":
            return True
        size = int.from_bytes(header[:4])
        if size == 1:
            size = int.from_bytes(header[8:16])
        if size < 8:  # noqa: PLR2004 - a box to the end of the file, or nonsense
            return False
        position += size
        if position >= 1 << 62:
            return False
    return False
