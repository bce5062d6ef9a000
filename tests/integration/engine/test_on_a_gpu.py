"""The same engine on a GPU; where there is none, these are skipped and say so."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
import pytest

from transcriber.engine import Segment, TranscribeOptions, Transcriber
from transcriber.engine.gpu import can_multiply, count_decoders, read_free_bytes
from transcriber.engine.media import open_audio
from transcriber.engine.results import Span
from transcriber.engine.side_by_side import transcribe_side_by_side
from transcriber.engine.speech.planner import PlannedSpan

pytestmark = [
    pytest.mark.weights,
    pytest.mark.skipif(
        ctranslate2.get_cuda_device_count() == 0 or not can_multiply(),
        reason="There is no GPU that can be used here.",
    ),
]


def load(models_dir: Path, cache_dir: Path, **choices: Any) -> Transcriber:
    return Transcriber.load("base", models_dir=models_dir, cache_dir=cache_dir, **choices)


def test_a_gpu_is_chosen_with_half_precision(models_dir: Path, model_cache_dir: Path) -> None:
    engine = load(models_dir, model_cache_dir)
    assert (engine.device, engine.compute_type) == ("cuda", "float16")


def test_as_many_decoders_work_side_by_side_as_there_is_room_for(
    models_dir: Path, model_cache_dir: Path
) -> None:
    free = read_free_bytes()
    assert free is not None
    engine = load(models_dir, model_cache_dir)
    size = (models_dir / "base.pt").stat().st_size
    assert engine.decoders == count_decoders(free, size, "float16")


@pytest.mark.parametrize("options", [{}, {"beam_size": 5}, {"word_timestamps": True}])
def test_decoders_side_by_side_write_what_one_does(
    models_dir: Path, model_cache_dir: Path, options: dict[str, Any]
) -> None:
    """Twelve spans: more than any number of decoders."""
    chosen = TranscribeOptions(language="en", **options)
    with open_audio(models_dir / "demo" / "two_cities.wav") as blocks:
        audio = np.concatenate(list(blocks))
    spans = [PlannedSpan(Span(i, 0.0, len(audio) / 16_000), audio) for i in range(12)]
    texts: list[list[Segment]] = []
    for decoders in (1, 4):
        engine = load(
            models_dir,
            model_cache_dir,
            device="cuda",
            decoders=decoders,
        )

        def transcribe(
            planned: PlannedSpan, tell: Callable[[float], None], engine: Transcriber = engine
        ) -> list[Segment]:
            stream = engine.transcribe_span(planned.audio, planned.span, chosen, on_progress=tell)
            return list(stream)

        found = transcribe_side_by_side(iter(spans), transcribe, decoders, lambda _: None)
        texts += list(found)
    assert texts[0]
    assert all(text == texts[0] for text in texts)


@pytest.mark.parametrize("compute_type", ["float16", "int8_float16", "bfloat16", "float32"])
@pytest.mark.parametrize("is_conditioned", [False, True])
def test_what_is_said_is_heard_as_on_the_cpu(
    models_dir: Path, model_cache_dir: Path, compute_type: str, *, is_conditioned: bool
) -> None:
    engine = load(
        models_dir,
        model_cache_dir,
        device="cuda",
        compute_type=compute_type,
    )
    options = TranscribeOptions(language="en", condition_on_previous_text=is_conditioned)
    segments = engine.transcribe(models_dir / "demo" / "two_cities.wav", options).result().segments
    text = " ".join(segment.text for segment in segments).lower()
    assert "it was the best of times" in text
    assert "it was the season of darkness" in text


def test_words_are_timed_in_order(models_dir: Path, model_cache_dir: Path) -> None:
    engine = load(models_dir, model_cache_dir, device="cuda")
    options = TranscribeOptions(language="en", word_timestamps=True)
    segments = engine.transcribe(models_dir / "demo" / "two_cities.wav", options).result().segments
    words = [word for segment in segments for word in segment.words]
    assert len(words) > 100
    assert all(first.end <= second.start for first, second in pairwise(words))
