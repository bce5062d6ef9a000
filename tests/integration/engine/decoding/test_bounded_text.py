"""Real weights stop where they are told to, whatever stands before the text."""

from pathlib import Path

import numpy as np
import pytest

from transcriber.engine import open_audio, prepare_model
from transcriber.engine.decoding.decoder import GenerateSettings
from transcriber.engine.decoding.loaded import LoadedWhisper
from transcriber.engine.decoding.whisper import WhisperDecoder

pytestmark = pytest.mark.weights

SPEECH_SAMPLES = 17 * 8_000
PROMPTS = ("", "Dickens", "It was the season of light, it was the season of darkness. " * 4)


@pytest.fixture(scope="module")
def decoder(models_dir: Path, model_cache_dir: Path) -> WhisperDecoder:
    path = prepare_model("base", models_dir, model_cache_dir).path
    loaded = LoadedWhisper(path, device="cpu", compute_type="int8", threads=1)
    return WhisperDecoder(loaded, language="en", task="transcribe")


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("beams", [1, 5])
def test_a_text_has_no_more_tokens_than_it_may(
    decoder: WhisperDecoder, models_dir: Path, prompt: str, beams: int
) -> None:
    with open_audio(models_dir / "demo" / "two_cities.wav") as blocks:
        speech = np.concatenate([*blocks])[:SPEECH_SAMPLES]
    encoded = decoder.encode_batch([decoder.extract_features(speech)])
    tokens = decoder.encode_text(prompt)
    counts: list[int] = []
    for most in (5, 20, None):
        settings = GenerateSettings(
            temperature=0.0, beam_size=beams, best_of=1, patience=1.0, most_tokens=most
        )
        (attempt,) = decoder.generate_batch(encoded, tokens, None, settings)
        counts.append(len(attempt.tokens))
    assert counts[:2] == [5, 20]
    assert counts[2] > 20
