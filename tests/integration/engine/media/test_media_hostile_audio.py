"""Recordings that lie about themselves: each gets its audio or a named refusal, in time."""

import struct
import time
import zlib
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from hostile_media import FLOAT, build_noise, build_wav, write_silent_opus
from media_corpus import Encoding, write_recording, write_video_only
from transcriber.engine.errors import MediaError
from transcriber.engine.media import DecodeSummary, MediaLimits, open_audio, probe_media

SECOND = build_noise(1.0)


def hear(path: Path, limits: MediaLimits | None = None) -> NDArray[np.float32]:
    return hear_with_summary(path, limits)[0]


def hear_with_summary(
    path: Path, limits: MediaLimits | None = None
) -> tuple[NDArray[np.float32], DecodeSummary]:
    with open_audio(path, limits) as audio:
        samples = np.concatenate(list(audio))
    assert audio.summary is not None
    assert np.isfinite(samples).all()
    return samples, audio.summary


def refuse(path: Path, limits: MediaLimits | None = None) -> MediaError:
    with pytest.raises(MediaError) as caught:
        hear(path, limits)
    assert str(caught.value).startswith(f"{path.name} ")
    return caught.value


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "talk.wav"


@pytest.mark.parametrize("rate", [0, 1, 3_999, 384_001, 4_000_000_000])
def test_an_impossible_sample_rate_is_refused(path: Path, rate: int) -> None:
    path.write_bytes(build_wav(SECOND, rate=rate))
    refusal = refuse(path)
    assert (refusal.code, f"{rate} Hz" in str(refusal)) == ("unsupported", True)


@pytest.mark.parametrize("channels", [0, 33, 65_535])
def test_an_impossible_channel_count_is_refused(path: Path, channels: int) -> None:
    path.write_bytes(build_wav(SECOND, channels=channels))
    refusal = refuse(path)
    assert (refusal.code, f"{channels} channels" in str(refusal)) == ("unsupported", True)


@pytest.mark.parametrize("channels", [1, 2, 3, 6, 9, 17, 32])
def test_up_to_32_channels_are_mixed_to_one(path: Path, channels: int) -> None:
    mono = np.frombuffer(SECOND, "<i2")
    path.write_bytes(build_wav(np.repeat(mono, channels).tobytes(), channels=channels))
    assert np.abs(hear(path) - mono / 32_768).max() < 1e-3


def test_a_header_claiming_4_gb_decodes_what_exists(path: Path) -> None:
    path.write_bytes(build_wav(SECOND[:1024], claimed_bytes=0xFFFFFFF0))
    assert len(hear(path)) == 512


def test_a_flac_cut_in_half_decodes_what_exists_and_says_so(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "talk.flac", Encoding("flac", "flac"), seconds=10)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    samples, summary = hear_with_summary(path)
    assert 3 < len(samples) / 16_000 < 7
    assert summary.truncated


def test_a_wav_without_samples_is_empty(path: Path) -> None:
    path.write_bytes(build_wav(b""))
    assert refuse(path).code == "empty"


def test_an_empty_file_is_empty(path: Path) -> None:
    path.write_bytes(b"")
    assert refuse(path).code == "empty"


