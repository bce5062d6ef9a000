"""The streaming detector against Silero's own network, as the library carries it."""

from pathlib import Path

import numpy as np
import pytest
from faster_whisper.vad import get_vad_model
from numpy.typing import NDArray

from transcriber.engine.networks import NetworkError
from transcriber.engine.speech.detector import FRAME_SAMPLES, VigilantDetector, load_detector

REFRESH = 94


def make_voice(frames: int) -> NDArray[np.float32]:
    """A buzzing vowel that comes and goes: enough like a voice to move the probabilities."""
    count = frames * FRAME_SAMPLES
    times = np.arange(count) / 16_000
    buzz = np.sign(np.sin(2 * np.pi * (120 + 20 * np.sin(5 * times)) * times))
    vowel = np.convolve(buzz, np.hanning(16), "same") * (np.sin(2 * np.pi * times) > 0)
    noise = np.random.default_rng(1).standard_normal(count)
    return (0.02 * vowel + 0.003 * noise).astype(np.float32)


def listen(audio: NDArray[np.float32], forgets_at: range) -> NDArray[np.float32]:
    """One listener over whole frames, by the library's network, frame after frame."""
    session = get_vad_model().session
    padded = np.concatenate([np.zeros(64, np.float32), audio])
    fresh = np.zeros((1, 1, 128), np.float32)
    hidden = cell = fresh
    found: list[float] = []
    for frame in range(len(audio) // FRAME_SAMPLES):
        if frame in forgets_at:
            hidden = cell = fresh
        start = frame * FRAME_SAMPLES
        piece = padded[start : start + FRAME_SAMPLES + 64][None]
        speech, hidden, cell = session.run(None, {"input": piece, "h": hidden, "c": cell})
        found.append(float(speech.reshape(-1)[0]))
    return np.array(found, np.float32)


@pytest.mark.parametrize("block", [7, 1_000, 16_384, 1_000_000])
def test_any_blocks_give_the_higher_of_two_listeners(block: int) -> None:
    frames = 40 if block == 7 else 300
    audio = make_voice(frames)
    detector = VigilantDetector()
    parts = [detector.feed(audio[i : i + block]) for i in range(0, len(audio), block)]
    found = np.concatenate([*parts, detector.finish()])
    even = listen(audio, range(0, frames, 2 * REFRESH))
    odd = listen(audio, range(REFRESH, frames, 2 * REFRESH))
    assert found.shape == even.shape
    assert np.ptp(found) > 0.1
    assert frames == 40 or np.abs(even - odd).max() > 0.01
    np.testing.assert_allclose(found, np.maximum(even, odd), atol=1e-5)


def test_the_last_incomplete_frame_is_padded() -> None:
    audio = make_voice(20)[: 19 * FRAME_SAMPLES + 100]
    detector = VigilantDetector()
    found = np.concatenate([detector.feed(audio), detector.finish()])
    whole = VigilantDetector().feed(np.pad(audio, (0, FRAME_SAMPLES - 100)))
    np.testing.assert_allclose(found, whole, atol=1e-5)
    assert len(detector.finish()) == 0


def test_an_installation_without_the_network_says_which_file_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match=r"lacks speech\.onnx"):
        load_detector(tmp_path / "speech.onnx")
