"""From durable bytes to a queued job, or to the finished one that will do."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.idempotency import is_repeated
from transcriber.infra.metric_families import FORM, UPLOAD_BYTES, UPLOADS_ENDED
from transcriber.jobs.creation import Submission
from transcriber.jobs.duplicates import (
    Duplicate,
    drop_copy,
    find_duplicate,
    find_finished,
    find_intact_twin,
)
from transcriber.jobs.progress import JobView, describe_jobs
from transcriber.jobs.service import JobService


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What came of a submission.

    Attributes:
        view: The job.
        duplicate: What the owner had of the same bytes before; None where they were new.
        is_reused: Whether it is an earlier job, which nothing was added to.
    """

    view: JobView
    duplicate: Duplicate | None
    is_reused: bool


def submit_stored(context: Context, submission: Submission, keep: Callable[[], None]) -> Acceptance:
    """Submit in a transaction of its own; blocks on the storage and on the database.

    Args:
        context: The process's parts.
        submission: With bytes that are durable.
        keep: Called before the commit: from then on a row may point at the bytes, and whoever
            called must not remove them.

    Raises:
        ConflictError: `idempotency_conflict`.
    """
    twin_id = find_intact_twin(context, submission.user_id, submission.stored)
    submission = replace(submission, twin_id=twin_id)
    with context.database.unit_of_work() as uow:
        session = uow.session
        known = is_repeated(session, submission.build_request())
        job = find_finished(session, submission) if submission.reuse and not known else None
        is_reused = job is not None
        if job is None:
            job = JobService(uow, context.queue, context.storage).submit(submission)
        else:
            drop_copy(uow, context.storage, job, submission.stored)
        view = describe_jobs(session, [job], read_database_time(session))[0]
        duplicate = find_duplicate(session, job)
        session.flush()
        # Whatever fails before this line has surely written nothing.  From here on the commit may
        # have been applied, whether its answer is lost or the request is cancelled after it, and a
        # row may point at the object.  If none does, the collection of orphans removes it.
        keep()
    context.meter.count(UPLOAD_BYTES, FORM, amount=submission.stored.size_bytes)
    context.meter.count(UPLOADS_ENDED, FORM, "completed")
    return Acceptance(view, duplicate, is_reused)


def count_refused(context: Context) -> None:
    """A recording that came with a request and was not taken."""
    context.meter.count(UPLOADS_ENDED, FORM, "failed")
