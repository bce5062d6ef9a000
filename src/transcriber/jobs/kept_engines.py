"""The engines of one worker process: what the loaded model weighs, and for how long it is kept."""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

import psutil
import structlog

from transcriber.engine.errors import ModelError
from transcriber.infra.memory_ledger import Room
from transcriber.infra.meter import Meter
from transcriber.infra.tracing import Tracer
from transcriber.infra.vitals import Vitals
from transcriber.jobs.engines import EngineProvider, SpeechEngine
from transcriber.jobs.stages import FAILED, OK, Course, trace_stage

_log = structlog.stdlib.get_logger(__name__)


class KeptEngines:
    """Weighs each model that is loaded, and gives back one that was not used for long.

    An idle process would otherwise keep for ever what another one is short of.

    Args:
        engines: Where models are loaded.
        vitals: Gets the weight.
        idle_seconds: How long an unused model is kept; 0 for ever.
        meter: Counts how long loading takes.
        tracer: Makes it a part of the slice that it is done for.
    """

    def __init__(
        self,
        engines: EngineProvider,
        vitals: Vitals,
        idle_seconds: float = 0,
        meter: Meter | None = None,
        tracer: Tracer | None = None,
    ) -> None:
        self._engines = engines
        self._vitals = vitals
        self._idle_seconds = idle_seconds
        self._meter = meter or Meter()
        self._tracer = tracer or Tracer()
        self._loaded: SpeechEngine | None = None
        self._model: str | None = None
        self._used_at = time.monotonic()
        self._lock = threading.Lock()

    @contextmanager
    def in_use(self) -> Generator[None]:
        """Nothing is given back meanwhile; held by the one thread that works."""
        with self._lock:
            before = self._used_at
            yield
            # A token that brought no work used no model.
            if self._used_at != before:
                self._used_at = time.monotonic()

    def release_idle(self) -> None:
        """Give the model back when it was not used for long; called by another thread."""
        if self._idle_seconds == 0 or not self._lock.acquire(blocking=False):
            return
        try:
            idle = time.monotonic() - self._used_at
            if self._loaded is not None and idle > self._idle_seconds:
                self.release()
                _log.info("model_released", idle_seconds=round(idle))
        finally:
            self._lock.release()

    def load(self, model: str) -> SpeechEngine:
        """The loaded model, from the provider within."""
        began = time.perf_counter()
        try:
            engine = self._engines.load(model)
        except ModelError:
            self._note_load(model, FAILED, began)
            raise
        if engine is not self._loaded:
            self._note_load(model, OK, began)
        self._used_at = time.monotonic()
        self._model = model
        if engine is not self._loaded:
            self._loaded = engine
            self._vitals.loaded_bytes = psutil.Process().memory_info().rss
        return engine

    def load_smaller(self, model: str) -> SpeechEngine | None:
        """What the provider within gives."""
        self._loaded = self._engines.load_smaller(model)
        return self._loaded

    def describe_loaded(self) -> tuple[str, str] | None:
        """The loaded model and what it runs on; asked by another thread."""
        engine, model = self._loaded, self._model
        if engine is None or model is None:
            return None
        return model, f"{engine.device} {engine.compute_type}"

    @property
    def is_reduced(self) -> bool:
        """What the provider within says."""
        return self._engines.is_reduced

    def release(self) -> None:
        """Give the model's memory back."""
        self._loaded = None
        self._engines.release()

    def find_problem(self, model: str) -> ModelError | None:
        """What the provider within says."""
        return self._engines.find_problem(model)

    def measure_room(self) -> Room | None:
        """What the provider within says."""
        return self._engines.measure_room()

    def find_checksum(self, model: str) -> str:
        """What the provider within says."""
        return self._engines.find_checksum(model)

    def _note_load(self, model: str, outcome: str, began: float) -> None:
        course = Course(began, began, outcome=outcome)
        course.add(began, time.perf_counter())
        self._meter.observe_stage("load_model", outcome, course.seconds)
        self._meter.observe_model_load(model, outcome, course.seconds)
        trace_stage(self._tracer, "load_model", course)
