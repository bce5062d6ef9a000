"""The whole way from a media file to text, with the real weights on a real recording."""

import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from transcriber.engine import (
    DetectedLanguage,
    OptionsError,
    Progress,
    Span,
    SpanPlanner,
    TranscribeOptions,
    Transcriber,
    open_audio,
    prepare_model,
)
from transcriber.engine.decoding.decoder import GenerateSettings
from transcriber.engine.decoding.loaded import LoadedWhisper
from transcriber.engine.decoding.whisper import WhisperDecoder

pytestmark = pytest.mark.weights
ENGLISH = TranscribeOptions(language="en", beam_size=1, best_of=1)


@pytest.fixture(scope="module")
def engine(models_dir: Path, model_cache_dir: Path) -> Transcriber:
    return Transcriber.load("base", models_dir=models_dir, cache_dir=model_cache_dir, device="cpu")


@pytest.fixture(scope="module")
def recording(models_dir: Path) -> Path:
    return models_dir / "demo" / "two_cities.wav"


@pytest.fixture(scope="module")
def speech(recording: Path) -> NDArray[np.float32]:
    """The first 8.5 seconds: four short sentences."""
    with open_audio(recording) as blocks:
        return np.concatenate([*blocks])[: 17 * 8_000]


@pytest.fixture(scope="module")
def decoder(models_dir: Path, model_cache_dir: Path) -> WhisperDecoder:
    path = prepare_model("base", models_dir, model_cache_dir).path
    loaded = LoadedWhisper(path, device="cpu", compute_type="int8", threads=1)
    return WhisperDecoder(loaded, language="en", task="transcribe")


def write_wave(path: Path, audio: NDArray[np.float32]) -> Path:
    with wave.open(str(path), "wb") as target:
        target.setparams((1, 2, 16_000, 0, "NONE", ""))
        target.writeframes((np.clip(audio, -1, 1) * 32_767).astype("<i2").tobytes())
    return path


def make_noise(seconds: float, level: float) -> NDArray[np.float32]:
    noise = np.random.default_rng(11).standard_normal(int(seconds * 16_000))
    return (level * noise).astype(np.float32)


def make_music(seconds: float) -> NDArray[np.float32]:
    """Plucked notes of a scale over a held chord."""
    times = np.arange(int(seconds * 16_000)) / 16_000
    pitches = np.array([262.0, 330.0, 392.0, 523.0, 440.0, 349.0, 294.0])
    beat = (times * 4).astype(int)
    melody = np.sin(2 * np.pi * pitches[beat % 7] * times) * np.exp(-3 * (times * 4 % 1))
    chord = sum(np.sin(2 * np.pi * pitch * times) for pitch in (131.0, 165.0, 196.0))
    return (0.25 * melody + 0.05 * chord).astype(np.float32)


def test_a_recording_becomes_its_text(engine: Transcriber, recording: Path) -> None:
    told: list[Progress] = []
    stream = engine.transcribe(
        recording, TranscribeOptions(word_timestamps=True, beam_size=1), on_progress=told.append
    )
    first = next(iter(stream))
    assert first.start < 2.0
    transcript = stream.result()
    text = " ".join(segment.text for segment in transcript.segments)
    assert text.startswith("It was the best of times")
    assert "superlative degree of comparison only" in text
    assert transcript.language.language == "en"
    assert transcript.language.probability > 0.8
    assert transcript.duration == pytest.approx(44.37, abs=0.01)
    assert (transcript.model, transcript.task, transcript.dropped) == ("base", "transcribe", ())
    assert told[-1].done_seconds == told[-1].total_seconds == transcript.duration
    assert [p.done_seconds for p in told] == sorted(p.done_seconds for p in told)
    times = [time for s in transcript.segments for time in (s.start, s.end)]
    assert times == sorted(times)
    for segment in transcript.segments:
        words = [time for word in segment.words for time in (word.start, word.end)]
        assert words == sorted(words)
        assert segment.start <= words[0] <= words[-1] <= segment.end
        assert "".join(word.word for word in segment.words).strip() == segment.text


def test_spans_give_the_same_text_in_any_order(
    engine: Transcriber, recording: Path, tmp_path: Path, speech: NDArray[np.float32]
) -> None:
    gap = make_noise(60, 0.001)
    path = write_wave(tmp_path / "long.wav", np.concatenate([speech, gap, speech, gap, speech]))
    whole = engine.transcribe(path, ENGLISH).result()
    planner = SpanPlanner()
    with open_audio(path) as blocks:
        planned = [each for block in blocks for each in planner.feed(block)] + planner.finish()
    assert len(planned) >= 2
    results = [engine.transcribe_span(p.audio, p.span, ENGLISH).result() for p in planned[::-1]]
    assert [s for result in results[::-1] for s in result.segments] == list(whole.segments)
    text = " ".join(segment.text for segment in whole.segments)
    assert text.lower().count("best of times") == 3
    starts = [s.start for s in whole.segments if "best of times" in s.text.lower()]
    assert starts == pytest.approx([0.8, 69.3, 137.8], abs=0.8)


