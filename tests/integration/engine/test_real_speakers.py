"""The package's own networks on real speech: one reader, and the same one with another voice."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from transcriber.engine import open_audio
from transcriber.engine.results import Span
from transcriber.engine.speakers.grouping import group_voices
from transcriber.engine.speakers.hearing import hear_voices
from transcriber.engine.speakers.turns import find_turns
from transcriber.engine.speakers.voices import Turn
from transcriber.engine.speakers.weights import find_missing

RECORDING = Path(__file__).parents[3] / "models" / "demo" / "two_cities.wav"
RATE = 16_000

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def reader() -> NDArray[np.float32]:
    """44 seconds of one person reading."""
    with open_audio(RECORDING) as blocks:
        return np.concatenate(list(blocks))


def raise_voice(audio: NDArray[np.float32], factor: float) -> NDArray[np.float32]:
    """The voice of somebody smaller: everything is higher, and quicker."""
    places = np.arange(0, len(audio) - 1, factor)
    return np.interp(places, np.arange(len(audio)), audio).astype(np.float32)


def tell(audio: NDArray[np.float32], count: int | None = None) -> list[Turn]:
    span = Span(0, 0.0, len(audio) / RATE)
    voices = hear_voices(audio, span)
    return find_turns(span, voices, group_voices([voices], count)[0])


def test_the_networks_travel_with_the_package() -> None:
    assert find_missing() == []


def test_one_reader_is_one_speaker(reader: NDArray[np.float32]) -> None:
    turns = tell(reader)
    assert {turn.speaker for turn in turns} == {0}
    assert sum(turn.end - turn.start for turn in turns) > 30


def test_two_voices_are_two_speakers_and_change_where_they_change(
    reader: NDArray[np.float32],
) -> None:
    other = raise_voice(reader, 1.3)
    parts = [reader[: 8 * RATE], other[: 8 * RATE], reader[10 * RATE : 18 * RATE]]
    for count in (None, 2):
        turns = tell(np.concatenate(parts), count)
        assert {turn.speaker for turn in turns} == {0, 1}
        wrong = sum(
            min(turn.end, end) - max(turn.start, start)
            for turn in turns
            for start, end, speaker in ((0, 8, 0), (8, 16, 1), (16, 24, 0))
            if turn.speaker != speaker and min(turn.end, end) > max(turn.start, start)
        )
        assert wrong < 1.5


def test_nobody_speaks_in_silence_and_noise() -> None:
    silence = np.zeros(20 * RATE, np.float32)
    noise = np.random.default_rng(2).normal(0, 0.01, 20 * RATE).astype(np.float32)
    assert tell(silence) == tell(noise) == []
