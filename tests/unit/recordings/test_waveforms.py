"""Waveforms: what is measured, however the audio arrives, and how it is made coarser."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from transcriber.infra.identifiers import create_id
from transcriber.infra.storage import LocalStorage
from transcriber.recordings.peaks import PeakMeter
from transcriber.recordings.peaks_document import measure_binary, render_binary, render_json
from transcriber.recordings.waveform import SAMPLES_PER_PEAK, open_waveform


def measure(*blocks: NDArray[np.float32]) -> NDArray[np.int8]:
    meter = PeakMeter()
    data = b"".join(meter.feed(block) for block in blocks) + meter.finish()
    return np.frombuffer(data, np.int8).reshape(-1, 2)


def store(root: Path, pairs: NDArray[np.int8]) -> tuple[LocalStorage, str]:
    storage = LocalStorage(root, low_water_bytes=0)
    key = f"peaks/{create_id()}"
    writer = storage.create(key)
    writer.write(pairs.tobytes())
    writer.commit()
    return storage, key


def test_every_pair_is_the_lowest_and_highest_of_320_samples() -> None:
    samples = np.zeros(SAMPLES_PER_PEAK * 3, np.float32)
    samples[10], samples[20] = 0.5, -0.25
    samples[SAMPLES_PER_PEAK : 2 * SAMPLES_PER_PEAK] = 1.0
    assert measure(samples).tolist() == [[-32, 64], [127, 127], [0, 0]]


def test_a_last_shorter_piece_counts() -> None:
    samples = np.full(SAMPLES_PER_PEAK + 1, -1.0, np.float32)
    assert measure(samples).tolist() == [[-127, -127], [-127, -127]]
    assert measure().tolist() == []


@given(st.lists(st.integers(0, 1_000), max_size=8), st.integers(0, 2**32 - 1))
def test_the_blocks_it_comes_in_change_nothing(sizes: list[int], seed: int) -> None:
    samples = np.random.default_rng(seed).uniform(-1, 1, sum(sizes)).astype(np.float32)
    blocks = np.split(samples, np.cumsum(sizes)[:-1]) if sizes else []
    assert measure(*blocks).tolist() == measure(samples).tolist()


@pytest.mark.parametrize(
    ("points", "factor"), [(None, 1), (10_000, 1), (1_000, 1), (999, 2), (7, 143), (1, 1_000)]
)
def test_coarser_pairs_keep_the_extremes(tmp_path: Path, points: int | None, factor: int) -> None:
    pairs = np.sort(np.random.default_rng(3).integers(-127, 128, (1_000, 2), np.int8), axis=1)
    storage, key = store(tmp_path, pairs)
    waveform = open_waveform(storage, key, points=points)
    assert (waveform.factor, waveform.samples_per_pixel) == (factor, factor * SAMPLES_PER_PEAK)
    found = np.concatenate(list(waveform.read())).reshape(-1, 2)
    groups = [pairs[start : start + factor] for start in range(0, 1_000, factor)]
    assert found.tolist() == [[group[:, 0].min(), group[:, 1].max()] for group in groups]
    assert len(found) == waveform.length
    assert points is None or len(found) <= points


def test_both_forms_say_the_same_in_the_data_format_of_audiowaveform(tmp_path: Path) -> None:
    # Longer than one piece, so that the seams are in it.
    pairs = np.random.default_rng(4).integers(-127, 128, (300_000, 2), np.int8)
    storage, key = store(tmp_path, pairs)
    waveform = open_waveform(storage, key, points=None)
    document = json.loads(b"".join(render_json(waveform)))
    data = document.pop("data")
    assert document == {
        "version": 2,
        "channels": 1,
        "sample_rate": 16_000,
        "samples_per_pixel": 320,
        "bits": 8,
        "length": 300_000,
    }
    binary = b"".join(render_binary(waveform))
    assert len(binary) == measure_binary(waveform)
    assert struct.unpack("<iIiiIi", binary[:24]) == (2, 1, 16_000, 320, 300_000, 1)
    assert np.frombuffer(binary[24:], np.int8).tolist() == data == pairs.reshape(-1).tolist()


def test_pieces_stay_small_however_long_the_recording_is(tmp_path: Path) -> None:
    # Ten hours: 1.8 million pairs.
    storage, key = store(tmp_path, np.zeros((1_800_000, 2), np.int8))
    waveform = open_waveform(storage, key, points=None)
    assert max(len(piece) for piece in render_json(waveform)) <= 512 * 1024
    assert sum(len(values) for values in waveform.read()) == 3_600_000
