"""Real speech with the times of its words, by a forced aligner: single clips, and joined ones."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audio import SAMPLE_RATE, decode, write_raw, write_recording
from clips import Clip
from peers_process import run_peer
from suites import find_onset

PAUSES = (0.3, 0.7, 1.5, 4.0)
"""Seconds between joined clips, in turn: shorter and longer than those the product leaves out."""

_SEED = 5
_ROOM = 3e-4


@dataclass(frozen=True, slots=True)
class TimedWord:
    """One word from its start to its end, in seconds."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class AlignedClip:
    """One clip.

    Attributes:
        audio: float32, mono, 16 kHz.
        words: What is said, with the aligner's times from the clip's start.
        first_sound: When its level rises first, in seconds; see `find_onset`.
        last_sound: When its level falls last.
    """

    audio: NDArray[np.float32]
    words: tuple[TimedWord, ...]
    first_sound: float
    last_sound: float


@dataclass(frozen=True, slots=True)
class Recording:
    """A file, and the clips in it with the seconds at which each begins."""

    path: Path
    parts: tuple[tuple[float, AlignedClip], ...]


@dataclass(frozen=True, slots=True)
class AlignedSpeech:
    """What could be aligned, and how many clips could not be and why."""

    clips: tuple[AlignedClip, ...]
    with_unknown_words: int
    not_fitting: int


def choose_clips(clips: Sequence[Clip], per_folder: int) -> list[Clip]:
    """Return at most so many clips of each folder, spread over it."""
    chosen: list[Clip] = []
    for _, group in groupby(clips, key=lambda clip: clip.path.parent):
        own = list(group)
        count = min(per_folder, len(own))
        chosen += [own[index * len(own) // count] for index in range(count)]
    return chosen


def align_clips(clips: Sequence[Clip], folder: Path) -> AlignedSpeech:
    """Time the words of clips, and leave out those that hold a word without a pronunciation."""
    texts = [re.findall(r"[a-z0-9']+", (clip.text or "").lower()) for clip in clips]
    paths = write_raw([clip.path for clip in clips], folder)
    answers = run_peer(
        "forced_alignment",
        [{"audio": path, "words": words} for path, words in zip(paths, texts, strict=True)],
    )
    aligned = [
        _build(clip, words, answer["words"])
        for clip, words, answer in zip(clips, texts, answers, strict=True)
        if answer["words"]
    ]
    unknown = sum(bool(answer["unknown"]) for answer in answers)
    return AlignedSpeech(tuple(aligned), unknown, len(clips) - len(aligned) - unknown)


def write_clips(clips: Sequence[AlignedClip], folder: Path) -> list[Recording]:
    """Write each clip as a recording of its own."""
    recordings: list[Recording] = []
    for index, clip in enumerate(clips):
        path = folder / f"clip-{index:03}.wav"
        write_recording(path, iter([clip.audio]))
        recordings.append(Recording(path, ((0.0, clip),)))
    return recordings


def write_joined(clips: Sequence[AlignedClip], folder: Path) -> Recording:
    """Write all clips as one recording, with pauses of a quiet room between them."""
    random = np.random.default_rng(_SEED)
    pieces: list[NDArray[np.float32]] = []
    parts: list[tuple[float, AlignedClip]] = []
    place = 0
    for clip, pause in zip(clips, cycle(PAUSES), strict=False):
        room = random.normal(0, _ROOM, int(pause * SAMPLE_RATE)).astype(np.float32)
        parts.append((place / SAMPLE_RATE, clip))
        pieces += [clip.audio, room]
        place += len(clip.audio) + len(room)
    path = folder / "joined.wav"
    write_recording(path, iter(pieces))
    return Recording(path, tuple(parts))


def _build(clip: Clip, words: Sequence[str], times: Sequence[Any]) -> AlignedClip:
    audio = decode(clip.path)
    timed = [TimedWord(start, end, text) for (start, end), text in zip(times, words, strict=True)]
    last = len(audio) / SAMPLE_RATE - find_onset(audio[::-1])
    return AlignedClip(audio, tuple(timed), find_onset(audio), last)
