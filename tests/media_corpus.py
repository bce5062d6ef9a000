"""Builds recordings with PyAV at test time: one for each container and codec it can encode."""

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from numpy.typing import NDArray

SAMPLE_RATE = 16_000


@dataclass(frozen=True)
class Encoding:
    """One way to store sound; `container` None lets FFmpeg choose by the suffix."""

    suffix: str
    codec: str
    rate: int = 44_100
    layout: str = "stereo"
    container: str | None = None
    video: str | None = None
    options: dict[str, str] = field(default_factory=dict[str, str])
    container_options: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def label(self) -> str:
        video = f"+{self.video}" if self.video else ""
        return f"{self.suffix}-{self.codec}{video}-{self.rate}-{self.layout}"


ENCODINGS = (
    Encoding("mp3", "libmp3lame"),
    Encoding("mp3", "libmp3lame", rate=8_000, layout="mono"),
    Encoding("mp2", "mp2"),
    Encoding("m4a", "aac"),
    Encoding("m4a", "alac"),
    Encoding("m4a", "aac", layout="5.1"),
    Encoding("aac", "aac", container="adts"),
    Encoding("wav", "pcm_s16le"),
    Encoding("wav", "pcm_s16le", rate=16_000, layout="mono"),
    Encoding("wav", "pcm_s24le", rate=96_000),
    Encoding("wav", "pcm_s32le", rate=384_000),
    Encoding("wav", "pcm_u8", rate=4_000, layout="mono"),
    Encoding("wav", "pcm_f32le"),
    Encoding("wav", "pcm_f64le"),
    Encoding("wav", "pcm_mulaw", rate=8_000, layout="mono"),
    Encoding("wav", "pcm_alaw", rate=8_000, layout="mono"),
    Encoding("wav", "adpcm_ms"),
    Encoding("wav", "adpcm_ima_wav"),
    Encoding("w64", "pcm_s16le"),
    Encoding("aiff", "pcm_s16be"),
    Encoding("au", "pcm_s16be"),
    Encoding("caf", "pcm_s16le"),
    Encoding("flac", "flac"),
    Encoding("flac", "flac", layout="7.1", rate=48_000),
    Encoding("ogg", "flac"),
    Encoding("ogg", "libopus", rate=48_000),
    Encoding("opus", "libopus", rate=16_000, layout="mono"),
    Encoding("ogg", "vorbis", options={"strict": "experimental"}),
    Encoding("webm", "libopus", rate=48_000),
    Encoding("webm", "vorbis", options={"strict": "experimental"}),
    Encoding("webm", "libopus", rate=48_000, video="libvpx"),
    Encoding("mka", "flac", container="matroska"),
    Encoding("wma", "wmav2", container="asf"),
    Encoding("wma", "wmav1", container="asf"),
    Encoding("wv", "wavpack"),
    Encoding("tta", "tta"),
    Encoding("ac3", "ac3", layout="5.1", rate=48_000),
    Encoding("eac3", "eac3", rate=48_000),
    Encoding("amr", "libopencore_amrnb", rate=8_000, layout="mono"),
    Encoding("3gp", "libopencore_amrnb", rate=8_000, layout="mono"),
    Encoding("mp4", "aac", video="mpeg4"),
    Encoding("mp4", "libmp3lame", video="libx264"),
    Encoding("mov", "pcm_s16le", video="mjpeg"),
    Encoding("mkv", "aac", container="matroska", video="libx264"),
    Encoding("avi", "libmp3lame", video="mpeg4"),
    Encoding("flv", "aac", video="flv"),
    Encoding("ts", "aac", container="mpegts", video="libx264"),
    Encoding("mpg", "mp2", container="mpeg", video="mpeg1video"),
    Encoding("wmv", "wmav2", container="asf", video="wmv2"),
)


def build_tone(seconds: float, rate: int = SAMPLE_RATE) -> NDArray[np.float32]:
    """A swelling 440 Hz tone: its loudness over time tells whether it survived a codec."""
    time = np.arange(round(seconds * rate)) / rate
    swell = 0.5 - 0.5 * np.cos(2 * np.pi * time / max(seconds, 0.1))
    return (0.5 * swell * np.sin(2 * np.pi * 440 * time)).astype(np.float32)


def write_recording(path: Path, encoding: Encoding, seconds: float = 2.0) -> Path:
    """Encode the tone in every channel of a recording at `path`."""
    with av.open(
        str(path), "w", format=encoding.container, options=encoding.container_options
    ) as container:
        audio = cast("AudioStream", container.add_stream(encoding.codec, rate=encoding.rate))
        audio.layout = encoding.layout
        if encoding.codec.startswith("wma"):
            audio.bit_rate = 128_000
        audio.options = cast("Any", encoding.options)
        pictures = _add_video(container, encoding.video)
        if pictures is not None:
            _encode_pictures(container, pictures, seconds)
        _encode_tone(container, audio, encoding, seconds)
    return path


def write_video_only(path: Path, seconds: float = 1.0) -> Path:
    """Encode moving pictures without any sound."""
    with av.open(str(path), "w") as container:
        video = _add_video(container, "mpeg4")
        assert video is not None
        _encode_pictures(container, video, seconds)
    return path


def _add_video(container: Any, codec: str | None) -> VideoStream | None:
    if codec is None:
        return None
    video: VideoStream = container.add_stream(codec, rate=25)
    video.width, video.height = 64, 48
    video.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    return video


def _encode_pictures(container: Any, video: VideoStream, seconds: float) -> None:
    for index in range(int(seconds * 25)):
        pixels = np.full((48, 64, 3), index * 5 % 256, np.uint8)
        container.mux(video.encode(av.VideoFrame.from_ndarray(pixels)))
    container.mux(video.encode(None))


def _encode_tone(container: Any, audio: AudioStream, encoding: Encoding, seconds: float) -> None:
    resampler = av.AudioResampler(audio.format, encoding.layout, encoding.rate)
    channels = audio.layout.nb_channels
    tone = np.repeat(build_tone(seconds, encoding.rate), channels)[np.newaxis]
    fifo = av.AudioFifo()
    frame = av.AudioFrame.from_ndarray(tone, "flt", encoding.layout)
    frame.sample_rate = encoding.rate
    for converted in resampler.resample(frame):
        converted.pts = None
        fifo.write(converted)
    position = 0
    while (piece := fifo.read(audio.frame_size or 4096, partial=True)) is not None:
        piece.pts, piece.time_base = position, Fraction(1, encoding.rate)
        position += piece.samples
        container.mux(audio.encode(piece))
    container.mux(audio.encode(None))