def test_sampling_gives_the_same_text_again(
    engine: Transcriber, speech: NDArray[np.float32]
) -> None:
    options = TranscribeOptions(language="en", temperature=(0.9,), best_of=2)
    span = Span(0, 0.0, len(speech) / 16_000)
    first = engine.transcribe_span(speech, span, options).result()
    engine.transcribe_span(speech[::2].copy(), Span(0, 0.0, 4.25), options).result()
    assert engine.transcribe_span(speech, span, options).result() == first
    assert first.segments[0].temperature == 0.9


@pytest.mark.parametrize("vad_filter", [True, False])
@pytest.mark.parametrize(
    "audio",
    [np.zeros(160_000, np.float32), make_noise(12, 0.05), make_music(12)],
    ids=["silence", "noise", "music"],
)
def test_what_is_not_speech_gives_no_text(
    engine: Transcriber, audio: NDArray[np.float32], *, vad_filter: bool
) -> None:
    options = TranscribeOptions(language="en", vad_filter=vad_filter)
    span = Span(0, 0.0, len(audio) / 16_000)
    result = engine.transcribe_span(audio, span, options).result()
    assert result.segments == (), result


def test_english_speech_can_be_written_in_another_language(
    engine: Transcriber, speech: NDArray[np.float32]
) -> None:
    span = Span(0, 0.0, 8.5)
    options = TranscribeOptions(language="fr", beam_size=1, best_of=1, temperature=(0.0,))
    result = engine.transcribe_span(speech, span, options).result()
    # Which French words they are differs between processors, whose 8-bit sums round differently.
    assert "le meilleur" in " ".join(each.text for each in result.segments).lower()


def test_hotwords_and_the_prompt_reach_the_model(
    engine: Transcriber, speech: NDArray[np.float32]
) -> None:
    span = Span(0, 0.0, 8.5)
    plain = engine.transcribe_span(speech, span, ENGLISH).result()
    options = TranscribeOptions(
        language="en", beam_size=1, initial_prompt="it was the lower case, without full stops"
    )
    prompted = engine.transcribe_span(speech, span, options).result()
    assert "best of times" in plain.segments[0].text
    assert [s.avg_logprob for s in prompted.segments] != [s.avg_logprob for s in plain.segments]
    hot = engine.transcribe_span(
        speech, span, TranscribeOptions(language="en", beam_size=1, hotwords="Dickens")
    ).result()
    assert [s.avg_logprob for s in hot.segments] != [s.avg_logprob for s in plain.segments]


def test_the_language_is_detected_from_speech_alone(
    engine: Transcriber, speech: NDArray[np.float32]
) -> None:
    audio = np.concatenate([make_noise(40, 0.001), speech])
    detected = engine.detect_language(audio)
    assert detected.language == "en"
    assert detected.probability > 0.8
    assert engine.detect_language(make_noise(5, 0.001)) == DetectedLanguage("en", 0.0)


def test_a_span_needs_a_known_language(engine: Transcriber, speech: NDArray[np.float32]) -> None:
    with pytest.raises(OptionsError, match="must be resolved"):
        engine.transcribe_span(speech, Span(0, 0, 8.5), TranscribeOptions())
    with pytest.raises(OptionsError, match="'klingon' is not one that base knows: af, am,"):
        engine.transcribe("unopened.wav", TranscribeOptions(language="klingon"))


def test_a_word_that_the_recording_breaks_off_at_is_written_once(
    engine: Transcriber, speech: NDArray[np.float32], tmp_path: Path
) -> None:
    path = write_wave(tmp_path / "broken_off.wav", speech[:46_400])
    transcript = engine.transcribe(path, ENGLISH).result()
    assert [segment.text for segment in transcript.segments] == ["It was the best of times."]
    assert [passage.text for passage in transcript.dropped] == ["times."]


@pytest.mark.parametrize(
    "prompt", ["", "Dickens", "It was the season of light, it was the season of darkness. " * 4]
)
@pytest.mark.parametrize("beams", [1, 5])
def test_a_text_has_no_more_tokens_than_it_may_whatever_stands_before_it(
    decoder: WhisperDecoder, speech: NDArray[np.float32], prompt: str, beams: int
) -> None:
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
