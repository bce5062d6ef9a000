"""The edge to faster-whisper and CTranslate2: every untyped call of decoding is here."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import ctranslate2
import numpy as np
from faster_whisper.audio import pad_or_trim
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import (
    WhisperModel,
    get_compression_ratio,
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
from transcriber.engine.errors import ModelError, OutOfMemoryError
from transcriber.engine.memory import is_out_of_memory
from transcriber.engine.results import Word

_SEED = 20_221_206
"""Any constant does; this one is the date of arXiv:2212.04356, Whisper's paper."""

_LATEST_FIRST_TIMESTAMP = 50
"""A window's first timestamp is at most 1 s (50 steps of 20 ms): `max_initial_timestamp`."""

_PREPENDED = "\"'“¿([{-"
_APPENDED = "\"'.。,，!！?？:：”)]}、"  # noqa: RUF001 -- the same.


class LoadedWhisper:
    """A CTranslate2 Whisper model in memory.

    Safe to share between threads: a lock serialises what touches the model, because reseeding
    replaces it.
    """

    def __init__(self, path: Path, *, device: str, compute_type: str, threads: int) -> None:
        self._path = path
        self._arguments = {
            "device": device,
            "compute_type": compute_type,
            "intra_threads": threads,
        }
        self.lock = Lock()
        try:
            self.whisper = WhisperModel(
                str(path),
                device=device,
                compute_type=compute_type,
                cpu_threads=threads,
                local_files_only=True,
            )
        except (MemoryError, RuntimeError, ValueError) as error:
            if is_out_of_memory(error):
                raise OutOfMemoryError(f"Memory ran out while {path} was loaded.") from error
            raise ModelError(f"{path} cannot be loaded by CTranslate2: {error}") from error

    @property
    def device(self) -> str:
        """Where the model runs: `cpu` or `cuda`."""
        return str(self.whisper.model.device)

    @property
    def compute_type(self) -> str:
        """The arithmetic in use, such as `int8_float32`."""
        return str(self.whisper.model.compute_type)

    def reseed(self) -> None:
        """Make sampling start from the same random state as in a fresh process.

        CTranslate2 keeps one random generator per model thread and seeds it only when the
        thread first draws: `set_random_seed` has no effect on a thread that has drawn.  A new
        model has new threads.  The old one's weights are let go first, so that memory does not
        hold both.
        """
        self.whisper.model.unload_model()
        ctranslate2.set_random_seed(_SEED)
        self.whisper.model = ctranslate2.models.Whisper(str(self._path), **self._arguments)

    def unload(self) -> None:
        """Let the weights go."""
        with self.lock:
            self.whisper.model.unload_model()

    def detect_language(self, audio: NDArray[np.float32]) -> list[tuple[str, float]]:
        """Return every language with its probability, likeliest first, from at most 30 s."""
        whisper = self.whisper
        features = pad_or_trim(whisper.feature_extractor(audio))
        with self.lock:
            results: list[tuple[str, float]] = whisper.model.detect_language(
                whisper.encode(features)
            )[0]
        # Tokens look like <|en|>.
        return [(token[2:-2], probability) for token, probability in results]


class WhisperDecoder:
    """A loaded model bound to a language and a task; see `WindowDecoder`."""

    def __init__(self, loaded: LoadedWhisper, *, language: str, task: str) -> None:
        self._loaded = loaded
        whisper = loaded.whisper
        self._tokenizer = Tokenizer(
            whisper.hf_tokenizer, bool(whisper.model.is_multilingual), task=task, language=language
        )
        self._suppressed = list(get_suppressed_tokens(self._tokenizer, [-1]))

    def extract_features(self, audio: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the log-mel spectrogram, (mels, frames)."""
        return self._loaded.whisper.feature_extractor(audio)

    def encode(self, features: NDArray[np.float32]) -> Any:
        """Run the encoder over at most one window of features, padded to 30 s."""
        with self._loaded.lock:
            return self._loaded.whisper.encode(pad_or_trim(features))

    def encode_text(self, text: str) -> list[int]:
        """Return the tokens of a text."""
        return self._tokenizer.encode(text)

    def reseed(self) -> None:
        """Make the next sampled generations draw what they would in a fresh process."""
        with self._loaded.lock:
            self._loaded.reseed()

    def generate(
        self,
        encoded: Any,
        previous_tokens: list[int],
        hotwords: str | None,
        settings: GenerateSettings,
    ) -> Attempt:
        """Write the window's text after `previous_tokens`."""
        whisper = self._loaded.whisper
        prompt = whisper.get_prompt(self._tokenizer, previous_tokens, hotwords=hotwords)
        with self._loaded.lock:
            result = whisper.model.generate(
                encoded,
                [prompt],
                max_length=whisper.max_length,
                return_scores=True,
                return_no_speech_prob=True,
                suppress_blank=True,
                suppress_tokens=self._suppressed,
                max_initial_timestamp_index=_LATEST_FIRST_TIMESTAMP,
                repetition_penalty=settings.repetition_penalty,
                no_repeat_ngram_size=settings.no_repeat_ngram_size,
                **_choose_search(settings),
            )[0]
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
        with self._loaded.lock:
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
