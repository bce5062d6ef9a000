"""Uses every part of the decoder once, so that nothing is loaded after the child is locked down."""

import io
import struct
from importlib import import_module

from transcriber.engine.errors import MediaError
from transcriber.engine.media.decoding import Recording
from transcriber.engine.media.formats import SAMPLE_RATE

_WARM_RATE = 44_100
_WARM_FRAMES = 2_048

# PyAV imports these only when a file holds such a stream, which would be too late.
_LAZY_MODULES = (
    "av.audio.codeccontext",
    "av.subtitles.codeccontext",
    "av.video.codeccontext",
)


def warm_up() -> None:
    """Decode a moment of generated silence, and refuse a file, wholly in memory."""
    for name in _LAZY_MODULES:
        import_module(name)
    recording = Recording(io.BytesIO(build_silent_wav()))
    for _ in recording.decode(_WARM_FRAMES * SAMPLE_RATE):
        pass
    recording.summarize()
    try:
        Recording(io.BytesIO(b"\x00not a recording\x00" * 8))
    except MediaError:
        return


def build_silent_wav() -> bytes:
    """Return a stereo 16-bit WAV file of 2,048 silent frames (RIFF, PCM format tag 1)."""
    data = bytes(_WARM_FRAMES * 4)
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, _WARM_RATE, _WARM_RATE * 4, 4, 16)
    body = b"WAVE" + fmt + struct.pack("<4sI", b"data", len(data)) + data
    return struct.pack("<4sI", b"RIFF", len(body)) + body
