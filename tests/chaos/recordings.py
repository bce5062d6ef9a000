"""The recordings that are sent: short clips of real speech, and long ones of several spans."""

import io
import json
import random
import wave
from dataclasses import dataclass
from pathlib import Path

import av

from chaos.stack import REPOSITORY

SAMPLE_RATE = 16_000
SHORTEST_SECONDS, LONGEST_SECONDS = 2.0, 13.0
JOINED_SECONDS = 160.0
"""Up to 145 seconds are one span; this is planned as two or three."""
DEMO_RECORDING = REPOSITORY / "models" / "demo" / "two_cities.wav"


@dataclass(frozen=True, slots=True)
class Recording:
    """A file as a client sends it; `is_long` when it has several spans."""

    name: str
    content: bytes
    seconds: float
    is_long: bool


def gather_recordings(
    clips_dir: Path, rng: random.Random, *, short: int, long: int
) -> list[Recording]:
    """Recordings drawn from the clips, or pieces of the demonstration's where there are none."""
    clips = _list_clips(clips_dir)
    if clips:
        chosen = rng.sample(clips, min(short, len(clips)))
        found = [_read_clip(path, seconds) for path, seconds in chosen]
        for number in range(long):
            pieces = rng.sample([path for path, _ in clips], min(len(clips), 20))
            found.append(_join(f"long-{number}.wav", pieces))
        return found
    samples = _decode(DEMO_RECORDING)
    length = 8 * SAMPLE_RATE
    pieces = [samples[start : start + length] for start in range(0, len(samples) - length, length)]
    found = [_wrap(f"piece-{n}.wav", piece) for n, piece in enumerate(pieces[:short])]
    doubled = memoryview(samples.tobytes() * 2).cast("h")
    return found + [
        _wrap(f"long-{n}.wav", doubled[n * length :][: int(JOINED_SECONDS) * SAMPLE_RATE])
        for n in range(long)
    ]


def _list_clips(clips_dir: Path) -> list[tuple[Path, float]]:
    manifest = clips_dir / "manifest.json"
    if not manifest.is_file():
        return []
    return [
        (clips_dir / clip["path"], clip["duration"])
        for clip in json.loads(manifest.read_text())
        if clip["lang"] == "en"
        and clip["text"]
        and SHORTEST_SECONDS <= clip["duration"] <= LONGEST_SECONDS
    ]


def _read_clip(path: Path, seconds: float) -> Recording:
    return Recording(path.name, path.read_bytes(), seconds, is_long=False)


def _join(name: str, paths: list[Path]) -> Recording:
    samples: list[bytes] = []
    total = 0.0
    for path in paths:
        if total >= JOINED_SECONDS:
            break
        piece = _decode(path)
        total += len(piece) / SAMPLE_RATE
        # A pause where the planner may cut.
        samples += [piece.tobytes(), bytes(SAMPLE_RATE)]
    return _wrap(name, memoryview(b"".join(samples)).cast("h"))


def _decode(path: Path) -> memoryview:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
    pieces: list[bytes] = []
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            pieces += [each.to_ndarray().tobytes() for each in resampler.resample(frame)]
        pieces += [each.to_ndarray().tobytes() for each in resampler.resample(None)]
    return memoryview(b"".join(pieces)).cast("h")


def _wrap(name: str, samples: memoryview) -> Recording:
    seconds = len(samples) / SAMPLE_RATE
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(SAMPLE_RATE)
        writer.writeframes(samples.tobytes())
    return Recording(name, file.getvalue(), seconds, is_long=seconds > 120)
