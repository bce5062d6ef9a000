"""Simulated workers and owners over the real service: each act is what a process would do.

Recordings name their own transcript, so the text of an undisturbed run is known beforehand.
"""

import os
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import select

from job_builders import (
    CHECKSUM,
    LEASE_SECONDS,
    FakeEngines,
    build_segment,
    claim_one,
)
from service_context import RecordingQueue
from transcriber.engine.results import DetectedLanguage, Span, SpanResult
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.database import UnitOfWork
from transcriber.infra.identifiers import create_id
from transcriber.jobs import checkpoints
from transcriber.jobs.checkpoints import Plan
from transcriber.jobs.claims import Claim
from transcriber.jobs.lease import extend_lease
from transcriber.jobs.models import AccountTurn, Job, OutboxEntry, SpanRow
from transcriber.jobs.runner import Runner
from transcriber.jobs.service import JobService
from transcriber.jobs.states import JobState, SpanState
from transcriber.jobs.tokens import forget_tokens
from transcriber.recordings.models import Recording

SPAN_SECONDS = 10.0
WRITES = ("finish", "release", "transient", "crash", "fail", "cancel", "wait")


def build_recording(spans: int, serial: int) -> bytes:
    return f"{spans} spans of recording {serial}".encode()


def count_planned(recording: bytes) -> int:
    return int(recording.split()[0])


def build_texts(recording: bytes, index: int) -> list[str]:
    """What one span says: nothing, one segment or two."""
    return [f"{recording.decode()}: {index}.{part}" for part in range((len(recording) + index) % 3)]


class Fleet:
    """Workers without number: each claim is one worker's."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._claimed = 0
        self._held_at = time.monotonic()

    @property
    def tokens(self) -> list[tuple[str, int | None]]:
        assert isinstance(self.context.queue, RecordingQueue)
        return self.context.queue.published

    def claim(self, per_owner: int) -> Claim | None:
        claim = claim_one(self.context, self._name_worker(), per_owner=per_owner)
        if claim is not None:
            with self.context.database.unit_of_work() as uow:
                forget_tokens(uow.session, claim.job_id)
        return claim

    def extend(self, claim: Claim) -> bool:
        with self.context.database.unit_of_work() as uow:
            return extend_lease(uow.session, claim, LEASE_SECONDS, 1.0).is_held

    def write(self, claim: Claim, what: str, *, goes_on: bool = False) -> Claim | None:
        """Report as the runner does; what it claims next in the same transaction comes back."""
        runner = Runner(self.context, FakeEngines(), worker_id=self._name_worker())
        return runner._report(claim, self._build_report(runner, claim, what), is_last=not goes_on)

    def act(self, action: str, user_id: str, job_id: str) -> None:
        with self.context.database.unit_of_work() as uow:
            getattr(JobService(uow, self.context.queue, self.context.storage), action)(
                user_id, job_id
            )

    def leave_object(self, kind: str) -> str:
        """Bytes whose writer died before the commit."""
        writer = self.context.storage.create(f"{kind}/{create_id()}")
        writer.write(b"left behind")
        return writer.commit().key

    def make_old(self, keys: set[str]) -> None:
        for key in keys:
            with self.context.storage.local_file(key) as path:
                os.utime(path, (time.time() - 7200, time.time() - 7200))

    def pass_time(self, seconds: float) -> None:
        """Move whatever the passing of time decides into the past."""
        by = timedelta(seconds=seconds)
        is_active = Job.state.in_([JobState.QUEUED, JobState.RUNNING])
        with self.context.database.unit_of_work() as uow:
            for job in uow.session.scalars(select(Job).where(is_active)):
                job.queued_at -= by
                job.updated_at -= by
                job.not_before = job.not_before and job.not_before - by
            for span in uow.session.scalars(select(SpanRow)):
                span.lease_until = span.lease_until and span.lease_until - by
            for entry in uow.session.scalars(select(OutboxEntry)):
                entry.created_at -= by
            for turn in uow.session.scalars(select(AccountTurn)):
                turn.served_at = turn.served_at and turn.served_at - by

    def hold_time(self) -> None:
        """Undo the time that really passed, so that a slow machine sees the run of a fast one."""
        now = time.monotonic()
        self.pass_time(self._held_at - now)
        self._held_at = now

    def expire(self, claims: Sequence[Claim]) -> None:
        """Let the leases of these claims, and of no others, run out just now."""
        held = {(each.job_id, each.generation, each.index, each.attempt) for each in claims}
        with self.context.database.unit_of_work() as uow:
            now = read_database_time(uow.session)
            query = select(SpanRow).where(SpanRow.state == SpanState.RUNNING)
            for span in uow.session.scalars(query):
                if (span.job_id, span.generation, span.index, span.attempt) in held:
                    span.lease_until = now - timedelta(milliseconds=10)
        time.sleep(0.002)

    def _name_worker(self) -> str:
        self._claimed += 1
        return f"worker{self._claimed}"

    def _build_report(
        self, runner: Runner, claim: Claim, what: str
    ) -> Callable[[UnitOfWork], object]:
        if what == "finish" and claim.is_plan:
            plan = self._plan(claim)
            return lambda uow: runner._store_plan(uow, claim, plan)
        if what == "finish":
            result = self._transcribe(claim)
            return lambda uow: checkpoints.store_span(
                uow.session, claim, result, 1.0, read_database_time(uow.session)
            )
        return lambda uow: _give_up(uow, claim, what)

    def _read_recording(self, claim: Claim) -> bytes:
        with self.context.database.snapshot() as session:
            recording = session.get(Recording, claim.recording_id)
        if recording is None:
            return build_recording(1, 0)
        with self.context.storage.local_file(recording.storage_key) as path:
            return path.read_bytes()

    def _plan(self, claim: Claim) -> Plan:
        count = count_planned(self._read_recording(claim))
        writer = self.context.storage.create(f"pcm/{create_id()}")
        writer.write(b"\0\0")
        starts = [index * SPAN_SECONDS for index in range(count)]
        return Plan(
            spans=[Span(index, at, at + SPAN_SECONDS) for index, at in enumerate(starts)],
            pcm_key=writer.commit().key,
            duration=count * SPAN_SECONDS,
            language=DetectedLanguage("en", 0.9),
            device="cpu int8",
            model_checksum=CHECKSUM,
            container="wav",
            codec="pcm_s16le",
        )

    def _transcribe(self, claim: Claim) -> SpanResult:
        texts = build_texts(self._read_recording(claim), claim.index)
        segments = tuple(
            build_segment(text, claim.start + place, claim.start + place + 1.0)
            for place, text in enumerate(texts)
        )
        return SpanResult(Span(claim.index, claim.start, claim.end), segments, ())


def _give_up(uow: UnitOfWork, claim: Claim, what: str) -> None:
    session, now = uow.session, read_database_time(uow.session)
    if what == "release":
        checkpoints.release_claim(session, claim, now)
    elif what == "transient":
        checkpoints.retry_later(session, claim, "internal", "Once more.", now)
    elif what == "crash":
        checkpoints.retry_later(session, claim, "decoder_crashed", "It crashed.", now)
    elif what == "fail":
        checkpoints.fail_job(session, claim, "unsupported", "It is text.", now)
    elif what == "cancel":
        checkpoints.cancel_claimed(session, claim, now)
    else:
        delay = timedelta(seconds=60)
        checkpoints.wait_for_part(
            session, claim, "model_missing", "It is not staged.", now=now, delay=delay
        )
