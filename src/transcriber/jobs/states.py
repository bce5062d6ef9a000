"""The states of a job and the moves between them; nothing else may change a state."""

from enum import StrEnum

MAX_DEATHS_WITHOUT_CHECKPOINT = 3


class JobState(StrEnum):
    """Where a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    QUARANTINED = "quarantined"


class SpanState(StrEnum):
    """Where a span is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"


DELETED = "deleted"
"""What the last event of a job says it became; no job is ever in this state."""

TERMINAL = frozenset(
    {JobState.COMPLETED, JobState.FAILED, JobState.CANCELLED, JobState.QUARANTINED}
)
RETRYABLE = frozenset({JobState.FAILED, JobState.CANCELLED, JobState.QUARANTINED})

MOVES: dict[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.CANCELLED, JobState.FAILED}),
    JobState.RUNNING: frozenset({JobState.QUEUED}) | TERMINAL,
    JobState.COMPLETED: frozenset(),
    JobState.FAILED: frozenset({JobState.QUEUED}),
    JobState.CANCELLED: frozenset({JobState.QUEUED}),
    JobState.QUARANTINED: frozenset({JobState.QUEUED}),
}


def can_move(origin: JobState, target: JobState) -> bool:
    """Whether the failure model allows the move."""
    return target in MOVES[origin]
