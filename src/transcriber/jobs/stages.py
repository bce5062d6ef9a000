"""How long each stage of a job takes, and how it ends."""

import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Literal, Self, TypeVar, get_args

from transcriber.infra.meter import Meter
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
    "checkpoint",
]
STAGE_ORDER: tuple[Stage, ...] = get_args(Stage)
"""As a job goes through them; the four in the middle take turns for each block of audio."""
OK, FAILED, STOPPED = "ok", "failed", "stopped"
"""How a stage ends; work that was cancelled, drained or lost is stopped, and nobody's fault."""

Item = TypeVar("Item")


@contextmanager
def time_stage(meter: Meter, stage: Stage) -> Generator[None]:
    """Measure one stage that is done in one go."""
    laps = Laps(meter)
    with laps, laps.time(stage):
        yield


class Laps:
    """Measures stages that take turns: each is counted once, with all its turns, at the end.

    A stage that raises is counted as it ended; those beside it were not at fault and are left out.

    Args:
        meter: Counts them.
    """

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._seconds: dict[Stage, float] = {}
        self._ended: dict[Stage, str] = {}

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: object
    ) -> None:
        """Count what was measured."""
        for stage, seconds in self._seconds.items():
            if kind is None or stage in self._ended:
                self._meter.observe_stage(stage, self._ended.get(stage, OK), seconds)

    @contextmanager
    def time(self, stage: Stage) -> Generator[None]:
        """One turn of a stage."""
        began = time.perf_counter()
        try:
            yield
        except (CancelRequestedError, DrainRequestedError, LeaseLostError):
            self._ended[stage] = STOPPED
            raise
        except BaseException:
            self._ended[stage] = FAILED
            raise
        finally:
            passed = time.perf_counter() - began
            self._seconds[stage] = self._seconds.get(stage, 0.0) + passed

    def time_each(self, stage: Stage, items: Iterable[Item]) -> Iterator[Item]:
        """The items, each of which the stage takes a turn to bring."""
        source = iter(items)
        while True:
            with self.time(stage):
                item = next(source, None)
            if item is None:
                return
            yield item
