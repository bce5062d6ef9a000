"""A stand-in for a Whisper model: it writes what a test tells it to, window by window."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcriber.engine.decoding.decoder import (
    FRAMES_PER_SECOND,
    Attempt,
    GenerateSettings,
    Passage,
    WindowSplit,
)
from transcriber.engine.results import Word

HOP_SAMPLES = 160


def write(
    text: str = "Good words.",
    *,
    avg_logprob: float = -0.2,
    no_speech_prob: float = 0.01,
    compression_ratio: float = 1.2,
    temperature: float = 0.0,
) -> Attempt:
    """An attempt that passes every test unless told otherwise; one token per passage."""
    tokens = tuple(range(len(text.split("|"))))
    return Attempt(tokens, text, avg_logprob, no_speech_prob, compression_ratio, temperature)


@dataclass
class FakeDecoder:
    """Gives the attempts of `script(settings, window)`; passages are parted by `|` in the text.

    Passages share their window evenly; `overrun_seconds` moves them later.
    """

    script: Callable[[GenerateSettings, int], Attempt]
    overrun_seconds: float = 0.0
    calls: list[tuple[int, list[int], str | None, GenerateSettings]] = field(
        default_factory=list[tuple[int, list[int], str | None, GenerateSettings]]
    )
    batches: list[list[int]] = field(default_factory=list[list[int]])
    written: list[int] = field(default_factory=list[int])
    heard: dict[int, tuple[str, float]] = field(default_factory=dict[int, tuple[str, float]])
    script_of: Callable[[str, int], Attempt] = lambda language, window: write(
        f"{language} {window}"
    )
    spoken: dict[str, "FakeDecoder"] = field(default_factory=dict[str, "FakeDecoder"])
    reseeds: int = 0
    windows: int = 0
    batch_hypotheses: int = 10

    def extract_features(self, audio: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.zeros((80, len(audio) // HOP_SAMPLES + 1), np.float32)

    def encode(self, features: NDArray[np.float32]) -> Any:
        self.windows += 1
        return self.windows - 1

    def encode_text(self, text: str) -> list[int]:
        return [ord(character) for character in text]

    def encode_batch(self, features: Sequence[NDArray[np.float32]]) -> list[Any]:
        self.batches.append([each.shape[-1] for each in features])
        return [self.encode(each) for each in features]

    def generate_batch(
        self,
        encoded: Sequence[Any],
        previous_tokens: list[int],
        hotwords: str | None,
        settings: GenerateSettings,
    ) -> list[Attempt]:
        self.written.append(len(encoded))
        return [self.generate(each, previous_tokens, hotwords, settings) for each in encoded]

    def tell_languages(self, encoded: Sequence[Any]) -> list[tuple[str, float]]:
        return [self.heard[each] for each in encoded]

    def speaking(self, language: str) -> "FakeDecoder":
        other = replace(self, script=lambda settings, window: self.script_of(language, window))
        self.spoken[language] = other
        return other

    @contextmanager
    def sampling(self) -> Generator[None]:
        self.reseeds += 1
        yield

    def generate(
        self,
        encoded: Any,
        previous_tokens: list[int],
        hotwords: str | None,
        settings: GenerateSettings,
    ) -> Attempt:
        self.calls.append((encoded, previous_tokens, hotwords, settings))
        return self.script(settings, encoded)

    def split(self, attempt: Attempt, offset_frames: int, frames: int) -> WindowSplit:
        texts = attempt.text.split("|")
        step = frames / FRAMES_PER_SECOND / len(texts)
        first = offset_frames / FRAMES_PER_SECOND + self.overrun_seconds
        passages = tuple(
            Passage(first + step * i, first + step * (i + 1), text, (i,))
            for i, text in enumerate(texts)
        )
        return WindowSplit(passages, frames, ends_whole=True)

    def time_words(
        self,
        encoded: Any,
        passages: tuple[Passage, ...],
        offset_frames: int,
        frames: int,
        last_speech: float,
    ) -> tuple[Passage, ...]:
        return tuple(
            Passage(p.start, p.end, p.text, p.tokens, (Word(p.start, p.end, p.text, 0.9),))
            for p in passages
        )
