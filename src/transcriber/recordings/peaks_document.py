"""Waveforms as documents: the data format of audiowaveform 2, which web players read as it is.

wavesurfer.js takes `data` divided by 127, peaks.js and waveform-data.js take either form whole.
The JSON form needs no code to read; the binary form is a third of its size.
"""

import struct
from collections.abc import Iterator

from transcriber.engine.media.formats import SAMPLE_RATE
from transcriber.recordings.waveform import PAIR_BYTES, Waveform

VERSION = 2
BITS = 8
CHANNELS = 1
EIGHT_BIT_FLAG = 1
BINARY_TYPE = "application/octet-stream"
JSON_TYPE = "application/json"
# version, flags, sample rate, samples per pixel, length, channels: 32 bits each, little-endian.
_HEADER = struct.Struct("<iIiiIi")


def measure_binary(waveform: Waveform) -> int:
    """Bytes of the binary form."""
    return _HEADER.size + waveform.length * PAIR_BYTES


def render_binary(waveform: Waveform) -> Iterator[bytes]:
    """The binary form (`.dat`): 24 bytes of header, then the pairs."""
    yield _HEADER.pack(
        VERSION,
        EIGHT_BIT_FLAG,
        SAMPLE_RATE,
        waveform.samples_per_pixel,
        waveform.length,
        CHANNELS,
    )
    for values in waveform.read():
        yield values.tobytes()


def render_json(waveform: Waveform) -> Iterator[bytes]:
    """The JSON form, a bounded piece at a time."""
    yield (
        f'{{"version":{VERSION},"channels":{CHANNELS},"sample_rate":{SAMPLE_RATE},'
        f'"samples_per_pixel":{waveform.samples_per_pixel},"bits":{BITS},'
        f'"length":{waveform.length},"data":['
    ).encode()
    is_first = True
    for values in waveform.read():
        text = ",".join(map(str, values.tolist()))
        yield (text if is_first else f",{text}").encode()
        is_first = False
    yield b"]}"
