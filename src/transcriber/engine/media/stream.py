"""The parent's side: opens a recording, hands it to a locked-down child, yields clean audio."""

import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from transcriber.engine.errors import MediaError
from transcriber.engine.media import wire
from transcriber.engine.media.answers import read_info, read_refusal, read_summary
from transcriber.engine.media.info import DecodeSummary, MediaInfo
from transcriber.engine.media.limits import MediaLimits
from transcriber.engine.media.names import show_file_name
from transcriber.engine.media.process import (
    ChildFailedError,
    ChildStalledError,
    DecodingChild,
    Record,
)
from transcriber.engine.media.sandbox import warn_of_missing_layers

_EXIT_SECONDS = 5.0

_ENDINGS = {
    signal.SIGXCPU: ("unreadable", "takes more processor time to decode than a recording may."),
    signal.SIGALRM: ("unreadable", "stalled the decoder."),
}

Mode = Literal["probe", "decode"]


def probe_media(path: str | os.PathLike[str], limits: MediaLimits | None = None) -> MediaInfo:
    """Describe a recording, having decoded its first second in a locked-down child.

    Args:
        path: A file; its name is not looked at, only its content.
        limits: Bounds on the child.

    Raises:
        MediaError: with any of its codes; the message names the file and what was found.
    """
    with AudioStream(path, limits or MediaLimits(), mode="probe") as stream:
        for _ in stream:
            pass
        return stream.info


def open_audio(path: str | os.PathLike[str], limits: MediaLimits | None = None) -> "AudioStream":
    """Open a recording as a stream of audio blocks, to be used in a `with` statement.

    Args:
        path: A file; its name is not looked at, only its content.
        limits: Bounds on the child.

    Raises:
        MediaError: with any of its codes, here or while iterating.
    """
    return AudioStream(path, limits or MediaLimits(), mode="decode")


class AudioStream:
    """An iterator of mono float32 blocks at 16 kHz, each about one second, values in -1..1.

    The child runs ahead by about one block, then waits for the reader.  Leaving the `with`
    statement early ends the child.

    Attributes:
        info: What the header says; known before the first block.
        summary: What happened; None until the last block was read.
    """

    info: MediaInfo
    summary: DecodeSummary | None

    def __init__(
        self, path: str | os.PathLike[str], limits: MediaLimits, *, mode: Mode = "decode"
    ) -> None:
        self._name = show_file_name(Path(path))
        self._limits = limits
        self.summary = None
        self._child = self._start(Path(path), mode)
        try:
            self.info = self._read_header()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[NDArray[np.float32]]:
        return self

    def __next__(self) -> NDArray[np.float32]:
        """Return the next block.

        Raises:
            MediaError: the recording turned out to be unusable or too long.
        """
        while self.summary is None:
            record = self._read_record(self._limits.stall_seconds)
            if record.tag == wire.AUDIO:
                if record.payload:
                    return clean_samples(record.payload)
            elif record.tag == wire.END:
                self.summary = self._check(read_summary, record)
            else:
                raise self._crashed("it answered out of turn")
        self.close()
        raise StopIteration

    def close(self) -> None:
        """End the child if it still runs; calling it again is harmless."""
        self._child.close()

    def _start(self, path: Path, mode: Mode) -> DecodingChild:
        limits = self._limits
        request = {
            "mode": mode,
            "max_duration_seconds": limits.max_duration_seconds,
            "cpu_seconds": limits.probe_cpu_seconds if mode == "probe" else limits.cpu_seconds,
            "address_space_bytes": limits.address_space_bytes,
            "stall_seconds": limits.stall_seconds,
        }
        descriptor = self._open_file(path)
        try:
            return DecodingChild(descriptor, request)
        finally:
            os.close(descriptor)

    def _open_file(self, path: Path) -> int:
        try:
            # Without O_NONBLOCK, opening a named pipe would wait for its writer.
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "the name is not valid"
            raise MediaError(
                f"{self._name} cannot be opened: {reason}.", code="unreadable"
            ) from error
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise MediaError(f"{self._name} is not a regular file.", code="unreadable")
        return descriptor

    def _read_header(self) -> MediaInfo:
        record = self._read_record(self._limits.probe_timeout_seconds)
        if record.tag != wire.INFO:
            raise self._crashed("it answered out of turn")
        warn_of_missing_layers(record.payload)
        return self._check(read_info, record)

    def _read_record(self, timeout_seconds: float) -> Record:
        try:
            record = self._child.read_record(timeout_seconds)
        except ChildStalledError as error:
            self.close()
            message = f"{self._name} stalled the decoder for {timeout_seconds:g} seconds."
            raise MediaError(message, code="unreadable") from error
        except ChildFailedError as error:
            raise self._crashed(str(error)) from error
        if record is None:
            raise self._explain_exit(self._child.wait(_EXIT_SECONDS))
        if record.tag == wire.REFUSAL:
            self.close()
            code, predicate = self._check(read_refusal, record)
            raise MediaError(f"{self._name} {predicate}", code=code)
        return record

    def _check(self, read: Any, record: Record) -> Any:
        try:
            return read(record.payload)
        except (ValueError, KeyError, TypeError) as error:
            raise self._crashed("it wrote something that is not an answer") from error

    def _explain_exit(self, status: int) -> MediaError:
        self.close()
        if -status in _ENDINGS:
            code, predicate = _ENDINGS[signal.Signals(-status)]
            return MediaError(f"{self._name} {predicate}", code=code)
        ending = f"signal {-status}" if status < 0 else f"status {status}"
        return self._crashed(f"it ended with {ending}")

    def _crashed(self, how: str) -> MediaError:
        self.close()
        return MediaError(f"{self._name} crashed the decoder: {how}.", code="decoder_crashed")


def clean_samples(payload: bytes) -> NDArray[np.float32]:
    """Return native float32 samples with NaN and infinities silenced and the rest in -1..1."""
    samples = np.frombuffer(payload, np.float32).copy()
    np.nan_to_num(samples, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    return np.clip(samples, -1.0, 1.0, out=samples)
