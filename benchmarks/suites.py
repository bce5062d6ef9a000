"""The recordings that accuracy is measured on: real speech as it is, and made harder."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio import SAMPLE_RATE, decode, write_recording
from clips import Clip
from degrading import hall, make_babble, make_music, make_noise, mix, telephone
from prompts import LANGUAGES, decode_prompt

Audio = NDArray[np.float32]
SEED = 11
SILENCE_SECONDS = 180.0
LONG_PAUSE_SECONDS = 45.0
SHORT_PAUSE_SECONDS = 0.7
TURN_PAUSE_SECONDS = 2.0
TURN_SECONDS = 15.0
"""So long somebody speaks before the next does, in another language."""
_ROOM = 3e-4
_BABBLERS = 6


@dataclass(frozen=True, slots=True)
class Item:
    """One recording.

    Attributes:
        path: A WAV file.
        texts: What is said in it, passage by passage; empty where nothing is.
        onsets: When each passage begins, in seconds; empty where that is not known.
        seconds: Its length.
        silence_seconds: How much of it is silence, noise or music alone.
        is_english: Whether nothing else is spoken.
    """

    path: Path
    texts: tuple[str, ...]
    onsets: tuple[float, ...]
    seconds: float
    silence_seconds: float = 0.0
    is_english: bool = True


@dataclass(frozen=True, slots=True)
class Suite:
    """Recordings of one kind."""

    name: str
    items: Sequence[Item]


def build_suites(
    clips: Sequence[Clip],
    prompts: Mapping[str, Sequence[Clip]],
    folder: Path,
    *,
    per_suite: int,
    minutes: float,
) -> list[Suite]:
    """Write every suite's recordings into a folder.

    Args:
        clips: English ones with texts.
        prompts: Others, by their language's code.
        folder: Where the files go.
        per_suite: How many clips are made harder in each way; the clean suite has all.
        minutes: Length of the long recording.
    """
    random = np.random.default_rng(SEED)
    some = clips[:: max(1, len(clips) // per_suite)][:per_suite]
    voices = [decode(clip.path) for clip in clips[-_BABBLERS:]]
    ways: dict[str, Callable[[Audio], Audio]] = {
        "telephone": telephone,
        "hall": lambda speech: hall(speech, random),
        **{f"noise, {level} dB": _mixer(make_noise, level, random) for level in (20, 10, 5, 0)},
        "voices, 10 dB": lambda speech: mix(speech, make_babble(voices, len(speech)), 10),
        **{f"music, {level} dB": _mixer(make_music, level, random) for level in (10, 5)},
    }
    suites = [Suite("read speech", [_write(clip, decode(clip.path), folder) for clip in clips])]
    for name, way in ways.items():
        suites.append(Suite(name, [_write(clip, way(decode(clip.path)), folder) for clip in some]))
    for language, sentences in prompts.items():
        items = [_write(clip, decode_prompt(clip.path), folder) for clip in sentences]
        suites.append(Suite(LANGUAGES[language], items))
    if prompts:
        suites.append(Suite("languages in turn", [_take_turns(some, prompts, folder)]))
    suites.append(
        Suite("one long recording", [_join(clips, folder, minutes * 60, SHORT_PAUSE_SECONDS)])
    )
    suites.append(Suite("long silences", [_join(some, folder, np.inf, LONG_PAUSE_SECONDS)]))
    suites.append(Suite("no speech at all", _write_silences(folder, random)))
    return suites


def _mixer(
    make: Callable[[int, np.random.Generator], Audio], level: float, random: np.random.Generator
) -> Callable[[Audio], Audio]:
    return lambda speech: mix(speech, make(len(speech), random), level)


def _write(clip: Clip, audio: Audio, folder: Path) -> Item:
    path = _name(folder)
    seconds = write_recording(path, iter([audio]))
    return Item(path, (clip.text or "",), (), seconds, is_english=clip.language == "en")


def _join(clips: Sequence[Clip], folder: Path, seconds: float, pause: float) -> Item:
    """Clips one after the other, again from the first where they are too few."""
    random = np.random.default_rng(SEED)
    parts: list[Audio] = []
    texts: list[str] = []
    onsets: list[float] = []
    place = silence = 0.0
    while place < seconds:
        for clip in clips:
            speech = decode(clip.path)
            room = random.normal(0, _ROOM, int(pause * SAMPLE_RATE)).astype(np.float32)
            texts.append(clip.text or "")
            onsets.append(place + find_onset(speech))
            parts += [speech, room]
            place += (len(speech) + len(room)) / SAMPLE_RATE
            silence += pause
            if place >= seconds:
                break
        if not np.isfinite(seconds):
            break
    path = _name(folder)
    length = write_recording(path, iter(parts))
    silent = silence if pause >= LONG_PAUSE_SECONDS else 0.0
    return Item(path, tuple(texts), tuple(onsets), length, silent)


def _take_turns(clips: Sequence[Clip], prompts: Mapping[str, Sequence[Clip]], folder: Path) -> Item:
    """One recording in which the language changes every quarter of a minute."""
    speakers = [list(clips), *map(list, prompts.values())]
    parts: list[Audio] = []
    texts: list[str] = []
    while all(speakers):
        for sentences in speakers:
            spoken = 0.0
            while sentences and spoken < TURN_SECONDS:
                clip = sentences.pop(0)
                parts += [
                    decode(clip.path) if clip.language == "en" else decode_prompt(clip.path),
                    np.zeros(int(SHORT_PAUSE_SECONDS * SAMPLE_RATE), np.float32),
                ]
                texts.append(clip.text or "")
                spoken += clip.duration
            parts.append(np.zeros(int(TURN_PAUSE_SECONDS * SAMPLE_RATE), np.float32))
    path = _name(folder)
    seconds = write_recording(path, iter(parts))
    return Item(path, tuple(texts), (), seconds, is_english=False)


def _write_silences(folder: Path, random: np.random.Generator) -> list[Item]:
    samples = int(SILENCE_SECONDS * SAMPLE_RATE)
    time = np.arange(samples) / SAMPLE_RATE
    kinds = (
        np.zeros(samples, np.float32),
        random.normal(0, _ROOM, samples).astype(np.float32),
        make_noise(samples, random),
        (0.05 * np.sin(2 * np.pi * 50 * time)).astype(np.float32),
        make_music(samples, random),
    )
    items: list[Item] = []
    for audio in kinds:
        path = _name(folder)
        seconds = write_recording(path, iter([audio]))
        items.append(Item(path, (), (), seconds, seconds))
    return items


def find_onset(speech: Audio) -> float:
    """When a clip's first sound begins, in seconds: where its level passes a tenth of its loudest.

    The level is the root mean square over 10 ms, the loudest its 95th percentile.
    """
    size = SAMPLE_RATE // 100
    frames = speech[: len(speech) // size * size].reshape(-1, size)
    levels = np.sqrt(np.mean(np.square(frames), axis=1))
    return float(np.argmax(levels > 0.1 * np.quantile(levels, 0.95))) / 100


def _name(folder: Path) -> Path:
    return folder / f"{len(list(folder.iterdir())):04}.wav"
