from itertools import pairwise

import numpy as np
import pytest

from transcriber.engine.speech.chunks import (
    MAXIMUM_SAMPLES,
    count_speech,
    cut_chunks,
    drop_start,
    measure,
)
from transcriber.engine.speech.detector import FRAME_SAMPLES, SAMPLE_RATE
from transcriber.engine.speech.regions import Region

Probabilities = np.ndarray[tuple[int], np.dtype[np.float32]]


def hear(*parts: tuple[float, float]) -> Probabilities:
    """Probabilities of (value, seconds) in turn."""
    return np.concatenate(
        [
            np.full(round(seconds * SAMPLE_RATE / FRAME_SAMPLES), value, np.float32)
            for value, seconds in parts
        ]
    )


def talk(pauses: list[float], total: float, pause: float = 0.8) -> Probabilities:
    """Speech with pauses that begin at the given seconds."""
    probabilities = hear((0.9, total))
    for start in pauses:
        first = round(start * SAMPLE_RATE / FRAME_SAMPLES)
        probabilities[first : first + round(pause * SAMPLE_RATE / FRAME_SAMPLES)] = 0.1
    return probabilities


def cut(probabilities: Probabilities) -> list[list[Region]]:
    return cut_chunks([Region(0, len(probabilities) * FRAME_SAMPLES)], probabilities)


def list_cuts(chunks: list[list[Region]]) -> list[float]:
    return [round(chunk[-1].stop / SAMPLE_RATE, 1) for chunk in chunks[:-1]]


def test_speech_is_cut_in_the_middle_of_its_pauses() -> None:
    assert list_cuts(cut(talk([9.0, 14.6, 21.0], 30))) == [15.0]


def test_short_speech_is_one_chunk() -> None:
    assert len(cut(talk([5.0, 10.0], 20))) == 1


def test_a_longer_pause_is_preferred_to_a_place_that_is_a_little_nearer() -> None:
    probabilities = np.minimum(talk([14.8], 30, pause=0.3), talk([16.5], 30, pause=1.0))
    assert list_cuts(cut(probabilities)) == pytest.approx([17.0], abs=0.1)


def test_without_a_pause_the_cut_is_where_speech_is_least_likely() -> None:
    probabilities = hear((0.9, 40))
    probabilities[625] = 0.6
    chunks = cut(probabilities)
    assert [chunk[-1].stop for chunk in chunks[:-1]] == [625 * FRAME_SAMPLES]


def test_no_chunk_is_longer_than_a_window_and_none_is_lost() -> None:
    probabilities = hear((0.9, 118))
    chunks = cut(probabilities)
    assert max(map(measure, chunks)) <= MAXIMUM_SAMPLES
    assert sum(map(measure, chunks)) == len(probabilities) * FRAME_SAMPLES
    edges = [(chunk[0].start, chunk[-1].stop) for chunk in chunks]
    assert all(before[1] == after[0] for before, after in pairwise(edges))


def test_regions_are_joined_and_parted_without_their_silence() -> None:
    probabilities = hear((0.9, 4), (0.0, 4), (0.9, 5), (0.0, 5), (0.9, 20))
    regions = [Region(start * SAMPLE_RATE, stop * SAMPLE_RATE) for start, stop in [(0, 4), (8, 13)]]
    regions.append(Region(18 * SAMPLE_RATE, 38 * SAMPLE_RATE))
    chunks = cut_chunks(regions, probabilities)
    assert [region for chunk in chunks for region in chunk] == regions
    assert len(chunks) == 2


def test_speech_is_counted_and_its_start_dropped_over_joins() -> None:
    probabilities = hear((0.9, 4), (0.0, 4), (0.9, 5))
    regions = [Region(0, 5 * SAMPLE_RATE), Region(7 * SAMPLE_RATE, 13 * SAMPLE_RATE)]
    assert count_speech(regions, probabilities) == pytest.approx(9.0, abs=0.1)
    rest = drop_start(regions, 6 * SAMPLE_RATE)
    assert rest == [Region(8 * SAMPLE_RATE, 13 * SAMPLE_RATE)]
    assert drop_start(regions, 99 * SAMPLE_RATE) == []
