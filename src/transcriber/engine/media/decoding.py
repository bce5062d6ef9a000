"""Decodes one open file to blocks of mono audio; runs inside the locked-down child.

Refusals are raised as `MediaError` whose message continues the file's name: "is empty."
"""

import errno
from collections.abc import Iterator
from typing import Any, BinaryIO

import av
from av.audio.stream import AudioStream as EncodedStream
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Discard, Disposition

from transcriber.engine.errors import MediaError
from transcriber.engine.media.containers import name_container
from transcriber.engine.media.downmix import Downmixer, check_shape
from transcriber.engine.media.encryption import (
    refuse_encrypted_header,
    refuse_encrypted_packet,
    refuse_encrypted_stream,
)
from transcriber.engine.media.formats import (
    CONTAINERS,
    DECODERS,
    ESTIMATED_DURATION,
    SAMPLE_RATE,
)
from transcriber.engine.media.info import DecodeSummary, MediaInfo
from transcriber.engine.media.refusals import explain_open_failure
from transcriber.engine.media.sniff import SNIFFED_BYTES, name_foreign_content
from transcriber.engine.media.wave import check_wave_header

# Headers (and a truncated tail) may be wrong by a little without anything being lost.
_TRUNCATED_SECONDS = 1.0
_TRUNCATED_SHARE = 0.01

# No recording lasts ten years; a claim beyond is a broken timestamp, and NaN fails it as well.
_MAX_CLAIM_SECONDS = 10 * 365 * 86_400

_OPEN_OPTIONS = {
    "format_whitelist": ",".join(CONTAINERS),
    "codec_whitelist": ",".join(DECODERS),
    # The file arrives as an open descriptor, so FFmpeg needs no protocol at all.
    "protocol_whitelist": "none",
}


class _NamelessFile:
    """The descriptor without its name, so that content alone decides what the file is."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self.read = raw.read
        self.tell = raw.tell
        self.seekable = raw.seekable

    def seek(self, offset: int, whence: int) -> int:
        """Move as FFmpeg asks; a hostile header asks for places that do not exist."""
        try:
            return self._raw.seek(offset, whence)
        except (OSError, ValueError):
            return -errno.EINVAL


class Recording:
    """An opened recording: its description, then its audio, once."""

    def __init__(self, raw: BinaryIO) -> None:
        """Open the container and choose the audio stream.

        Raises:
            MediaError: `unsupported`, `playlist`, `encrypted`, `empty`, `no_audio`, `truncated` or
                `unreadable`.
        """
        head = raw.read(SNIFFED_BYTES)
        self._size_bytes = raw.seek(0, 2)
        raw.seek(0)
        if self._size_bytes == 0:
            raise MediaError("is empty.", code="empty")
        foreign = name_foreign_content(head)
        if foreign is not None:
            raise MediaError(f"is {foreign.name}, not a recording.", code=foreign.code)
        check_wave_header(head)
        refuse_encrypted_header(head)
        self._head = head
        self._container = _open_container(raw, head)
        self._stream = _choose_stream(self._container)
        refuse_encrypted_stream(self._stream)
        self._corrupt_packets = 0
        self._is_cut = False
        self._samples = 0
        self.info = self._describe()

    def decode(self, max_duration_seconds: float) -> Iterator[bytes]:
        """Yield blocks of native float32 samples, mono at 16 kHz.

        Raises:
            MediaError: `too_long` once more than the limit is decoded; `truncated`, `empty` or
                `unreadable` when there is not one sample; `unsupported` for a shape no
                microphone makes.
        """
        budget = int(max_duration_seconds * SAMPLE_RATE)
        mixer = Downmixer()
        for packet_blocks in self._decode_packets(mixer):
            for block in packet_blocks:
                self._samples += len(block) // 4
                if self._samples > budget:
                    raise MediaError(
                        f"is longer than the limit of {max_duration_seconds / 3600:g} h.",
                        code="too_long",
                    )
                yield block
        if self._samples == 0:
            raise self._name_silence()

    def summarize(self) -> DecodeSummary:
        """Say what happened; call it after the last block."""
        return DecodeSummary(
            duration=self._samples / SAMPLE_RATE,
            corrupt_packets=self._corrupt_packets,
            truncated=self._is_cut or self._is_short(),
        )

    def _decode_packets(self, mixer: Downmixer) -> Iterator[Iterator[bytes]]:
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                break
            except FFmpegError:
                self._is_cut = True
                break
            try:
                refuse_encrypted_packet(packet)
                frames = packet.decode()
            except FFmpegError:
                self._corrupt_packets += 1
                continue
            for frame in frames:
                yield mixer.push(frame)  # pyright: ignore[reportArgumentType] - audio stream only
        yield mixer.flush()

    def _describe(self) -> MediaInfo:
        context = self._stream.codec_context
        pictures = (s for s in self._container.streams if s.type == "video")
        return MediaInfo(
            container=name_container(self._container.format.name, self._head),
            codec=context.codec.name,
            duration=_read_duration(self._container, self._stream),
            sample_rate=context.sample_rate,
            channels=context.channels,
            has_video=any(not s.disposition & Disposition.attached_pic for s in pictures),
            size_bytes=self._size_bytes,
        )

    def _is_short(self) -> bool:
        claimed = self.info.duration
        if claimed is None or self.info.container in ESTIMATED_DURATION:
            return False
        missing = claimed - self._samples / SAMPLE_RATE
        return missing > max(_TRUNCATED_SECONDS, claimed * _TRUNCATED_SHARE)

    def _name_silence(self) -> MediaError:
        if self._corrupt_packets:
            return MediaError("holds audio that no decoder can read.", code="unreadable")
        if self._is_cut or self.info.duration:
            return MediaError("ends before any audio can be decoded.", code="truncated")
        return MediaError("holds no audio samples.", code="empty")


def _open_container(raw: BinaryIO, head: bytes) -> InputContainer:
    try:
        return av.open(
            _NamelessFile(raw),
            mode="r",
            options=dict(_OPEN_OPTIONS),
            # Tags may hold any bytes; they are never shown, so they may not fail either.
            metadata_errors="replace",
            buffer_size=1 << 16,
        )
    except (FFmpegError, ValueError, OverflowError) as error:
        raise explain_open_failure(head, raw) from error


def _choose_stream(container: InputContainer) -> EncodedStream:
    candidates = [s for s in container.streams.audio if _has_decoder(s)]
    if not candidates:
        if container.streams.audio:
            raise MediaError("holds audio in a codec that is not supported.")
        raise MediaError("has no audio track.", code="no_audio")
    # The default track, then the first; a lone undecodable one must not hide the others.
    chosen = next((s for s in candidates if s.disposition & Disposition.default), candidates[0])
    context = chosen.codec_context
    if context.sample_rate and context.channels:
        check_shape(context.sample_rate, context.channels)
    # Threads would need clone(), which the child may not call, and gain nothing for audio.
    context.thread_count = 1
    for stream in container.streams:
        if stream.index != chosen.index:
            stream.discard = Discard.all
    return chosen


def _has_decoder(stream: EncodedStream) -> bool:
    # PyAV gives a stream without a decoder no context at all, whatever its type says.
    context: Any = stream.codec_context
    return context is not None and context.codec.name in DECODERS


def _read_duration(container: InputContainer, stream: EncodedStream) -> float | None:
    if stream.duration is not None and stream.time_base is not None:
        seconds = float(stream.duration * stream.time_base)
    elif container.duration is not None:
        seconds = container.duration / 1_000_000
    else:
        return None
    return seconds if 0 <= seconds <= _MAX_CLAIM_SECONDS else None
