"""What owners and administrators do with jobs, in whatever state these are."""

from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from transcriber.infra.audit import record_act
from transcriber.infra.clock import read_database_time
from transcriber.infra.database import UnitOfWork
from transcriber.infra.errors import NotFoundError
from transcriber.infra.idempotency import KeyedRequest, create_once, hash_content
from transcriber.infra.origin import read_origin
from transcriber.infra.ownership import EveryOwner, Scope
from transcriber.infra.queue import Queue
from transcriber.infra.storage import Storage
from transcriber.jobs import repository
from transcriber.jobs.cleaning import delete_job, discard_samples, remove_audio
from transcriber.jobs.creation import RERUN_ROUTE, Rerun, Submission, add_job, add_plan
from transcriber.jobs.duplicates import drop_copy, lock_twin
from transcriber.jobs.errors import JobStateError, RecordingGoneError, RecordingInUseError
from transcriber.jobs.lifecycle import add_token, count_spans, move_job
from transcriber.jobs.models import Job
from transcriber.jobs.states import RETRYABLE, TERMINAL, JobState, SpanState
from transcriber.recordings.models import Recording
from transcriber.recordings.repository import lock_recording
from transcriber.recordings.service import add_recording, find_own

__all__ = ["JobService", "Submission"]

_log = structlog.stdlib.get_logger(__name__)


