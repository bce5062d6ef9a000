"""The edge to faster-whisper and CTranslate2: what is asked of a loaded model."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from ctranslate2 import DataType
from faster_whisper.audio import pad_or_trim
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import (
    get_compression_ratio,
    get_ctranslate2_storage,
    get_suppressed_tokens,
)
from numpy.typing import NDArray

from transcriber.engine.decoding.decoder import (
    FRAMES_PER_SECOND,
    Attempt,
    GenerateSettings,
    Passage,
    WindowSplit,
)
from transcriber.engine.decoding.loaded import LoadedWhisper
from transcriber.engine.results import Word

_LATEST_FIRST_TIMESTAMP = 50
"""A window's first timestamp is at most 1 s (50 steps of 20 ms): `max_initial_timestamp`."""

BATCH_HYPOTHESES = {"cpu": 10, "cuda": 40}
"""On a CPU what the estimate of memory was measured with, where more are hardly faster each; on a
GPU eight chunks with five beams, which are."""

_PREPENDED = "\"'“¿([{-"
_APPENDED = "\"'.。,，!！?？:：”)]}、"  # noqa: RUF001 -- the same.


class WhisperDecoder:
    """A loaded model bound to a language and a task; see `WindowDecoder`."""

    def __init__(self, loaded: LoadedWhisper, *, language: str, task: str) -> None:
        self._loaded = loaded
        whisper = loaded.whisper
        self._tokenizer = Tokenizer(
            whisper.hf_tokenizer, bool(whisper.model.is_multilingual), task=task, language=language
        )
        self._task = task
        self._suppressed = list(get_suppressed_tokens(self._tokenizer, [-1]))
        self._sampler: Any = None

    @property
    def batch_hypotheses(self) -> int:
        """So many beams, of all chunks of a batch together, are written at a time."""
        return BATCH_HYPOTHESES[self._loaded.device]

    def extract_features(self, audio: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the log-mel spectrogram, (mels, frames)."""
        return self._loaded.whisper.feature_extractor(audio)

    def encode(self, features: NDArray[np.float32]) -> Any:
        """Run the encoder over at most one window of features, padded to 30 s."""
        with self._loaded.use():
            return self._loaded.whisper.encode(pad_or_trim(features))

    def encode_batch(self, features: Sequence[NDArray[np.float32]]) -> list[Any]:
        """Run the encoder over each of some features of equal length, without padding.

        On a CPU one after the other: several in one call were slower each.  A GPU has them all at
        once.
        """
        with self._loaded.use() as model:
            if self._loaded.device == "cpu":
                return [
                    model.encode(get_ctranslate2_storage(each[np.newaxis]), to_cpu=True)
                    for each in features
                ]
            stacked = model.encode(get_ctranslate2_storage(np.stack(features)), to_cpu=True)
        # NumPy knows no bfloat16.
        floats = np.asarray(stacked.to(DataType.float32))
        return [get_ctranslate2_storage(each[np.newaxis]) for each in floats]

    def tell_languages(self, encoded: Sequence[Any]) -> list[tuple[str, float]]:
        """Return the likeliest language of each that `encode_batch` gave, with its probability."""
        with self._loaded.use() as model:
            # Tokens look like <|en|>.
            return [
                (token[2:-2], float(probability))
                for each in encoded
                for token, probability in model.detect_language(each)[0][:1]
            ]

    def speaking(self, language: str) -> "WhisperDecoder":
        """Return the same model bound to another language."""
        return WhisperDecoder(self._loaded, language=language, task=self._task)

    def encode_text(self, text: str) -> list[int]:
        """Return the tokens of a text."""
        return self._tokenizer.encode(text)

    @contextmanager
    def sampling(self) -> Generator[None]:
        """Within it, sampled generations draw what they would in a fresh process."""
        with self._loaded.sample() as model:
            self._sampler = model
            try:
                yield
            finally:
                self._sampler = None

    def generate(
        self,
        encoded: Any,
        previous_tokens: list[int],
        hotwords: str | None,
        settings: GenerateSettings,
    ) -> Attempt:
        """Write the window's text after `previous_tokens`."""
        (attempt,) = self._generate(encoded, 1, previous_tokens, hotwords, settings)
        return attempt

    def generate_batch(
        self,
        encoded: Sequence[Any],
        previous_tokens: list[int],
        hotwords: str | None,
        settings: GenerateSettings,
    ) -> list[Attempt]:
        """Write the text of each of what `encode_batch` gave, after the same tokens."""
        stacked = get_ctranslate2_storage(
            np.concatenate([np.asarray(each, np.float32) for each in encoded])
        )
        return self._generate(stacked, len(encoded), previous_tokens, hotwords, settings)

    def _generate(
        self,
        encoded: Any,
        count: int,
        previous_tokens: list[int],
        hotwords: str | None,
        settings: GenerateSettings,
    ) -> list[Attempt]:
        whisper = self._loaded.whisper
        prompt = whisper.get_prompt(self._tokenizer, previous_tokens, hotwords=hotwords)
        with self._loaded.use() as model:
            results = (self._sampler or model).generate(
                encoded,
                [prompt] * count,
                max_length=_bound_length(whisper.max_length, len(prompt), settings.most_tokens),
                return_scores=True,
                return_no_speech_prob=True,
                suppress_blank=True,
                suppress_tokens=self._suppressed,
                max_initial_timestamp_index=_LATEST_FIRST_TIMESTAMP,
                repetition_penalty=settings.repetition_penalty,
                no_repeat_ngram_size=settings.no_repeat_ngram_size,
                **_choose_search(settings),
            )
        return [self._read_attempt(result, settings) for result in results]

    def _read_attempt(self, result: Any, settings: GenerateSettings) -> Attempt:
        tokens: list[int] = result.sequences_ids[0]
        text = self._tokenizer.decode(tokens).strip()
        # The score is the mean over the tokens; the reference also counts the end of text.
        avg_logprob = float(result.scores[0]) * len(tokens) / (len(tokens) + 1)
        return Attempt(
            tuple(tokens),
            text,
            avg_logprob,
            float(result.no_speech_prob),
            float(get_compression_ratio(text)),
            settings.temperature,
        )

    def split(self, attempt: Attempt, offset_frames: int, frames: int) -> WindowSplit:
        """Split a window of `frames` that begins at `offset_frames` by its timestamps."""
        pieces, seek, ends_whole = self._loaded.whisper._split_segments_by_timestamps(  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] -- faster-whisper offers the rule nowhere else.
            tokenizer=self._tokenizer,
            tokens=list(attempt.tokens),
            time_offset=offset_frames / FRAMES_PER_SECOND,
            segment_size=frames,
            segment_duration=frames / FRAMES_PER_SECOND,
            seek=offset_frames,
        )
        passages = tuple(
            Passage(
                float(piece["start"]),
                float(piece["end"]),
                self._tokenizer.decode(piece["tokens"]),
                tuple(piece["tokens"]),
            )
            for piece in pieces
        )
        return WindowSplit(passages, seek - offset_frames, ends_whole)

    def time_words(
        self,
        encoded: Any,
        passages: tuple[Passage, ...],
        offset_frames: int,
        frames: int,
        last_speech: float,
    ) -> tuple[Passage, ...]:
        """Time the words of a window's passages by the model's cross-attention."""
        pieces: list[Any] = [
            {
                "seek": offset_frames,
                "start": passage.start,
                "end": passage.end,
                "tokens": list(passage.tokens),
            }
            for passage in passages
        ]
        with self._loaded.use():
            self._loaded.whisper.add_word_timestamps(
                [pieces], self._tokenizer, encoded, frames, _PREPENDED, _APPENDED, last_speech
            )
        return tuple(
            Passage(
                float(piece["start"]),
                float(piece["end"]),
                passage.text,
                passage.tokens,
                _read_words(piece.get("words", [])),
            )
            for piece, passage in zip(pieces, passages, strict=True)
        )


def _bound_length(model_length: int, prompt_tokens: int, most_tokens: int | None) -> int:
    """Return the `max_length` with which CTranslate2 writes at most so many tokens.

    CTranslate2 writes at most half of its `max_length`, and at most what the prompt, less its last
    token, leaves of it.
    """
    if most_tokens is None:
        return model_length
    return min(model_length, max(2 * most_tokens, prompt_tokens - 1 + most_tokens))


def _choose_search(settings: GenerateSettings) -> dict[str, Any]:
    if settings.temperature == 0:
        return {"beam_size": settings.beam_size, "patience": settings.patience}
    return {
        "beam_size": 1,
        "num_hypotheses": settings.best_of,
        "sampling_topk": 0,
        "sampling_temperature": settings.temperature,
    }


def _read_words(timed: Sequence[Any]) -> tuple[Word, ...]:
    return tuple(
        Word(float(word["start"]), float(word["end"]), word["word"], float(word["probability"]))
        for word in timed
    )
