"""The loaded models of this process, and whether a model could be loaded at all."""

from collections.abc import Callable, Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from transcriber.engine import Transcriber, tune_allocator
from transcriber.engine.checksums import compute_checksum
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import DetectedLanguage, Segment, Span, SpanResult
from transcriber.engine.staged_models import find_model
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

    def find_checksum(self, model: str) -> str:
        """SHA-256 of the loaded model's file; raises as `load` does."""
        ...


class LoadedEngines:
    """One model in memory at a time: a second one would double the worker's memory."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._name: str | None = None
        self._engine: Transcriber | None = None

    def load(self, model: str) -> SpeechEngine:
        """The model, converted and loaded where it is not the one in memory."""
        if self._engine is not None and self._name == model:
            return self._engine
        self._engine = self._name = None
        settings = self._settings
        tune_allocator()
        self._engine = Transcriber.load(
            model,
            models_dir=settings.models_dir,
            cache_dir=settings.resolved_model_cache_dir,
            device=settings.device,
            compute_type=settings.compute_type,
            threads=settings.threads,
        )
        self._name = model
        return self._engine

    def find_checksum(self, model: str) -> str:
        """SHA-256 of the checkpoint, from the record kept beside the conversions."""
        staged = find_model(model, self._settings.models_dir)
        path = staged.path / "model.bin" if staged.kind == "ctranslate2" else staged.path
        return compute_checksum(path, self._settings.resolved_model_cache_dir)
