"""The loaded models of this process, and whether a model could be loaded at all."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from transcriber.engine import ModelError, Transcriber, tune_allocator
from transcriber.engine.checksums import compute_checksum
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import DetectedLanguage, Segment, Span, SpanResult
from transcriber.engine.staged_models import StagedModel, find_model
from transcriber.infra.settings import Settings
from transcriber.jobs.examined_models import FilesState, read_files_state

Audio = NDArray[np.float32]
FAILURE_SECONDS = 60.0
"""The cause of a failure may lie outside the model's files (a full cache, a busy device) and pass
without any sign, so it is tried again after this long."""


class SegmentStream(Protocol):
    """Segments of a span as they are decoded."""

    def __iter__(self) -> Iterator[Segment]:
        """Yield what was not drawn yet."""
        ...

    def result(self) -> SpanResult:
        """Everything."""
        ...


class SpeechEngine(Protocol):
    """What the runner needs of a loaded model."""

    @property
    def device(self) -> str:
        """Such as `cpu`."""
        ...

    @property
    def compute_type(self) -> str:
        """Such as `int8_float32`."""
        ...

    def check_options(self, options: TranscribeOptions) -> None:
        """Raise OptionsError for what the model cannot do."""
        ...

    def resolve_language(
        self, options: TranscribeOptions, audio: Audio
    ) -> tuple[TranscribeOptions, DetectedLanguage]:
        """Options that name a language, and the language."""
        ...

    def transcribe_span(
        self,
        audio: Audio,
        span: Span,
        options: TranscribeOptions,
        *,
        on_progress: Callable[[float], None] | None = None,
    ) -> SegmentStream:
        """Transcribe one span lazily."""
        ...


class EngineProvider(Protocol):
    """Where the runner gets engines from."""

    def load(self, model: str) -> SpeechEngine:
        """The loaded model.

        Raises:
            ModelError: when it is missing or damaged.
        """
        ...

    def find_problem(self, model: str) -> ModelError | None:
        """Why loading would fail, without trying it; None where it may succeed."""
        ...

    def find_checksum(self, model: str) -> str:
        """SHA-256 of the loaded model's file; raises as `load` does."""
        ...


class LoadedEngines:
    """One model in memory at a time: a second one would double the worker's memory.

    A model whose files changed is loaded anew, so that what readiness says of the files also
    holds for the work.

    Args:
        settings: Where models are staged, and what they run on.
        failure_seconds: How long a failure to load is believed.
    """

    def __init__(self, settings: Settings, *, failure_seconds: float = FAILURE_SECONDS) -> None:
        self._settings = settings
        self._failure_seconds = failure_seconds
        self._engine: Transcriber | None = None
        self._loaded: tuple[str, FilesState] | None = None
        self._failures: dict[str, tuple[FilesState, float, ModelError]] = {}

    def load(self, model: str) -> SpeechEngine:
        """The model, converted and loaded where it is not the one in memory."""
        state = self._read_state(model)
        if self._engine is not None and self._loaded == (model, state):
            return self._engine
        self._engine = self._loaded = None
        try:
            self._engine = self._load(model)
        except ModelError as error:
            self._failures[model] = (state, time.monotonic() + self._failure_seconds, error)
            raise
        self._loaded = (model, state)
        return self._engine

    def find_problem(self, model: str) -> ModelError | None:
        """A missing file, or the failure of a recent try while the files are the same."""
        try:
            state = self._read_state(model)
        except ModelError as error:
            return error
        known = self._failures.get(model)
        if known is None or known[0] != state or time.monotonic() >= known[1]:
            return None
        return known[2]

    def find_checksum(self, model: str) -> str:
        """SHA-256 of the checkpoint, from the record kept beside the conversions."""
        path = _locate_weights(find_model(model, self._settings.models_dir))
        return compute_checksum(path, self._settings.resolved_model_cache_dir)

    def _load(self, model: str) -> Transcriber:
        settings = self._settings
        tune_allocator()
        return Transcriber.load(
            model,
            models_dir=settings.models_dir,
            cache_dir=settings.resolved_model_cache_dir,
            device=settings.device,
            compute_type=settings.compute_type,
            threads=settings.threads,
        )

    def _read_state(self, model: str) -> FilesState:
        return read_files_state(find_model(model, self._settings.models_dir))


def _locate_weights(staged: StagedModel) -> Path:
    return staged.path / "model.bin" if staged.kind == "ctranslate2" else staged.path
