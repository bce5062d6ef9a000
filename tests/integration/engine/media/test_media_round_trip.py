from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from media_corpus import ENCODINGS, SAMPLE_RATE, Encoding, build_tone, write_recording
from transcriber.engine.media import open_audio, probe_media
from transcriber.engine.media.formats import DECODERS

WINDOW = SAMPLE_RATE // 10


def loudness(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    whole = samples[: len(samples) // WINDOW * WINDOW].reshape(-1, WINDOW)
    return np.sqrt(np.mean(whole**2, axis=1))


@pytest.mark.parametrize("encoding", ENCODINGS, ids=lambda encoding: encoding.label)
def test_what_was_encoded_is_heard(tmp_path: Path, encoding: Encoding) -> None:
    path = write_recording(tmp_path / f"tone.{encoding.suffix}", encoding)
    with open_audio(path) as audio:
        blocks = list(audio)

    heard = np.concatenate(blocks)
    assert heard.dtype == np.float32
    assert max(len(block) for block in blocks) <= 30 * SAMPLE_RATE
    assert len(heard) / SAMPLE_RATE == pytest.approx(2.0, abs=0.06)
    found, expected = loudness(heard), loudness(build_tone(2.0))
    common = min(len(found), len(expected))
    # Codecs shift by up to 50 ms, which the slope of the swell turns into 0.06 of loudness.
    assert np.abs(found[:common] - expected[:common]).max() < 0.07
    assert audio.info.has_video is (encoding.video is not None)
    assert audio.info.sample_rate in {encoding.rate, 48_000}
    assert audio.info.duration == pytest.approx(2.0, abs=0.1)
    assert audio.summary is not None
    assert (audio.summary.corrupt_packets, audio.summary.truncated) == (0, False)


def test_a_probe_describes_without_decoding_everything(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "tone.flac", Encoding("flac", "flac"), seconds=30)
    info = probe_media(path)
    assert (info.container, info.codec, info.sample_rate, info.channels) == (
        "flac",
        "flac",
        44_100,
        2,
    )
    assert info.duration == pytest.approx(30.0)
    assert info.size_bytes == path.stat().st_size


def test_a_sixteen_kilohertz_recording_passes_through_unchanged(tmp_path: Path) -> None:
    encoding = Encoding("wav", "pcm_s16le", rate=SAMPLE_RATE, layout="mono")
    with open_audio(write_recording(tmp_path / "tone.wav", encoding)) as audio:
        heard = np.concatenate(list(audio))
    stored = np.round(build_tone(2.0) * 32_768) / 32_768
    assert np.abs(heard - stored).max() <= 1 / 32_768


def test_the_default_track_is_chosen_over_the_first(tmp_path: Path) -> None:
    path = tmp_path / "two.mka"
    with av.open(str(path), "w", format="matroska") as container:
        for rate, is_default in ((8_000, False), (48_000, True)):
            stream = container.add_stream("pcm_s16le", rate=rate)
            stream.layout = "mono"
            stream.disposition = av.stream.Disposition.default if is_default else 0
        for stream in container.streams.audio:
            frame = av.AudioFrame.from_ndarray(
                np.zeros((1, stream.rate), np.int16), "s16", layout="mono"
            )
            frame.sample_rate = stream.rate
            container.mux(stream.encode(frame))
    assert probe_media(path).sample_rate == 48_000


def test_subtitles_beside_the_sound_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "film.mkv"
    subtitles = tmp_path / "film.srt"
    subtitles.write_text("1\n00:00:00,000 --> 00:00:01,000\nhello\n\n")
    with av.open(str(path), "w") as container, av.open(str(subtitles)) as texts:
        sound = container.add_stream("pcm_s16le", rate=SAMPLE_RATE)
        sound.layout = "mono"
        shown = container.add_stream_from_template(texts.streams[0])
        for packet in texts.demux():
            if packet.dts is not None:
                packet.stream = shown
                container.mux(packet)
        frame = av.AudioFrame.from_ndarray(np.ones((1, SAMPLE_RATE), np.int16), "s16", "mono")
        frame.sample_rate = SAMPLE_RATE
        container.mux(sound.encode(frame))
    with av.open(str(path)) as container:
        assert len(container.streams.subtitles) == 1
    with open_audio(path) as audio:
        assert sum(len(block) for block in audio) == SAMPLE_RATE


def test_every_codec_people_send_has_its_decoder() -> None:
    # Wide-band AMR, DTS, Speex and Windows Media Voice have no encoder here to round-trip with.
    expected = {"amrwb", "dca", "speex", "wmavoice", "wmapro", "wmalossless", "ape", "qcelp"}
    expected |= {"truehd", "mlp", "cook", "gsm_ms", "nellymoser", "shorten"}
    assert expected <= av.codecs_available
    assert expected <= set(DECODERS)
