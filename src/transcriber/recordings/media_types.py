"""What a stored file is called over HTTP: by what the decoder found in it, never by its name."""

from dataclasses import dataclass
from pathlib import PurePosixPath

UNKNOWN_TYPE = "application/octet-stream"
UNKNOWN_EXTENSION = ".bin"


@dataclass(frozen=True, slots=True)
class MediaKind:
    """A container over HTTP.

    Attributes:
        audio: Media type of a file without pictures.
        video: Media type of one with pictures; None where the container holds none.
        extensions: What its files are called; the first one where the name has none of them.
    """

    audio: str
    video: str | None
    extensions: tuple[str, ...]


_MP4 = MediaKind("audio/mp4", "video/mp4", (".m4a", ".mp4", ".m4b", ".m4v", ".mov", ".3gp", ".3g2"))

# By FFmpeg's demuxer name, as a recording's `container` has it.
KINDS = {
    "aac": MediaKind("audio/aac", None, (".aac",)),
    "ac3": MediaKind("audio/ac3", None, (".ac3",)),
    "aiff": MediaKind("audio/aiff", None, (".aiff", ".aif", ".aifc")),
    "amr": MediaKind("audio/amr", None, (".amr",)),
    "asf": MediaKind("audio/x-ms-wma", "video/x-ms-wmv", (".wma", ".wmv", ".asf")),
    "au": MediaKind("audio/basic", None, (".au", ".snd")),
    "avi": MediaKind("video/x-msvideo", "video/x-msvideo", (".avi",)),
    "caf": MediaKind("audio/x-caf", None, (".caf",)),
    "eac3": MediaKind("audio/eac3", None, (".eac3", ".ec3")),
    "flac": MediaKind("audio/flac", None, (".flac",)),
    "flv": MediaKind("video/x-flv", "video/x-flv", (".flv",)),
    "matroska,webm": MediaKind("audio/x-matroska", "video/x-matroska", (".mkv", ".mka")),
    "mov,mp4,m4a,3gp,3g2,mj2": _MP4,
    "mp3": MediaKind("audio/mpeg", None, (".mp3", ".mp2", ".mpga")),
    "mpeg": MediaKind("video/mpeg", "video/mpeg", (".mpg", ".mpeg", ".vob")),
    "mpegts": MediaKind("video/mp2t", "video/mp2t", (".ts", ".m2ts", ".mts")),
    "ogg": MediaKind("audio/ogg", "video/ogg", (".ogg", ".oga", ".opus", ".ogv", ".spx")),
    "wav": MediaKind("audio/wav", None, (".wav", ".wave")),
    "webm": MediaKind("audio/webm", "video/webm", (".webm", ".weba")),
    "wv": MediaKind("audio/x-wavpack", None, (".wv",)),
}
_SAFE_EXTENSIONS = frozenset(extension for kind in KINDS.values() for extension in kind.extensions)


def choose_media_type(container: str | None, *, has_video: bool | None) -> str:
    """The media type of a recording; `UNKNOWN_TYPE` before it was decoded and for rare containers.

    Only types of sound and moving pictures are given, which no browser executes.
    """
    kind = KINDS.get(container or "")
    if kind is None:
        return UNKNOWN_TYPE
    return kind.video if has_video and kind.video else kind.audio


def choose_extension(container: str | None, name: str) -> str:
    """The extension a download gets: the name's own only where it fits what the file is.

    Before the file was decoded any extension of a recording will do, but never `.html`.
    """
    own = PurePosixPath(name).suffix.lower()
    kind = KINDS.get(container or "")
    if kind is None:
        return own if own in _SAFE_EXTENSIONS else UNKNOWN_EXTENSION
    return own if own in kind.extensions else kind.extensions[0]
