"""Raw audio for programs that cannot open media themselves, and long recordings made of clips."""

import wave
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from transcriber.engine.media import open_audio

SAMPLE_RATE = 16_000


def decode(path: Path) -> NDArray[np.float32]:
    """Return a short clip's samples: float32, mono, 16 kHz."""
    with open_audio(path) as blocks:
        return np.concatenate([*blocks])


def write_raw(paths: Iterable[Path], folder: Path) -> list[str]:
    """Write each clip as raw float32 samples; return the files' paths."""
    written: list[str] = []
    for path in paths:
        target = folder / f"{len(written):04}.f32"
        decode(path).tofile(target)
        written.append(str(target))
    return written


def write_recording(path: Path, parts: Iterator[NDArray[np.float32]]) -> float:
    """Write parts one after the other as a 16-bit WAV; return its seconds.

    The parts are drawn one at a time, so a recording of hours needs no memory to make.
    """
    frames = 0
    with wave.open(str(path), "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(SAMPLE_RATE)
        for part in parts:
            clipped = np.clip(part, -1.0, 1.0)
            target.writeframes((clipped * np.iinfo(np.int16).max).astype("<i2").tobytes())
            frames += len(part)
    return frames / SAMPLE_RATE
