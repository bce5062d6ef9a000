"""A decoder that goes on with fewer hypotheses where memory runs out."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcriber.engine.decoding.decoder import (
    Attempt,
    GenerateSettings,
    Passage,
    WindowDecoder,
    WindowSplit,
)
from transcriber.engine.errors import OutOfMemoryError
from transcriber.engine.memory import name_memory_errors

OnFewer = Callable[[int, int], None]
"""Told the number of hypotheses that did not fit, and the number that is tried next."""


@dataclass(slots=True)
class _Room:
    """How many hypotheses fit at a time; None while nothing did not."""

    hypotheses: int | None = None


class FrugalDecoder:
    """A decoder around another; what memory forced once holds for the rest of the span.

    Every hypothesis (a beam, or a sample) keeps its own keys and values, so half of them take half
    of that memory.  Errors of libraries that mean the same leave it as `OutOfMemoryError`.

    Args:
        decoder: Does the work.
        on_fewer: Called before a window is generated again.
        room: What another such decoder of the span learned of the memory.
    """

    def __init__(
        self,
        decoder: WindowDecoder,
        on_fewer: OnFewer | None = None,
        room: _Room | None = None,
    ) -> None:
        self._decoder = decoder
        self._on_fewer = on_fewer
        self._room = room or _Room()

    @property
    def batch_hypotheses(self) -> int:
        """So many beams, of all chunks of a batch together, are written at a time."""
        return self._decoder.batch_hypotheses

    def extract_features(self, audio: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the log-mel spectrogram, (mels, frames)."""
        with name_memory_errors():
            return self._decoder.extract_features(audio)

    def encode(self, features: NDArray[np.float32]) -> Any:
        """Run the encoder over at most one window of features, padded to 30 s."""
        with name_memory_errors():
            return self._decoder.encode(features)

    def encode_text(self, text: str) -> list[int]:
        """Return the tokens of a text."""
        return self._decoder.encode_text(text)

    def encode_batch(self, features: Sequence[NDArray[np.float32]]) -> list[Any]:
        """Run the encoder over each of some features of equal length, without padding."""
        with name_memory_errors():
            return self._decoder.encode_batch(features)

    def tell_languages(self, encoded: Sequence[Any]) -> list[tuple[str, float]]:
        """Return the likeliest language of each that `encode_batch` gave, with its probability."""
        with name_memory_errors():
            return self._decoder.tell_languages(encoded)

    def speaking(self, language: str) -> "FrugalDecoder":
        """Return the same model bound to another language; memory is counted for both together."""
        return FrugalDecoder(self._decoder.speaking(language), self._on_fewer, self._room)

    @contextmanager
    def sampling(self) -> Generator[None]:
        """Within it, sampled generations draw what they would in a fresh process."""
        with name_memory_errors(), self._decoder.sampling():
            yield

    def generate(
        self,
        encoded: Any,
        previous_tokens: list[int],
        hotwords: str | None,
        settings: GenerateSettings,
    ) -> Attempt:
        """Write the window's text, with half as many hypotheses each time memory runs out.

        Raises:
            OutOfMemoryError: one hypothesis does not fit either.
        """
        while True:
            bounded = self._bound(settings)
            try:
                with name_memory_errors():
                    return self._decoder.generate(encoded, previous_tokens, hotwords, bounded)
            except OutOfMemoryError as error:
                self._lower(_count_hypotheses(bounded), error)

    def generate_batch(
        self,
        encoded: Sequence[Any],
        previous_tokens: list[int],
        hotwords: str | None,
        settings: GenerateSettings,
    ) -> list[Attempt]:
        """Write the texts of a batch: in smaller batches where memory runs out, then as above.

        Raises:
            OutOfMemoryError: one hypothesis does not fit either.
        """
        attempts: list[Attempt] = []
        while len(attempts) < len(encoded):
            bounded = self._bound(settings)
            each = _count_hypotheses(bounded)
            room = (
                len(encoded)
                if self._room.hypotheses is None
                else max(1, self._room.hypotheses // each)
            )
            batch = encoded[len(attempts) : len(attempts) + room]
            try:
                with name_memory_errors():
                    attempts += self._decoder.generate_batch(
                        batch, previous_tokens, hotwords, bounded
                    )
            except OutOfMemoryError as error:
                self._lower(each * len(batch), error)
        return attempts

    def split(self, attempt: Attempt, offset_frames: int, frames: int) -> WindowSplit:
        """Split a window of `frames` that begins at `offset_frames` by its timestamps."""
        return self._decoder.split(attempt, offset_frames, frames)

    def time_words(
        self,
        encoded: Any,
        passages: tuple[Passage, ...],
        offset_frames: int,
        frames: int,
        last_speech: float,
    ) -> tuple[Passage, ...]:
        """Time the words of a window's passages by the model's cross-attention."""
        with name_memory_errors():
            return self._decoder.time_words(encoded, passages, offset_frames, frames, last_speech)

    def _lower(self, count: int, error: OutOfMemoryError) -> None:
        """Halve the hypotheses at a time; a single one that did not fit is an error."""
        if count == 1:
            raise error
        self._room.hypotheses = count // 2
        if self._on_fewer is not None:
            self._on_fewer(count, self._room.hypotheses)

    def _bound(self, settings: GenerateSettings) -> GenerateSettings:
        if self._room.hypotheses is None:
            return settings
        return replace(
            settings,
            beam_size=min(settings.beam_size, self._room.hypotheses),
            best_of=min(settings.best_of, self._room.hypotheses),
        )


def _count_hypotheses(settings: GenerateSettings) -> int:
    return settings.beam_size if settings.temperature == 0 else settings.best_of
