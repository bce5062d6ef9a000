"""Recordings in, 16 kHz mono audio out, decoded in a locked-down child process.

The child imports this package too, so nothing heavy may be imported here: the names below are
loaded when they are first used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transcriber.engine.media.info import DecodeSummary, MediaInfo
    from transcriber.engine.media.limits import MediaLimits
    from transcriber.engine.media.sandbox import SandboxReport, sandbox_report
    from transcriber.engine.media.stream import AudioStream, open_audio, probe_media

__all__ = [
    "AudioStream",
    "DecodeSummary",
    "MediaInfo",
    "MediaLimits",
    "SandboxReport",
    "open_audio",
    "probe_media",
    "sandbox_report",
]

_HOMES = {
    "AudioStream": "stream",
    "DecodeSummary": "info",
    "MediaInfo": "info",
    "MediaLimits": "limits",
    "SandboxReport": "sandbox",
    "open_audio": "stream",
    "probe_media": "stream",
    "sandbox_report": "sandbox",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - only where a name is first used

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
