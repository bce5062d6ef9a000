"""What owners do with jobs: submit, look, cancel, retry, delete."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from transcriber.infra.clock import read_database_time
from transcriber.infra.database import UnitOfWork
from transcriber.infra.errors import ConflictError, NotFoundError
from transcriber.infra.identifiers import create_id
from transcriber.infra.queue import Queue
from transcriber.infra.storage import Storage, StoredObject
from transcriber.jobs import repository
from transcriber.jobs.cleaning import discard_after_commit, discard_samples
from transcriber.jobs.lifecycle import add_token, count_spans, move_job, record_event
from transcriber.jobs.models import PLAN_INDEX, Job, SpanRow
from transcriber.jobs.states import RETRYABLE, TERMINAL, JobState, SpanState
from transcriber.recordings.models import Recording
from transcriber.recordings.names import clean_name
from transcriber.recordings.repository import get_recording
from transcriber.recordings.service import add_recording
from transcriber.transcripts.service import delete_results


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A job as its owner asks for it; `options` are final from here on."""

    user_id: str
    name: str
    model: str
    options: dict[str, Any]
    stored: StoredObject
    idempotency_key: str | None = None

    def compute_hash(self) -> str:
        """What makes two requests the same: the bytes, the name and the options."""
        content = [self.stored.sha256, self.name, self.model, self.options]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


class JobService:
    """Rules of jobs over one transaction; it never commits.

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

        The same idempotency key with the same content gives the first job again, and the second
        copy of the recording is dropped.

        Raises:
            ConflictError: `idempotency_conflict` when the content differs.
        """
        key = submission.idempotency_key
        if key is not None:
            known = repository.find_by_key(self._session, submission.user_id, key)
            if known is not None:
                return self._replay(known, submission)
        try:
            # A savepoint, because a concurrent request may win the key at the last moment.
            with self._session.begin_nested():
                job = self._insert(submission)
        except IntegrityError:
            known = repository.find_by_key(self._session, submission.user_id, key) if key else None
            if known is None:
                raise
            return self._replay(known, submission)
        self._wake(job)
        return job

    def find(self, user_id: str, job_id: str, *, lock: bool = False) -> Job:
        """The owner's job.

        Raises:
            NotFoundError: when there is none, or it is somebody else's.
        """
        job = repository.find_job(self._session, user_id, job_id, lock=lock)
        if job is None:
            raise NotFoundError("There is no such job.", code="job_not_found")
        return job

    def cancel(self, user_id: str, job_id: str) -> Job:
        """T7: a queued job is cancelled at once, a running one as soon as its worker sees it.

        Cancelling twice, or what was cancelled, changes nothing.

        Raises:
            NotFoundError: no such job of this owner.
            ConflictError: it has ended otherwise.
        """
        job = self.find(user_id, job_id, lock=True)
        if job.state == JobState.CANCELLED:
            return job
        if job.state in TERMINAL:
            raise ConflictError(
                f"The job is {job.state} and cannot be cancelled.", code="job_state"
            )
        now = read_database_time(self._session)
        if job.cancel_requested_at is None:
            job.cancel_requested_at = now
        if count_spans(self._session, job, SpanState.RUNNING) == 0:
            move_job(self._session, job, JobState.CANCELLED, actor=f"account:{user_id}", now=now)
            discard_samples(self._uow, self._storage, job)
        return job

    def retry(self, user_id: str, job_id: str) -> Job:
        """T10: a new generation of a job that failed, was cancelled or was quarantined.

        Raises:
            NotFoundError: no such job of this owner.
            ConflictError: it is not one of these.
        """
        job = self.find(user_id, job_id, lock=True)
        if job.state not in RETRYABLE:
            raise ConflictError(
                f"The job is {job.state}; only one that failed, was cancelled or was quarantined "
                "can be tried again.",
                code="job_state",
            )
        now = read_database_time(self._session)
        discard_samples(self._uow, self._storage, job)
        job.generation += 1
        job.attempt = job.checkpoint = job.stall_count = job.transient_count = 0
        job.done_seconds = job.busy_seconds = 0.0
        job.total_seconds = None
        job.error_code = job.error_message = job.waiting_code = job.waiting_reason = None
        job.cancel_requested_at = job.not_before = job.started_at = job.finished_at = None
        job.language = job.language_probability = job.model_checksum = None
        job.warnings = []
        job.queued_at = now
        move_job(self._session, job, JobState.QUEUED, actor=f"account:{user_id}", now=now)
        self._add_plan(job)
        self._wake(job, now)
        return job

    def delete(self, user_id: str, job_id: str) -> None:
        """Remove a job with all it has; a worker still holding it finds its fence gone.

        Raises:
            NotFoundError: no such job of this owner.
        """
        job = self.find(user_id, job_id, lock=True)
        recording = get_recording(self._session, job.recording_id)
        keys = [key for key in (job.pcm_key, recording.storage_key) if key is not None]
        delete_results(self._session, job.id)
        self._session.delete(job)
        self._session.flush()
        self._session.delete(recording)
        for key in keys:
            discard_after_commit(self._uow, self._storage, key)

    def _insert(self, submission: Submission) -> Job:
        now = read_database_time(self._session)
        recording = add_recording(
            self._session, submission.user_id, submission.name, submission.stored, now
        )
        job = _build_job(submission, recording, now)
        self._session.add(job)
        self._session.flush()
        repository.ensure_turn(self._session, submission.user_id)
        actor = f"account:{submission.user_id}"
        record_event(self._session, job, None, actor=actor, now=now)
        add_token(self._session, job.id, now)
        self._add_plan(job)
        return job

    def _add_plan(self, job: Job) -> None:
        plan = SpanRow(
            job_id=job.id,
            generation=job.generation,
            index=PLAN_INDEX,
            user_id=job.user_id,
            start=0.0,
            end=0.0,
            state=SpanState.QUEUED,
        )
        self._session.add(plan)
        self._session.flush()

    def _wake(self, job: Job, now: datetime | None = None) -> None:
        if now is not None:
            add_token(self._session, job.id, now)
        job_id = job.id
        self._uow.after_commit(lambda: self._queue.publish(job_id))

    def _replay(self, known: Job, submission: Submission) -> Job:
        if known.request_hash != submission.compute_hash():
            raise ConflictError(
                "This Idempotency-Key was used for a request with other content.",
                code="idempotency_conflict",
            )
        discard_after_commit(self._uow, self._storage, submission.stored.key)
        return known


def _build_job(submission: Submission, recording: Recording, now: datetime) -> Job:
    return Job(
        id=create_id(),
        user_id=submission.user_id,
        recording_id=recording.id,
        generation=1,
        name=clean_name(submission.name),
        options=submission.options,
        model=submission.model,
        idempotency_key=submission.idempotency_key,
        request_hash=submission.compute_hash(),
        state=JobState.QUEUED,
        attempt=0,
        warnings=[],
        created_at=now,
        queued_at=now,
        updated_at=now,
    )