@pytest.mark.parametrize("content", [bytes(5_000), np.random.default_rng(1).bytes(50_000)])
def test_bytes_without_meaning_are_unsupported(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert refuse(path).code == "unsupported"


def test_a_hundred_hours_of_silent_opus_are_too_long_within_budget(tmp_path: Path) -> None:
    path = write_silent_opus(tmp_path / "talk.ogg", hours=100)
    assert path.stat().st_size < 10_000_000
    assert probe_media(path).duration == pytest.approx(360_000, rel=0.01)
    started = time.monotonic()
    refusal = refuse(path, MediaLimits(max_duration_seconds=3600))
    assert (refusal.code, "limit of 1 h." in str(refusal)) == ("too_long", True)
    # One hour is decoded and not a hundred: about 2 s of work.
    assert time.monotonic() - started < 30


def test_an_index_at_the_end_is_found(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "talk.m4a", Encoding("m4a", "aac"))
    content = path.read_bytes()
    assert content.index(b"moov") > content.index(b"mdat")
    assert len(hear(path)) / 16_000 == pytest.approx(2.0, abs=0.05)


@pytest.mark.parametrize("share", [0.5, 0.95])
def test_an_absent_index_is_a_truncated_recording(tmp_path: Path, share: float) -> None:
    path = write_recording(tmp_path / "talk.m4a", Encoding("m4a", "aac"))
    content = path.read_bytes()
    path.write_bytes(content[: int(content.index(b"moov") * share)])
    refusal = refuse(path)
    assert (refusal.code, "moov" in str(refusal)) == ("truncated", True)


def test_a_thousand_streams_are_survived(tmp_path: Path) -> None:
    path = tmp_path / "talk.mka"
    with av.open(str(path), "w", format="matroska") as container:
        for _ in range(1_000):
            container.add_stream("pcm_s16le", rate=16_000).layout = "mono"
        for stream in container.streams.audio:
            frame = av.AudioFrame.from_ndarray(np.ones((1, 160), np.int16), "s16", layout="mono")
            frame.sample_rate = 16_000
            container.mux(stream.encode(frame))
    started = time.monotonic()
    assert len(hear(path)) == 160
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("picture", ["png", "jpeg"])
def test_a_cover_that_claims_giant_dimensions_is_ignored(tmp_path: Path, picture: str) -> None:
    song = write_recording(tmp_path / "plain.mp3", Encoding("mp3", "libmp3lame")).read_bytes()
    cover = build_png_bomb() if picture == "png" else build_jpeg_bomb()
    body = b"\x00image/" + picture.encode() + b"\x00\x03\x00" + cover
    frame = b"APIC" + struct.pack(">IH", len(body), 0) + body
    size = bytes(len(frame) >> shift & 0x7F for shift in (21, 14, 7, 0))
    path = tmp_path / "song.mp3"
    path.write_bytes(b"ID3\x03\x00\x00" + size + frame + song)
    with av.open(str(path)) as container:
        assert container.streams.video, "FFmpeg must see the picture for this to be a test"
    assert not probe_media(path).has_video
    assert len(hear(path)) / 16_000 == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("shape", ["backwards", "huge"])
def test_timestamps_that_make_no_sense_do_not_matter(tmp_path: Path, shape: str) -> None:
    pages = np.arange(40)
    granules = {
        "backwards": (40 - pages) * 5_760 * 255,
        "huge": pages + (1 << 62),
    }[shape]
    path = write_silent_opus(tmp_path / "talk.ogg", granules=granules)
    samples = hear(path)
    assert 0 < len(samples) / 16_000 <= 40 * 255 * 0.12
    duration = probe_media(path).duration
    assert duration is None or duration < 1e9


def test_timestamps_before_the_beginning_leave_nothing_to_hear(tmp_path: Path) -> None:
    # Ogg Opus trims by timestamp, so here every sample lies before the recording.
    path = write_silent_opus(tmp_path / "talk.ogg", granules=-np.arange(1, 41))
    assert refuse(path).code == "truncated"


def test_a_film_without_sound_has_no_audio(tmp_path: Path) -> None:
    refusal = refuse(write_video_only(tmp_path / "film.mp4"))
    assert (refusal.code, "no audio track" in str(refusal)) == ("no_audio", True)


@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_nan_and_infinity_become_finite(path: Path, rate: int) -> None:
    values = np.array([np.nan, np.inf, -np.inf, 3e38, -3e38, 0.25] * rate, "<f4")
    values[len(values) // 2 :] = 0.25
    path.write_bytes(build_wav(values.tobytes(), rate=rate, bits=32, tag=FLOAT))
    samples = hear(path)
    assert np.abs(samples).max() <= 1.0
    assert samples[-len(samples) // 4 : -1_000] == pytest.approx(0.25, abs=1e-3)


def test_common_encryption_is_told(tmp_path: Path) -> None:
    path = write_recording(
        tmp_path / "talk.mp4",
        Encoding(
            "mp4",
            "aac",
            container_options={
                "encryption_scheme": "cenc-aes-ctr",
                "encryption_key": "0123456789abcdef" * 2,
                "encryption_kid": "00" * 16,
            },
        ),
    )
    refusal = refuse(path)
    assert (refusal.code, "encrypted" in str(refusal)) == ("encrypted", True)


def test_a_protected_sample_entry_is_told(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "song.m4a", Encoding("m4a", "aac"))
    path.write_bytes(path.read_bytes().replace(b"mp4a", b"drms"))
    assert refuse(path).code == "encrypted"


def test_protected_windows_media_is_unsupported(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "song.wma", Encoding("wma", "wmav2", container="asf"))
    content = path.read_bytes()
    # The header object counts its length and its children; one more child is the protection.
    size, children = struct.unpack_from("<QI", content, 16)
    guard = bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e") + struct.pack("<Q", 24)
    header = content[:16] + struct.pack("<QI", size + 24, children + 1) + content[28:30]
    path.write_bytes(header + guard + content[30:])
    assert refuse(path).code == "encrypted"


def test_damage_in_the_middle_is_skipped_and_counted(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "talk.mka", Encoding("mka", "flac"), seconds=10)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 2_000] = np.random.default_rng(3).bytes(2_000)
    path.write_bytes(content)
    samples, summary = hear_with_summary(path)
    assert summary.corrupt_packets > 0
    assert 5 < len(samples) / 16_000 <= 10.1


def build_png_bomb() -> bytes:
    """A PNG whose header claims 65,000 by 65,000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", 65_000, 65_000, 8, 6, 0, 0, 0)
    pixels = zlib.compress(bytes(1_000_000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def build_jpeg_bomb() -> bytes:
    """A JPEG whose frame header claims 65,500 by 65,500 pixels."""
    frame = (
        struct.pack(">HBHHB", 17, 8, 65_500, 65_500, 3) + b"\x01\x11\x00\x02\x11\x00\x03\x11\x00"
    )
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xc0"
        + frame
        + b"\xff\xd9"
    )
