from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import numpy as np
from faster_whisper.tokenizer import Tokenizer
from numpy.typing import NDArray

class _TimedWord(TypedDict):
    start: float
    end: float
    word: str
    probability: float

class _TimedTokens(TypedDict):
    seek: int
    start: float
    end: float
    tokens: list[int]
    words: NotRequired[list[_TimedWord]]

class _FeatureExtractor:
    nb_max_frames: int
    def __call__(self, waveform: NDArray[np.float32]) -> NDArray[np.float32]: ...

class WhisperModel:
    # The CTranslate2 model; its own package is untyped.
    model: Any
    hf_tokenizer: Any
    feature_extractor: _FeatureExtractor
    frames_per_second: int
    max_length: int
    def __init__(
        self,
        model_size_or_path: str,
        device: str = ...,
        compute_type: str = ...,
        cpu_threads: int = ...,
        num_workers: int = ...,
        local_files_only: bool = ...,
    ) -> None: ...
    def encode(self, features: NDArray[np.float32]) -> Any: ...
    def get_prompt(
        self, tokenizer: Tokenizer, previous_tokens: list[int], *, hotwords: str | None = None
    ) -> list[int]: ...
    def _split_segments_by_timestamps(
        self,
        *,
        tokenizer: Tokenizer,
        tokens: list[int],
        time_offset: float,
        segment_size: int,
        segment_duration: float,
        seek: int,
    ) -> tuple[list[_TimedTokens], int, bool]: ...
    def add_word_timestamps(
        self,
        segments: list[list[_TimedTokens]],
        tokenizer: Tokenizer,
        encoder_output: Any,
        num_frames: int,
        prepend_punctuations: str,
        append_punctuations: str,
        last_speech_timestamp: float,
    ) -> float | None: ...

# A ctranslate2.StorageView.
def get_ctranslate2_storage(segment: NDArray[np.float32]) -> Any: ...
def get_compression_ratio(text: str) -> float: ...
def get_suppressed_tokens(
    tokenizer: Tokenizer, suppress_tokens: Sequence[int]
) -> tuple[int, ...]: ...
