"""A real worker process whose engine behaves as told; started by `worker_process`.

Usage: odd_worker.py BEHAVIOUR BOUNDS, settings from the environment.  BEHAVIOUR is `quick`, `hang`
(one call that never looks up), `steps` (a minute in steps that do),
`short` (seven seconds of them), `doubtful` (no text is believed)
or `real` (the engine itself, with the models of the settings);
BOUNDS is a JSON object of `RecycleBounds`.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from job_builders import FakeEngine, FakeEngines, FakeStream
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import DroppedPassage, Span, SpanResult
from transcriber.infra.recycling import RecycleBounds
from transcriber.infra.settings import Settings
from transcriber.worker import run_worker

STEPS = {"steps": 600, "short": 70}


class DoubtfulStream(FakeStream):
    """Whatever was said of the span is not worth believing."""

    def result(self) -> SpanResult:
        span = self._span
        return SpanResult(span, (), (DroppedPassage(span.start, span.end, "repetition", "la la"),))


class OddEngine(FakeEngine):
    def __init__(self, behaviour: str) -> None:
        super().__init__()
        self._behaviour = behaviour

    def transcribe_span(
        self,
        audio: Any,
        span: Span,
        options: TranscribeOptions,
        *,
        on_progress: Callable[[float], None] | None = None,
        on_fewer: object = None,
    ) -> FakeStream:
        if self._behaviour == "hang":
            time.sleep(600)
        for _ in range(STEPS.get(self._behaviour, 0)):
            time.sleep(0.1)
            if on_progress is not None:
                on_progress(span.start)
        if self._behaviour == "doubtful":
            return DoubtfulStream([], span, on_progress or (lambda done: None))
        return super().transcribe_span(audio, span, options, on_progress=on_progress)


if __name__ == "__main__":
    fake = None if sys.argv[1] == "real" else FakeEngines(OddEngine(sys.argv[1]))
    sys.exit(
        run_worker(
            Settings(_env_file=None),
            engines=fake,
            bounds=RecycleBounds(**json.loads(sys.argv[2])),
        )
    )
