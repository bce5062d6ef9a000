"""Builders of jobs at any stage, and a speech engine that needs no model."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from transcriber.engine.errors import ModelError
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import DetectedLanguage, DroppedPassage, Segment, Span, SpanResult
from transcriber.engine.speakers.voices import Voice
from transcriber.infra.audit import AuditEntry
from transcriber.infra.audit_chain import GENESIS
from transcriber.infra.audit_sealing import read_seal
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.heartbeats import record_heartbeat
from transcriber.infra.identifiers import create_id
from transcriber.infra.memory_ledger import Room
from transcriber.jobs import checkpoints
from transcriber.jobs.checkpoints import Plan
from transcriber.jobs.claiming import claim_next
from transcriber.jobs.claims import Claim, lock_job
from transcriber.jobs.lifecycle import settle_job
from transcriber.jobs.models import Job, JobEvent, SpanRow
from transcriber.jobs.options import write_options
from transcriber.jobs.samples import SAMPLE_BYTES, SAMPLE_RATE
from transcriber.jobs.service import JobService, Submission
from transcriber.migrations.tables import metadata

CHECKSUM = "c" * 64
LEASE_SECONDS = 30.0


def empty_service(context: Context) -> None:
    """Forget every row and object but the accounts: signing in anew for each test is slow."""
    shutil.rmtree(context.settings.resolved_storage_dir, ignore_errors=True)
    with context.database.unit_of_work() as uow:
        for table in reversed(metadata.sorted_tables):
            if table.name not in {"accounts", "sessions", "audit_entries", "audit_seal"}:
                uow.session.execute(delete(table))
        forget_acts(uow.session)


def forget_acts(session: Session) -> None:
    """Empty the audit trail in the one way that the database allows: as retention does."""
    seal = read_seal(session)
    for number, entry in enumerate(session.scalars(select(AuditEntry)), seal.sequence + 1):
        entry.sequence, entry.hash = entry.sequence or number, entry.hash or GENESIS
        seal.sequence = seal.removed_sequence = max(seal.sequence, entry.sequence)
    session.flush()
    session.execute(delete(AuditEntry))


def add_job(
    context: Context,
    user_id: str = "alice",
    *,
    name: str = "talk.mp3",
    data: bytes = b"some bytes",
    model: str = "base",
    key: str | None = None,
    options: TranscribeOptions | None = None,
) -> str:
    """Submit a job as the API would; returns its id."""
    writer = context.storage.create(f"recordings/{create_id()}")
    writer.write(data)
    submission = Submission(
        user_id=user_id,
        name=name,
        model=model,
        options=write_options(options or TranscribeOptions()),
        stored=writer.commit(),
        idempotency_key=key,
    )
    with context.database.unit_of_work() as uow:
        return JobService(uow, context.queue, context.storage).submit(submission).id


def add_worker(context: Context, worker: str = "w1") -> None:
    """A live worker that takes work."""
    with context.database.unit_of_work() as uow:
        record_heartbeat(uow, worker, None)


def claim_one(
    context: Context,
    worker: str = "w1",
    *,
    lease_seconds: float = LEASE_SECONDS,
    per_owner: int = 4,
    unready: Sequence[str] = (),
) -> Claim | None:
    with context.database.unit_of_work() as uow:
        return claim_next(
            uow.session,
            worker=worker,
            now=read_database_time(uow.session),
            lease=timedelta(seconds=lease_seconds),
            per_owner=per_owner,
            unready_models=unready,
        )


def must_claim(
    context: Context,
    worker: str = "w1",
    *,
    lease_seconds: float = LEASE_SECONDS,
    per_owner: int = 4,
) -> Claim:
    claim = claim_one(context, worker, lease_seconds=lease_seconds, per_owner=per_owner)
    assert claim is not None
    return claim


def store_plan(context: Context, claim: Claim, spans: int) -> None:
    """Finish the planning slice with spans of ten seconds each."""
    writer = context.storage.create(f"pcm/{create_id()}")
    writer.write(bytes(max(32, spans * 10 * SAMPLE_RATE * SAMPLE_BYTES)))
    plan = Plan(
        spans=[Span(index, index * 10.0, index * 10.0 + 10.0) for index in range(spans)],
        pcm_key=writer.commit().key,
        duration=spans * 10.0,
        language=DetectedLanguage("en", 0.9),
        device="cpu int8",
        model_checksum=CHECKSUM,
        container="wav",
        codec="pcm_s16le",
    )
    with context.database.unit_of_work() as uow:
        now = read_database_time(uow.session)
        job = checkpoints.store_plan(uow.session, claim, plan, now)
        settle_job(uow.session, job, actor=claim.worker, now=now)


def store_span(
    context: Context,
    claim: Claim,
    texts: Sequence[str] = ("one", "two"),
    dropped: Sequence[str] = (),
) -> None:
    """Finish a span slice with a segment for each text."""
    span = Span(claim.index, claim.start, claim.end)
    segments = tuple(
        build_segment(text, claim.start + place, claim.start + place + 1.0)
        for place, text in enumerate(texts)
    )
    with context.database.unit_of_work() as uow:
        now = read_database_time(uow.session)
        passages = tuple(
            DroppedPassage(claim.start, claim.end, "repetition", text) for text in dropped
        )
        checkpoints.store_span(uow.session, claim, SpanResult(span, segments, passages), 1.0, now)
        job = lock_job(uow.session, claim.job_id)
        assert job is not None
        settle_job(uow.session, job, actor=claim.worker, now=now)


def build_segment(text: str, start: float, end: float) -> Segment:
    return Segment(start, end, text, -0.2, 0.1, 1.2, 0.0)


def read_job(context: Context, job_id: str) -> Job:
    with context.database.snapshot() as session:
        return session.get_one(Job, job_id)


def list_spans(context: Context, job_id: str) -> list[SpanRow]:
    query = select(SpanRow).where(SpanRow.job_id == job_id).order_by(SpanRow.index)
    with context.database.snapshot() as session:
        return list(session.scalars(query))


def list_moves(context: Context, job_id: str) -> list[tuple[str | None, str]]:
    query = select(JobEvent).where(JobEvent.job_id == job_id).order_by(JobEvent.id)
    with context.database.snapshot() as session:
        return [(event.from_state, event.to_state) for event in session.scalars(query)]


def expire_leases(context: Context) -> None:
    """Let every lease have run out a minute ago, as when its worker is gone."""
    with context.database.unit_of_work() as uow:
        now = read_database_time(uow.session)
        for span in uow.session.scalars(select(SpanRow).where(SpanRow.lease_until.is_not(None))):
            span.lease_until = now - timedelta(minutes=1)


class FakeStream:
    def __init__(
        self, segments: list[Segment], span: Span, progress: Callable[[float], None]
    ) -> None:
        self._segments = segments
        self._span = span
        self._progress = progress

    def __iter__(self) -> Iterator[Segment]:
        for segment in self._segments:
            self._progress(segment.end)
            yield segment

    def result(self) -> SpanResult:
        return SpanResult(self._span, tuple(self._segments), ())


class FakeEngine:
    """Says one sentence for each span; `before_segment` lets a test interfere."""

    device = "cpu"
    compute_type = "fake"

    def __init__(self) -> None:
        self.before_segment: Callable[[Span], None] = lambda span: None
        self.spans: list[Span] = []
        self.seconds_heard: list[float] = []

    def check_options(self, options: TranscribeOptions) -> None:
        return

    def resolve_language(
        self, options: TranscribeOptions, audio: NDArray[np.float32]
    ) -> tuple[TranscribeOptions, DetectedLanguage]:
        return replace(options, language="en"), DetectedLanguage("en", 0.8)

    def transcribe_span(
        self,
        audio: NDArray[np.float32],
        span: Span,
        options: TranscribeOptions,
        *,
        on_progress: Callable[[float], None] | None = None,
        on_fewer: Callable[[int, int], None] | None = None,
    ) -> FakeStream:
        assert options.language is not None
        self.before_segment(span)
        self.spans.append(span)
        self.seconds_heard.append(len(audio) / 16_000)
        segment = build_segment(f"Span {span.index}.", span.start, span.end)
        return FakeStream([segment], span, on_progress or (lambda done: None))

    def hear_voices(
        self,
        audio: NDArray[np.float32],
        span: Span,
        check: Callable[[], None] | None = None,
    ) -> tuple[Voice, ...]:
        assert check is not None
        check()
        return ()


class FakeEngines:
    """Provides the fake engine, or the problem a test sets."""

    def __init__(self, engine: FakeEngine | None = None) -> None:
        self.engine = engine or FakeEngine()
        self.problem: ModelError | None = None
        self.load_error: ModelError | None = None
        self.room: Room | None = None
        self.checksum = CHECKSUM
        self.is_reduced = False

    def load(self, model: str) -> FakeEngine:
        error = self.load_error or self.problem
        if error is not None:
            raise error
        return self.engine

    def load_smaller(self, model: str) -> FakeEngine | None:
        return None

    def release(self) -> None:
        return

    def measure_room(self) -> Room | None:
        return self.room

    def find_problem(self, model: str) -> ModelError | None:
        return self.problem

    def find_checksum(self, model: str) -> str:
        return self.checksum
