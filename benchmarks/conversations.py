"""Conversations built from read speech, so that it is known who speaks when."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio import SAMPLE_RATE, decode
from diarization_errors import Turn

Audio = NDArray[np.float32]
SEED = 1
PEOPLE = (1, 2, 3, 4, 6)
TAKES = 2
LONG = ((2, 20), (4, 20), (3, 60))
"""People and minutes of the long ones."""

_TURN_SECONDS = (1.2, 5.0)
_LONG_TURN_SECONDS = (1.5, 8.0)
_PAUSE_SECONDS = (0.05, 1.0)
_ROOM = 3e-4
_SIGNAL_TO_NOISE_DB = (12.0, 35.0)
_TILT = 0.35
"""How much the treble of a turn is raised or lowered, as another place in the room would."""


@dataclass(frozen=True, slots=True, eq=False)
class Conversation:
    """Audio (float32, mono, 16 kHz) and who speaks in it when."""

    audio: Audio
    turns: Sequence[Turn]


def build_conversations(clips: Path) -> list[Conversation]:
    """Everything that some readers read, cut into turns and mixed: one or two minutes each."""
    random = np.random.default_rng(SEED)
    readers = [decode(path) for path in _list_clips(clips, "ls_train")]
    built: list[Conversation] = []
    for people in PEOPLE:
        for _ in range(TAKES):
            chosen = random.choice(len(readers), people, replace=False)
            pools = [_cut(readers[int(reader)], random) for reader in chosen]
            built.append(_alternate(pools, random))
    return built


def build_long_conversations(clips: Path) -> list[Conversation]:
    """Turns drawn from a few readers again and again, each as from elsewhere in a noisy room."""
    random = np.random.default_rng(SEED)
    two = [
        np.concatenate([decode(path) for path in _list_clips(clips, "ljspeech")]),
        decode(clips / "misc" / "two_cities.wav"),
    ]
    others = _list_clips(clips, "ls_train")
    built: list[Conversation] = []
    for people, minutes in LONG:
        more = random.choice(len(others), people - len(two), replace=False)
        readers = [*two, *(decode(others[int(reader)]) for reader in more)]
        built.append(_draw_turns(readers, minutes * 60, random))
    return built


def _list_clips(clips: Path, start: str) -> list[Path]:
    entries = json.loads((clips / "manifest.json").read_text(encoding="utf-8"))
    return [clips / entry["path"] for entry in entries if entry["path"].startswith(start)]


def _cut(audio: Audio, random: np.random.Generator) -> list[Audio]:
    pieces: list[Audio] = []
    first = 0
    while first < len(audio) - SAMPLE_RATE:
        size = int(random.uniform(*_TURN_SECONDS) * SAMPLE_RATE)
        pieces.append(audio[first : first + size])
        first += size
    return pieces


def _alternate(pools: list[list[Audio]], random: np.random.Generator) -> Conversation:
    said: list[tuple[int, Audio]] = []
    while any(pools):
        person = int(random.choice([place for place, pool in enumerate(pools) if pool]))
        said.append((person, pools[person].pop(0)))
    return _join(said, random)


def _draw_turns(readers: list[Audio], seconds: float, random: np.random.Generator) -> Conversation:
    said: list[tuple[int, Audio]] = []
    total = 0.0
    while total < seconds:
        person = int(random.integers(len(readers)))
        size = int(random.uniform(*_LONG_TURN_SECONDS) * SAMPLE_RATE)
        first = int(random.integers(max(1, len(readers[person]) - size)))
        piece = readers[person][first : first + size]
        said.append((person, _place(piece, random)))
        total += len(piece) / SAMPLE_RATE
    return _join(said, random)


def _place(audio: Audio, random: np.random.Generator) -> Audio:
    placed = audio * random.uniform(0.3, 1.0)
    placed[1:] -= random.uniform(-_TILT, _TILT) * placed[:-1]
    power = float(np.mean(np.square(placed))) / 10 ** (random.uniform(*_SIGNAL_TO_NOISE_DB) / 10)
    return (placed + random.normal(0, power**0.5, len(placed))).astype(np.float32)


def _join(said: Sequence[tuple[int, Audio]], random: np.random.Generator) -> Conversation:
    pieces: list[Audio] = []
    turns: list[Turn] = []
    place = 0
    for person, audio in said:
        start = place / SAMPLE_RATE
        turns.append(Turn(start, start + len(audio) / SAMPLE_RATE, str(person)))
        size = int(random.uniform(*_PAUSE_SECONDS) * SAMPLE_RATE)
        pause = random.normal(0, _ROOM, size).astype(np.float32)
        pieces += [audio, pause]
        place += len(audio) + size
    return Conversation(np.concatenate(pieces), turns)
