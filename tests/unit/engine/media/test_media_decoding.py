"""The child's work, done here in memory on files that are as they should be, or plainly not."""

import io
import struct

import numpy as np
import pytest

from hostile_media import build_noise, build_wav
from transcriber.engine.errors import MediaError
from transcriber.engine.media.decoding import Recording
from transcriber.engine.media.refusals import explain_open_failure
from transcriber.engine.media.warmup import build_silent_wav, warm_up


def refuse(content: bytes) -> MediaError:
    with pytest.raises(MediaError) as caught:
        list(Recording(io.BytesIO(content)).decode(60.0))
    return caught.value


def test_identical_loud_channels_do_not_clip() -> None:
    loud = np.full(16_000, 0.9, "<f4")
    content = build_wav(np.repeat(loud, 2).tobytes(), channels=2, bits=32, tag=3)
    blocks = list(Recording(io.BytesIO(content)).decode(60.0))
    assert np.frombuffer(b"".join(blocks), np.float32) == pytest.approx(0.9, abs=1e-3)


def test_blocks_are_about_a_second_and_keep_every_sample() -> None:
    recording = Recording(io.BytesIO(build_wav(build_noise(3.5))))
    blocks = list(recording.decode(60.0))
    assert [len(block) // 4 for block in blocks] == [16_384] * 3 + [6_848]
    assert recording.summarize().duration == 3.5
    assert not recording.summarize().truncated


def test_the_budget_counts_what_is_decoded() -> None:
    with pytest.raises(MediaError) as caught:
        list(Recording(io.BytesIO(build_wav(build_noise(3.0)))).decode(2.0))
    assert caught.value.code == "too_long"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (build_wav(b""), "empty"),
        (b"just words", "unsupported"),
        (bytes(range(256)) * 4, "unsupported"),
        (build_wav(b"\0" * 64, rate=0), "unsupported"),
    ],
)
def test_refusals_have_their_codes(content: bytes, code: str) -> None:
    assert refuse(content).code == code


@pytest.mark.parametrize(
    ("head", "code", "found"),
    [
        (struct.pack(">I4s", 16, b"ftyp") + bytes(8), "truncated", "moov"),
        (struct.pack(">I4s", 8, b"free") + struct.pack(">I4s", 8, b"moov"), "unreadable", "MP4"),
        (
            struct.pack(">I4sQ", 1, b"mdat", 16) + struct.pack(">I4s", 8, b"moov"),
            "unreadable",
            "MP4",
        ),
        (struct.pack(">I4sQ", 1, b"mdat", 1 << 63), "truncated", "moov"),
        (struct.pack(">I4s", 0, b"mdat"), "truncated", "moov"),
        (b"RIFF\x00\x00\x00\x00AVI ", "unreadable", "AVI"),
        (b"fLaC", "unreadable", "FLAC"),
        (b"\x00\x01\x02", "unsupported", "not in any format"),
    ],
)
def test_a_container_that_does_not_open_is_explained(head: bytes, code: str, found: str) -> None:
    error = explain_open_failure(head, io.BytesIO(head))
    assert (error.code, found in str(error)) == (code, True)


def test_warming_up_decodes_a_real_file() -> None:
    warm_up()
    assert len(list(Recording(io.BytesIO(build_silent_wav())).decode(1.0))) == 1