class JobService:
    """Rules of jobs over one transaction; it never commits.

    A scope says who asks and what they may reach: an owner's `user_id`, or `EveryOwner` for an
    administrator; what either does is audited.

    Args:
        uow: The transaction.
        queue: Gets tokens after the commit.
        storage: Loses objects after the commit.
    """

    def __init__(self, uow: UnitOfWork, queue: Queue, storage: Storage) -> None:
        self._uow = uow
        self._queue = queue
        self._storage = storage

    @property
    def _session(self) -> Session:
        return self._uow.session

    def submit(self, submission: Submission) -> Job:
        """T1: the recording, the queued job, its event and its token in one transaction.

        The same idempotency key with the same content gives the first job again.  A second copy
        of a recording is dropped: then, and where the submission names an earlier one that may be
        used in its place.

        Raises:
            ConflictError: `idempotency_conflict` when the content differs.
            QuotaExceededError: the recording does not fit into the account's allowance.
        """
        owner = submission.user_id

        def create(job_id: str) -> None:
            now = read_database_time(self._session)
            recording = lock_twin(self._session, submission) or add_recording(
                self._session,
                owner,
                submission.name,
                submission.stored,
                now,
                allowance=submission.allowance,
            )
            actor = describe_actor(owner)
            add_job(self._session, job_id, owner, recording.id, submission, actor=actor, now=now)

        creation = create_once(self._session, submission.build_request(), create)
        job = self.find(owner, creation.resource_id)
        if creation.is_new:
            self._wake(job.id)
        drop_copy(self._uow, self._storage, job, submission.stored)
        return job

    def rerun(self, scope: Scope, rerun: Rerun, idempotency_key: str | None = None) -> Job:
        """T1 over the recording of another job, in whatever state that is; it stays untouched.

        Raises:
            NotFoundError: no such job within the scope.
            RecordingGoneError: its audio was removed.
            ConflictError: `idempotency_conflict`.
        """
        original = self.find(scope, rerun.job_id, lock=True)
        request = KeyedRequest(
            user_id=scope.admin_id if isinstance(scope, EveryOwner) else scope,
            route=RERUN_ROUTE,
            key=idempotency_key,
            request_hash=hash_content(original.id, rerun.name, rerun.model, rerun.options),
        )

        def create(job_id: str) -> None:
            recording = self._require_audio(original)
            now = read_database_time(self._session)
            actor = describe_actor(scope)
            owner = original.user_id
            add_job(self._session, job_id, owner, recording.id, rerun, actor=actor, now=now)

        creation = create_once(self._session, request, create)
        if creation.is_new:
            self._wake(creation.resource_id)
        return self.find(scope, creation.resource_id)

    def find(self, scope: Scope, job_id: str, *, lock: bool = False) -> Job:
        """The job.

        Raises:
            NotFoundError: when there is none, or it is somebody else's.
        """
        job = repository.find_job(self._session, scope, job_id, lock=lock)
        if job is None:
            raise NotFoundError("There is no such job.", code="job_not_found")
        return job

    def cancel(self, scope: Scope, job_id: str) -> Job:
        """T7: a queued job is cancelled at once, a running one as soon as its worker sees it.

        Cancelling twice, or what was cancelled, changes nothing.

        Raises:
            NotFoundError: no such job within the scope.
            JobStateError: it has ended otherwise.
        """
        job = self.find(scope, job_id, lock=True)
        if job.state == JobState.CANCELLED:
            return job
        if job.state in TERMINAL:
            raise JobStateError(f"The job is {job.state} and cannot be cancelled.")
        now = read_database_time(self._session)
        if job.cancel_requested_at is None:
            job.cancel_requested_at = now
            self._audit(scope, "job.cancel", job)
        if count_spans(self._session, job, SpanState.RUNNING) == 0:
            move_job(self._session, job, JobState.CANCELLED, actor=describe_actor(scope), now=now)
            discard_samples(self._uow, self._storage, job)
        return job

    def retry(self, scope: Scope, job_id: str) -> Job:
        """T10: a new generation of a job that failed, was cancelled or was quarantined.

        Raises:
            NotFoundError: no such job within the scope.
            JobStateError: it is not one of these.
            RecordingGoneError: its audio was removed.
        """
        job = self.find(scope, job_id, lock=True)
        if job.state not in RETRYABLE:
            raise JobStateError(
                f"The job is {job.state}; only one that failed, was cancelled or was quarantined "
                "can be tried again."
            )
        self._require_audio(job)
        now = read_database_time(self._session)
        discard_samples(self._uow, self._storage, job)
        _begin_generation(job, now)
        move_job(self._session, job, JobState.QUEUED, actor=describe_actor(scope), now=now)
        add_plan(self._session, job)
        add_token(self._session, job.id, now)
        self._wake(job.id)
        self._audit(scope, "job.retry", job)
        return job

    def prioritise(self, admin: EveryOwner, job_id: str, priority: int) -> Job:
        """Let a job that has not ended go before others, or after them.

        Raises:
            NotFoundError: no such job.
            JobStateError: it has ended.
        """
        job = self.find(admin, job_id, lock=True)
        if job.state in TERMINAL:
            raise JobStateError(f"The job is {job.state}; it waits for nothing any more.")
        if job.priority != priority:
            self._audit(admin, "job.prioritise", job, f"{job.priority} to {priority}")
            job.priority = priority
        return job

    def delete(self, scope: Scope, job_id: str) -> None:
        """Remove a job with all it has; a worker still holding it finds its fence gone.

        Raises:
            NotFoundError: no such job within the scope.
        """
        job = self.find(scope, job_id, lock=True)
        delete_job(self._uow, self._storage, job, actor=describe_actor(scope))

    def remove_recording(self, scope: Scope, job_id: str) -> None:
        """Remove the audio of a job now and keep its transcript; a second time changes nothing.

        Raises:
            NotFoundError: no such job within the scope, or the recording is another account's.
            RecordingInUseError: a job over the same recording has not ended.
        """
        job = self.find(scope, job_id, lock=True)
        self._remove_audio(scope, job.user_id, job.recording_id)

    def give_up_recording(self, user_id: str, recording_id: str) -> None:
        """The same by the recording's id.

        Raises:
            NotFoundError: no such recording of the account.
            RecordingInUseError: as above.
        """
        recording = find_own(self._session, user_id, recording_id)
        self._remove_audio(user_id, user_id, recording.id)

    def _remove_audio(self, scope: Scope, owner: str, recording_id: str) -> None:
        recording = lock_recording(self._session, owner, recording_id)
        if recording is None:
            # A job from before ownership may still use what another account sent.
            raise NotFoundError("There is no such recording.", code="recording_not_found")
        if recording.removed_at is not None:
            return
        if repository.count_users(self._session, recording, only_active=True):
            raise RecordingInUseError(
                "A job over this recording has not ended; cancel it or wait for it first."
            )
        now = read_database_time(self._session)
        actor = describe_actor(scope)
        remove_audio(self._uow, self._storage, recording, now, actor=actor)

    def _require_audio(self, job: Job) -> Recording:
        recording = lock_recording(self._session, job.user_id, job.recording_id)
        if recording is None or recording.removed_at is not None:
            raise RecordingGoneError("The audio of this job was removed; send the recording again.")
        return recording

    def _wake(self, job_id: str) -> None:
        self._uow.after_commit(lambda: _publish(self._queue, job_id))

    def _audit(self, scope: Scope, action: str, job: Job, detail: str | None = None) -> None:
        record_act(
            self._session,
            actor=describe_actor(scope),
            action=action,
            object_id=job.id,
            user_id=job.user_id,
            detail=detail,
        )


def _publish(queue: Queue, job_id: str) -> None:
    _log.info("job_queued", job_id=job_id)
    queue.publish(job_id)


def describe_actor(scope: Scope) -> str:
    """Who asks, as events and the audit trail name them."""
    return f"admin:{scope.admin_id}" if isinstance(scope, EveryOwner) else f"account:{scope}"


def _begin_generation(job: Job, now: datetime) -> None:
    job.generation += 1
    job.attempt = job.checkpoint = job.stall_count = job.transient_count = 0
    job.done_seconds = job.busy_seconds = 0.0
    job.total_seconds = None
    job.error_code = job.error_message = job.waiting_code = job.waiting_reason = None
    job.cancel_requested_at = job.not_before = job.started_at = job.finished_at = None
    job.language = job.language_probability = job.model_checksum = None
    job.warnings = []
    origin = read_origin()
    job.request_id, job.trace_parent = origin.request_id, origin.trace_parent
    job.queued_at = now
