"""The loaded models of this process, and whether a model could be loaded at all."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from transcriber.engine import (
    ModelError,
    Transcriber,
    tune_allocator,
    use_one_blas_thread,
)
from transcriber.engine.allocator import release_memory
from transcriber.engine.checksums import compute_checksum
from transcriber.engine.compute_types import (
    choose_compute_type,
    choose_device,
    list_smaller_choices,
)
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import DetectedLanguage, Segment, Span, SpanResult
from transcriber.engine.speakers.voices import Voice
from transcriber.engine.staged_models import find_model
from transcriber.infra.memory_ledger import Room
from transcriber.infra.settings import Settings
from transcriber.infra.worker_shares import count_threads
from transcriber.jobs.admission import Admission, MemoryShortageError, build_admission
from transcriber.jobs.examined_models import FilesState, read_files_state

Audio = NDArray[np.float32]
Choice = tuple[str, str]
"""A device and a compute type."""
REDUCED_SECONDS = 600.0
"""For how long a model that did not fit is computed in the way that did, before the chosen way is
tried again: a machine that is too small would otherwise load the model twice for every span."""
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
        on_fewer: Callable[[int, int], None] | None = None,
    ) -> SegmentStream:
        """Transcribe one span lazily; `on_fewer` hears which numbers of hypotheses replace which.

        Raises:
            OutOfMemoryError: while it is drawn.
        """
        ...

    def hear_voices(
        self, audio: Audio, span: Span, check: Callable[[], None] | None = None
    ) -> Sequence[Voice]:
        """Tell apart who speaks in a span; what `check` raises passes.

        Raises:
            EngineError: they cannot be told apart here.
        """
        ...


class EngineProvider(Protocol):
    """Where the runner gets engines from."""

    def load(self, model: str) -> SpeechEngine:
        """The loaded model.

        Raises:
            ModelError: when it is missing or damaged, or memory is short.
            OutOfMemoryError: when memory ran out all the same.
        """
        ...

    def load_smaller(self, model: str) -> SpeechEngine | None:
        """The model computed in the next smaller way than last; None where none is left.

        `load` gives the model computed that way too for a while.

        Raises:
            ModelError: as `load` does.
            OutOfMemoryError: as `load` does; a further call tries the next way.
        """
        ...

    @property
    def is_reduced(self) -> bool:
        """Whether the loaded model is computed in a smaller way than chosen, for want of memory."""
        ...

    def release(self) -> None:
        """Give the memory of the model back."""
        ...

    def find_problem(self, model: str) -> ModelError | None:
        """Why loading would fail, without trying it; None where it may succeed."""
        ...

    def measure_room(self) -> Room | None:
        """What memory this worker could have at present; None where nobody can say."""
        ...

    def find_checksum(self, model: str) -> str:
        """SHA-256 of the loaded model's file; raises as `load` does."""
        ...


class LoadedEngines:
    """One model in memory at a time: a second one would double the worker's memory.

    A model whose files changed is loaded anew, so that what readiness says of the files also
    holds for the work.  Want of memory is no property of the files, and never remembered.

    Args:
        settings: Where models are staged, and what they run on.
        failure_seconds: How long a failure to load is believed.
        reduced_seconds: How long the chosen way to compute is believed not to fit.
        admission: Grants memory; this machine's without.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        failure_seconds: float = FAILURE_SECONDS,
        reduced_seconds: float = REDUCED_SECONDS,
        admission: Admission | None = None,
    ) -> None:
        self._settings = settings
        self._failure_seconds = failure_seconds
        self._reduced_seconds = reduced_seconds
        self._admission = admission or build_admission(settings)
        self._engine: Transcriber | None = None
        self._loaded: tuple[str, FilesState] | None = None
        self._choice: Choice | None = None
        self._reduced: dict[str, tuple[FilesState, float, Choice]] = {}
        self._failures: dict[str, tuple[FilesState, float, ModelError]] = {}

    def load(self, model: str) -> SpeechEngine:
        """The model, converted and loaded where it is not the one in memory."""
        state = self._read_state(model)
        choice = self._recall(model, state) or self._choose()
        if self._engine is not None and (self._loaded, self._choice) == ((model, state), choice):
            return self._engine
        self._forget()
        try:
            self._engine = self._load(model, choice)
        except MemoryShortageError:
            self.release()
            raise
        except ModelError as error:
            self._failures[model] = (state, time.monotonic() + self._failure_seconds, error)
            raise
        self._loaded = (model, state)
        return self._engine

    def load_smaller(self, model: str) -> SpeechEngine | None:
        """The model in the next smaller way, which `load` gives too for a while."""
        last = self._choice or self._choose()
        smaller = list_smaller_choices(*last)
        self.release()
        if not smaller:
            return None
        state = self._read_state(model)
        self._reduced[model] = (state, time.monotonic() + self._reduced_seconds, smaller[0])
        self._engine = self._load(model, smaller[0])
        self._loaded = (model, state)
        return self._engine

    @property
    def is_reduced(self) -> bool:
        """Whether the loaded model is computed in a smaller way than the settings choose."""
        return self._choice is not None and self._choice != self._choose()

    def release(self) -> None:
        """Drop the model, and give its memory back to the system and to the other workers."""
        self._forget()
        self._choice = None
        release_memory()
        self._admission.release()

    def find_problem(self, model: str) -> ModelError | None:
        """A missing file, the failure of a recent try while the files are the same, no memory."""
        try:
            state = self._read_state(model)
            known = self._failures.get(model)
            if known is not None and known[0] == state and time.monotonic() < known[1]:
                return known[2]
            if self._loaded == (model, state):
                return None
            device, compute_type = self._recall(model, state) or self._choose()
            return self._admission.find_shortage(model, device=device, compute_type=compute_type)
        except ModelError as error:
            return error

    def measure_room(self) -> Room | None:
        """What the machine has left for this worker."""
        return self._admission.look()

    def find_checksum(self, model: str) -> str:
        """SHA-256 of the checkpoint, from the record kept beside the conversions."""
        path = find_model(model, self._settings.models_dir).weights
        return compute_checksum(path, self._settings.resolved_model_cache_dir)

    def _forget(self) -> None:
        if self._engine is not None:
            # Others may still refer to the engine; its weights go at once.
            self._engine.unload()
        self._engine = self._loaded = None

    def _recall(self, model: str, state: FilesState) -> Choice | None:
        known = self._reduced.get(model)
        if known is None or known[0] != state or time.monotonic() >= known[1]:
            return None
        return known[2]

    def _choose(self) -> Choice:
        device = choose_device(self._settings.device)
        return device, choose_compute_type(device, self._settings.compute_type)

    def _load(self, model: str, choice: Choice) -> Transcriber:
        settings = self._settings
        device, compute_type = self._choice = choice
        self._admission.reserve(model, device=device, compute_type=compute_type)
        tune_allocator()
        use_one_blas_thread()
        return Transcriber.load(
            model,
            models_dir=settings.models_dir,
            cache_dir=settings.resolved_model_cache_dir,
            device=device,
            compute_type=compute_type,
            threads=count_threads(settings),
            # A worker has one span at a time.
            decoders=1,
        )

    def _read_state(self, model: str) -> FilesState:
        return read_files_state(find_model(model, self._settings.models_dir))
