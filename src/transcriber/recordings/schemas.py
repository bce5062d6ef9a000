"""The shapes of answers about recordings."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from transcriber.infra.paging import Page
from transcriber.infra.schemas import ResponseModel
from transcriber.recordings.media_types import choose_media_type
from transcriber.recordings.models import Recording


class RecordingRead(ResponseModel):
    """A recording as its owner sees it."""

    id: str
    name: str
    size_bytes: int
    sha256: str = Field(description="Of its bytes, in hex.")
    media_type: str = Field(
        description="What playback sends as Content-Type; `application/octet-stream` before the "
        "recording was decoded and for containers that browsers do not know."
    )
    container: str | None = Field(description="As the decoder names it; null before it looked.")
    codec: str | None = Field(description="Of the audio track; null before the decoder looked.")
    duration_seconds: float | None = Field(description="Decoded; null before that.")
    has_video: bool | None = Field(description="Cover art does not count; null before decoding.")
    has_audio: bool = Field(description="False once the bytes were removed.")
    has_peaks: bool = Field(description="Whether its waveform can be asked for.")
    created_at: datetime


class RecordingPage(Page[RecordingRead]):
    """One page of the owner's recordings, newest first."""

    total: int


class PeaksDocument(ResponseModel):
    """A waveform, as `audiowaveform` writes it."""

    version: Literal[2]
    channels: Literal[1]
    sample_rate: int = Field(description="Of the decoded audio, in hertz.")
    samples_per_pixel: int = Field(description="Samples that one pair stands for.")
    bits: Literal[8]
    length: int = Field(description="Pairs in `data`.")
    data: list[int] = Field(
        description="Lowest and highest sample by turns: round(sample * 127), samples in -1..1."
    )


def show_recording(recording: Recording) -> RecordingRead:
    """The answer about one recording."""
    has_audio = recording.removed_at is None
    return RecordingRead(
        id=recording.id,
        name=recording.name,
        size_bytes=recording.size_bytes,
        sha256=recording.sha256,
        media_type=choose_media_type(recording.container, has_video=recording.has_video),
        container=recording.container,
        codec=recording.codec,
        duration_seconds=recording.duration_seconds,
        has_video=recording.has_video,
        has_audio=has_audio,
        has_peaks=has_audio and recording.peaks_key is not None,
        created_at=recording.created_at,
    )
