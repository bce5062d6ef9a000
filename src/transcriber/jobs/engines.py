"""The loaded models of this process, and whether a model could be loaded at all."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from transcriber.engine import ModelError, Transcriber, tune_allocator
from transcriber.engine.checksums import Fingerprint, compute_checksum, read_fingerprint
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import DetectedLanguage, Segment, Span, SpanResult
from transcriber.engine.staged_models import StagedModel, find_model
from transcriber.infra.settings import Settings

Audio = NDArray[np.float32]


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
    """One model in memory at a time: a second one would double the worker's memory."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._name: str | None = None
        self._engine: Transcriber | None = None
        self._failures: dict[str, tuple[Fingerprint, ModelError]] = {}

    def load(self, model: str) -> SpeechEngine:
        """The model, converted and loaded where it is not the one in memory."""
        if self._engine is not None and self._name == model:
            return self._engine
        self._engine = self._name = None
        try:
            self._engine = self._load(model)
        except ModelError as error:
            fingerprint = self._read_fingerprint(model)
            if fingerprint is not None:
                self._failures[model] = (fingerprint, error)
            raise
        self._name = model
        return self._engine

    def find_problem(self, model: str) -> ModelError | None:
        """A missing file, or the failure of the last try while the file is the same."""
        try:
            find_model(model, self._settings.models_dir)
        except ModelError as error:
            return error
        known = self._failures.get(model)
        if known is None or known[0] != self._read_fingerprint(model):
            return None
        return known[1]

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

    def _read_fingerprint(self, model: str) -> Fingerprint | None:
        try:
            return read_fingerprint(_locate_weights(find_model(model, self._settings.models_dir)))
        except ModelError:
            # A file that cannot be found or read has no state to compare with.
            return None


def _locate_weights(staged: StagedModel) -> Path:
    return staged.path / "model.bin" if staged.kind == "ctranslate2" else staged.path
