"""The same engine on a GPU; where there is none, these are skipped and say so."""

from itertools import pairwise
from pathlib import Path

import ctranslate2
import pytest

from transcriber.engine import TranscribeOptions, Transcriber

pytestmark = [
    pytest.mark.weights,
    pytest.mark.skipif(
        ctranslate2.get_cuda_device_count() == 0, reason="There is no GPU that can be used here."
    ),
]


def test_a_gpu_is_chosen_with_half_precision(models_dir: Path, model_cache_dir: Path) -> None:
    engine = Transcriber.load("base", models_dir=models_dir, cache_dir=model_cache_dir)
    assert (engine.device, engine.compute_type) == ("cuda", "float16")


@pytest.mark.parametrize("compute_type", ["float16", "int8_float16"])
@pytest.mark.parametrize("is_conditioned", [False, True])
def test_what_is_said_is_heard_as_on_the_cpu(
    models_dir: Path, model_cache_dir: Path, compute_type: str, *, is_conditioned: bool
) -> None:
    engine = Transcriber.load(
        "base",
        models_dir=models_dir,
        cache_dir=model_cache_dir,
        device="cuda",
        compute_type=compute_type,
    )
    options = TranscribeOptions(language="en", condition_on_previous_text=is_conditioned)
    segments = engine.transcribe(models_dir / "demo" / "two_cities.wav", options).result().segments
    text = " ".join(segment.text for segment in segments).lower()
    assert "it was the best of times" in text
    assert "it was the season of darkness" in text


def test_words_are_timed_in_order(models_dir: Path, model_cache_dir: Path) -> None:
    engine = Transcriber.load(
        "base", models_dir=models_dir, cache_dir=model_cache_dir, device="cuda"
    )
    options = TranscribeOptions(language="en", word_timestamps=True)
    segments = engine.transcribe(models_dir / "demo" / "two_cities.wav", options).result().segments
    words = [word for segment in segments for word in segment.words]
    assert len(words) > 100
    assert all(first.end <= second.start for first, second in pairwise(words))
