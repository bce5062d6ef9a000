"""What a probe says of a recording, and what a finished decoding adds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaInfo:
    """A recording as its header describes it, before (nearly) anything was decoded.

    Attributes:
        container: FFmpeg's demuxer name, such as `mov,mp4,m4a,3gp,3g2,mj2` or `wav`; `webm` where a
            Matroska file is of that kind.
        codec: FFmpeg's decoder name of the chosen audio stream.
        duration: Seconds claimed by the header or estimated; None when unknown.  Not to be
            trusted: only decoding tells.
        sample_rate: Of the stream, in hertz.
        channels: Of the stream.
        has_video: Whether moving pictures are present; cover art does not count.
        size_bytes: Of the file.
    """

    container: str
    codec: str
    duration: float | None
    sample_rate: int
    channels: int
    has_video: bool
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodeSummary:
    """What happened on the way, known once the last block was read.

    Attributes:
        duration: Seconds of audio decoded.
        corrupt_packets: Packets (or their tails) the decoder refused and that were skipped.
        truncated: The recording ends before its header says, or in the middle of something.
    """

    duration: float
    corrupt_packets: int
    truncated: bool
