"""New jobs: over a recording that has just arrived, or over one that is there already."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from transcriber.infra.audit import record_act
from transcriber.infra.idempotency import KeyedRequest, hash_content
from transcriber.infra.origin import read_origin
from transcriber.infra.storage import StoredObject
from transcriber.jobs import repository
from transcriber.jobs.lifecycle import add_token, record_event
from transcriber.jobs.models import PLAN_INDEX, Job, SpanRow
from transcriber.jobs.states import JobState, SpanState
from transcriber.recordings.names import clean_name
from transcriber.recordings.quota import UNLIMITED, Allowance

SUBMIT_ROUTE = "POST /jobs/"
BATCH_ROUTE = "POST /jobs/batch"
RERUN_ROUTE = "POST /jobs/{job_id}/rerun"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A job as its owner asks for it; `options` are final from here on.

    Attributes:
        stored: The durable bytes.
        route: Where the idempotency key was used.
        twin_id: The owner's recording of the same bytes, which the job may use instead of them.
        allowance: Limits what the account may store once the recording is there.
        reuse: Whether a finished job like this one will do.
    """

    user_id: str
    name: str
    model: str
    options: dict[str, Any]
    stored: StoredObject
    idempotency_key: str | None = None
    allowance: Allowance = UNLIMITED
    route: str = SUBMIT_ROUTE
    twin_id: str | None = None
    reuse: bool = False

    def build_request(self) -> KeyedRequest:
        """Two submissions are the same by the bytes, the name and the options."""
        return KeyedRequest(
            user_id=self.user_id,
            route=self.route,
            key=self.idempotency_key,
            request_hash=hash_content(
                self.stored.sha256, self.name, self.model, self.options, *self._list_wishes()
            ),
        )

    def _list_wishes(self) -> list[str]:
        # Only where there are some: the hashes of requests without any stay what they were.
        return ["reuse"] if self.reuse else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerun:
    """Another job over the recording of `job_id`, with options that are final from here on."""

    job_id: str
    name: str
    model: str
    options: dict[str, Any]


def add_job(
    session: Session,
    job_id: str,
    user_id: str,
    recording_id: str,
    asked: Submission | Rerun,
    *,
    actor: str,
    now: datetime,
) -> Job:
    """T1: the queued job with its first span, its event and its token."""
    origin = read_origin()
    job = Job(
        id=job_id,
        user_id=user_id,
        recording_id=recording_id,
        generation=1,
        name=clean_name(asked.name),
        options=asked.options,
        model=asked.model,
        state=JobState.QUEUED,
        attempt=0,
        warnings=[],
        request_id=origin.request_id,
        trace_parent=origin.trace_parent,
        created_at=now,
        queued_at=now,
        updated_at=now,
    )
    session.add(job)
    session.flush()
    repository.ensure_turn(session, user_id)
    record_event(session, job, None, actor=actor, now=now)
    record_act(
        session,
        actor=actor,
        action="job.submit",
        object_id=job.id,
        user_id=user_id,
        detail=f"rerun of {asked.job_id}" if isinstance(asked, Rerun) else None,
    )
    add_token(session, job.id, now)
    add_plan(session, job)
    return job


def add_plan(session: Session, job: Job) -> None:
    """The first span of a generation: decoding the recording and finding the speech in it."""
    session.add(
        SpanRow(
            job_id=job.id,
            generation=job.generation,
            index=PLAN_INDEX,
            user_id=job.user_id,
            start=0.0,
            end=0.0,
            state=SpanState.QUEUED,
        )
    )
    session.flush()
