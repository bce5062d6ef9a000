"""Looks at a WAV header before FFmpeg does, to name a claim that cannot be true."""

import struct

from transcriber.engine.media.downmix import check_shape

_FORMAT = struct.Struct("<4sIHHI")
_FIRST_CHUNK = 12


def check_wave_header(head: bytes) -> None:
    """Refuse a RIFF file whose format chunk comes first and claims an impossible shape.

    FFmpeg would call the same file invalid without saying why, or accept one sample a second.

    Raises:
        MediaError: `unsupported`, naming what was found and what is accepted.
    """
    if head[:4] not in {b"RIFF", b"RF64"} or head[8:12] != b"WAVE":
        return
    if len(head) < _FIRST_CHUNK + _FORMAT.size:
        return
    name, _, _, channels, sample_rate = _FORMAT.unpack_from(head, _FIRST_CHUNK)
    if name == b"fmt ":
        check_shape(sample_rate, channels)
