"""The streaming detector against the whole-file run of the library that carries the model."""

import numpy as np
import pytest
from faster_whisper.vad import get_vad_model
from numpy.typing import NDArray

from transcriber.engine.speech.detector import FRAME_SAMPLES, SpeechDetector, VigilantDetector


def make_voice(frames: int) -> NDArray[np.float32]:
    """A buzzing vowel that comes and goes: enough like a voice to move the probabilities."""
    count = frames * FRAME_SAMPLES
    times = np.arange(count) / 16_000
    buzz = np.sign(np.sin(2 * np.pi * (120 + 20 * np.sin(5 * times)) * times))
    vowel = np.convolve(buzz, np.hanning(16), "same") * (np.sin(2 * np.pi * times) > 0)
    noise = np.random.default_rng(1).standard_normal(count)
    return (0.02 * vowel + 0.003 * noise).astype(np.float32)


def run_whole(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    # The library clears the end of the last frame, so that frame is given to it and left out.
    padded = np.pad(audio, (0, FRAME_SAMPLES))
    return get_vad_model()(padded).reshape(-1)[:-1]


@pytest.mark.parametrize("block", [7, 100, 512, 16_000, 16_384, 1_000_000])
def test_any_blocks_give_the_whole_runs_probabilities(block: int) -> None:
    audio = make_voice(40 if block < 100 else 300)
    detector = SpeechDetector()
    parts = [detector.feed(audio[i : i + block]) for i in range(0, len(audio), block)]
    found = np.concatenate([*parts, detector.finish()])
    expected = run_whole(audio)
    assert found.shape == expected.shape
    assert np.ptp(expected) > 0.1
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_the_last_incomplete_frame_is_padded() -> None:
    audio = make_voice(20)[: 19 * FRAME_SAMPLES + 100]
    detector = SpeechDetector()
    found = np.concatenate([detector.feed(audio), detector.finish()])
    expected = run_whole(np.pad(audio, (0, FRAME_SAMPLES - 100)))
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert len(detector.finish()) == 0


@pytest.mark.parametrize("block", [7, 1_000, 16_384, 1_000_000])
def test_the_vigilant_detector_does_not_depend_on_the_blocks(block: int) -> None:
    audio = make_voice(300)[: 300 * FRAME_SAMPLES - 99]
    audio = audio[: 30 * FRAME_SAMPLES + 3] if block == 7 else audio
    whole = VigilantDetector()
    expected = np.concatenate([whole.feed(audio), whole.finish()])
    detector = VigilantDetector()
    parts = [detector.feed(audio[i : i + block]) for i in range(0, len(audio), block)]
    found = np.concatenate([*parts, detector.finish()])
    assert len(found) == -(-len(audio) // FRAME_SAMPLES)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_the_vigilant_detector_hears_with_fresh_and_settled_state() -> None:
    audio = make_voice(188)
    vigilant = VigilantDetector().feed(audio)
    settled = SpeechDetector().feed(audio)
    fresh = SpeechDetector()
    fresh.feed(audio[: 94 * FRAME_SAMPLES])
    fresh.forget()
    np.testing.assert_allclose(vigilant[:94], settled[:94], atol=1e-5)
    expected = np.maximum(settled[94:], fresh.feed(audio[94 * FRAME_SAMPLES :]))
    np.testing.assert_allclose(vigilant[94:], expected, atol=1e-5)
