"""A real worker process whose engine behaves as told; started by `worker_process`.

Usage: odd_worker.py BEHAVIOUR BOUNDS, settings from the environment.  BEHAVIOUR is `quick`, `hang`
(one call that never looks up), `steps` (a minute in steps that do)
or `short` (seven seconds of them); BOUNDS is a JSON object of
`RecycleBounds`.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from job_builders import FakeEngine, FakeEngines, FakeStream
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import Span
from transcriber.infra.recycling import RecycleBounds
from transcriber.infra.settings import Settings
from transcriber.worker import run_worker

STEPS = {"steps": 600, "short": 70}


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
        return super().transcribe_span(audio, span, options, on_progress=on_progress)


if __name__ == "__main__":
    sys.exit(
        run_worker(
            Settings(_env_file=None),
            engines=FakeEngines(OddEngine(sys.argv[1])),
            bounds=RecycleBounds(**json.loads(sys.argv[2])),
        )
    )
