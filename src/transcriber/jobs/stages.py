"""How long each stage of a job takes, and how it ends."""

import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, Self, TypeVar, get_args

from transcriber.infra.meter import Meter
from transcriber.infra.tracing import Tracer
from transcriber.jobs.claims import LeaseLostError
from transcriber.jobs.heartbeat import CancelRequestedError, DrainRequestedError

Stage = Literal[
    "wait",
    "load_model",
    "decode",
    "store_samples",
    "detect_speech",
    "detect_language",
    "transcribe",
    "hear_voices",
    "attribute_speakers",
    "checkpoint",
]
STAGE_ORDER: tuple[Stage, ...] = get_args(Stage)
"""As a job goes through them; the four in the middle take turns for each block of audio."""
OK, FAILED, STOPPED = "ok", "failed", "stopped"
"""How a stage ends; work that was cancelled, drained or lost is stopped, and nobody's fault."""

Item = TypeVar("Item")


@dataclass(slots=True)
class Course:
    """How a stage of a slice went, in seconds of `time.perf_counter`.

    Attributes:
        began: When its first turn began.
        ended: When its last turn was over.
        seconds: How long its turns took together.
        turns: How many these were.
        outcome: How it ended.
    """

    began: float
    ended: float
    seconds: float = 0.0
    turns: int = 0
    outcome: str = OK

    def add(self, began: float, ended: float) -> None:
        """Count another turn."""
        self.ended = ended
        self.seconds += ended - began
        self.turns += 1


def trace_stage(tracer: Tracer, stage: Stage, course: Course) -> None:
    """A part of the slice at hand: one for all turns, of which others may lie between."""
    if not tracer.is_on:
        return
    about = {
        "transcriber.stage": stage,
        "transcriber.outcome": course.outcome,
        "transcriber.turns": course.turns,
        "transcriber.busy_seconds": course.seconds,
    }
    error = FAILED if course.outcome == FAILED else None
    tracer.record(stage.replace("_", " "), course.began, course.ended, about, error)


@contextmanager
def time_stage(meter: Meter, tracer: Tracer, stage: Stage) -> Generator[None]:
    """Measure one stage that is done in one go."""
    laps = Laps(meter, tracer)
    with laps, laps.time(stage):
        yield


class Laps:
    """Measures stages that take turns: each is counted once, with all its turns, at the end.

    A stage that raises is counted as it ended; those beside it were not at fault and are left out.

    Args:
        meter: Counts them.
        tracer: Makes each a part of the slice, over all its turns.
    """

    def __init__(self, meter: Meter, tracer: Tracer) -> None:
        self._meter = meter
        self._tracer = tracer
        self._courses: dict[Stage, Course] = {}

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: object
    ) -> None:
        """Count what was measured."""
        for stage, course in self._courses.items():
            if kind is None or course.outcome != OK:
                self._meter.observe_stage(stage, course.outcome, course.seconds)
                trace_stage(self._tracer, stage, course)

    @contextmanager
    def time(self, stage: Stage) -> Generator[None]:
        """One turn of a stage."""
        began = time.perf_counter()
        course = self._courses.get(stage)
        if course is None:
            course = self._courses[stage] = Course(began, began)
        try:
            yield
        except (CancelRequestedError, DrainRequestedError, LeaseLostError):
            course.outcome = STOPPED
            raise
        except BaseException:
            course.outcome = FAILED
            raise
        finally:
            course.add(began, time.perf_counter())

    def time_each(self, stage: Stage, items: Iterable[Item]) -> Iterator[Item]:
        """The items, each of which the stage takes a turn to bring."""
        source = iter(items)
        while True:
            with self.time(stage):
                item = next(source, None)
            if item is None:
                return
            yield item
