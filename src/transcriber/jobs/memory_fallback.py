"""What a slice does when memory runs out all the same: the same work again, with less.

The engine itself halves the hypotheses down to one.  Where that is not enough, the model is loaded
again in the next smaller way to compute, and the slice begins anew; the slices after it begin that
way for a while.  Where nothing smaller is left, the job waits and is tried again like any other
that failed for a passing reason.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import chain, repeat
from typing import TypeVar

from sqlalchemy.orm import Session

from transcriber.engine.errors import OutOfMemoryError
from transcriber.engine.memory import name_memory_errors
from transcriber.jobs.claims import Claim, lock_claimed
from transcriber.jobs.engines import EngineProvider, SpeechEngine
from transcriber.jobs.lifecycle import record_event
from transcriber.jobs.states import JobState

MAX_WARNINGS = 20
"""A long recording on a small machine may run out in every span; its history has every step."""

Note = Callable[[str], None]
Result = TypeVar("Result")


def work_with_less(
    engines: EngineProvider,
    model: str,
    work: Callable[[SpeechEngine], Result],
    note: Note,
) -> Result:
    """Do `work` with the model, and again with a smaller one each time memory runs out.

    Args:
        engines: Where the model is loaded.
        model: Its name.
        work: The slice; called anew with each engine.
        note: Gets a sentence for each step down.

    Raises:
        OutOfMemoryError: the smallest way to compute does not fit either.
        ModelError: the model cannot be loaded.
    """
    loaders = chain([engines.load], repeat(engines.load_smaller))
    for count, load in enumerate(loaders):
        # The error, and all that its traceback holds, is gone before the next model is loaded.
        with suppress(OutOfMemoryError), name_memory_errors():
            engine = load(model)
            if engine is None:
                break
            if count > 0 or engines.is_reduced:
                note(
                    "Memory ran out; the model was loaded again to compute as "
                    f"{engine.compute_type} on the {engine.device}."
                )
            return work(engine)
    raise OutOfMemoryError(
        f"The worker has too little memory for the model {model}, computed in the smallest way "
        "and with one hypothesis."
    )


def describe_fewer(before: int, after: int, start: float, end: float) -> str:
    """The sentence about a span that went on with fewer hypotheses."""
    return (
        f"Memory ran out; decoded with {after} instead of {before} hypotheses "
        f"from {_format_time(start)} to {_format_time(end)}."
    )


def record_memory_steps(
    session: Session, claim: Claim, notes: Sequence[str], now: datetime
) -> None:
    """Write each step into the job's history, and show it on the job.

    Raises:
        LeaseLostError: the claim no longer holds.
    """
    job, _ = lock_claimed(session, claim)
    # A machine that is too small says the same at every span.
    notes = [note for note in dict.fromkeys(notes) if note not in job.warnings]
    job.warnings = [*job.warnings, *notes][: max(MAX_WARNINGS, len(job.warnings))]
    for note in notes:
        record_event(
            session, job, JobState(job.state), actor=claim.worker, now=now, detail=note[:2000]
        )


def _format_time(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
