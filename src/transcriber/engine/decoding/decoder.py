"""What decoding needs of a model: small values and one Protocol, so that rules test alone."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from transcriber.engine.results import Word

WINDOW_FRAMES = 3_000
"""Whisper's encoder sees exactly 30 s: 3000 mel frames of 10 ms."""

FRAMES_PER_SECOND = 100
"""Mel frames per second (a hop of 160 samples at 16 kHz)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateSettings:
    """How one attempt at a window is generated.

    Attributes:
        temperature: 0 is beam search, above it `best_of` samples are drawn.
        beam_size: Beams at temperature 0.
        best_of: Samples above temperature 0.
        patience: Beam search patience factor.
        repetition_penalty: Above 1 lowers the score of tokens already written.
        no_repeat_ngram_size: No run of this many tokens is written twice; 0 allows all.
        most_tokens: The text is broken off after so many; None leaves it at the model's own bound.
    """

    temperature: float
    beam_size: int
    best_of: int
    patience: float
    repetition_penalty: float = 1.0
    no_repeat_ngram_size: int = 0
    most_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one generation of a window gave, with the model's measures of trust."""

    tokens: tuple[int, ...]
    text: str
    avg_logprob: float
    no_speech_prob: float
    compression_ratio: float
    temperature: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a window's text between two times, in seconds from the first window's start."""

    start: float
    end: float
    text: str
    tokens: tuple[int, ...]
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class WindowSplit:
    """A window's passages and how many of its frames they settle.

    Attributes:
        passages: In order; the unfinished one at the end is left to the next window.
        settled_frames: The next window begins this many frames after this one.
        ends_whole: The model closed its last passage: nothing is spoken after it.
    """

    passages: tuple[Passage, ...]
    settled_frames: int
    ends_whole: bool


class WindowDecoder(Protocol):
    """A model bound to one language and task."""

    @property
    def batch_hypotheses(self) -> int:
        """So many beams, of all chunks of a batch together, are written at a time."""
        ...

    def extract_features(self, audio: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the log-mel spectrogram, (mels, frames)."""
        ...

    def encode(self, features: NDArray[np.float32]) -> Any:
        """Run the encoder over at most one window of features, padded to 30 s."""
        ...

    def encode_text(self, text: str) -> list[int]:
        """Return the tokens of a text."""
        ...

    def generate(
        self,
        encoded: Any,
        previous_tokens: list[int],
        hotwords: str | None,
        settings: GenerateSettings,
    ) -> Attempt:
        """Write the window's text after `previous_tokens`."""
        ...

    def encode_batch(self, features: Sequence[NDArray[np.float32]]) -> list[Any]:
        """Run the encoder over each of some features of equal length, without padding."""
        ...

    def generate_batch(
        self,
        encoded: Sequence[Any],
        previous_tokens: list[int],
        hotwords: str | None,
        settings: GenerateSettings,
    ) -> list[Attempt]:
        """Write the text of each of what `encode_batch` gave, after the same tokens."""
        ...

    def tell_languages(self, encoded: Sequence[Any]) -> list[tuple[str, float]]:
        """Return the likeliest language of each that `encode_batch` gave, with its probability."""
        ...

    def speaking(self, language: str) -> "WindowDecoder":
        """Return the same model bound to another language."""
        ...

    def sampling(self) -> AbstractContextManager[None]:
        """Within it, sampled generations draw what they would in a fresh process."""
        ...

    def split(self, attempt: Attempt, offset_frames: int, frames: int) -> WindowSplit:
        """Split a window of `frames` that begins at `offset_frames` by its timestamps."""
        ...

    def time_words(
        self,
        encoded: Any,
        passages: tuple[Passage, ...],
        offset_frames: int,
        frames: int,
        last_speech: float,
    ) -> tuple[Passage, ...]:
        """Time the words of a window's passages by the model's cross-attention."""
        ...
