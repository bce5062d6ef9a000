"""What uploads add to the counters of their process, once it is committed."""

from transcriber.infra.context import Context
from transcriber.infra.database import UnitOfWork
from transcriber.infra.metric_families import UPLOAD_BYTES, UPLOADS_ENDED

FAILED = "failed"
"""Of one whose verification failed, which may go on."""


def count_received(uow: UnitOfWork, context: Context, way: str, size_bytes: int) -> None:
    """Bytes that are durable, and belong to an upload from the commit on."""
    uow.after_commit(lambda: context.meter.count(UPLOAD_BYTES, way, amount=size_bytes))


def count_end(uow: UnitOfWork, context: Context, way: str, outcome: str) -> None:
    """An upload that ended in a state, or whose verification failed."""
    uow.after_commit(lambda: context.meter.count(UPLOADS_ENDED, way, outcome))
