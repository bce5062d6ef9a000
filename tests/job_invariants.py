"""The invariants of jobs as assertions over everything the database and the storage hold.

The numbers are those of the failure model.  The first (every acknowledged job ends) needs a run
to its end, and the eighth (deaths) an account of what happened: `test_job_invariants.py` has both.
The tenth is in `upload_checks.py`.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import select

from job_fleet import build_texts, count_planned
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.jobs.models import PLAN_INDEX, Job, JobEvent, SpanRow
from transcriber.jobs.states import TERMINAL, JobState, SpanState, can_move
from transcriber.migrations.tables import metadata
from transcriber.recordings.models import Recording
from transcriber.transcripts.models import SPAN_STRIDE, SegmentRow, TranscriptRow

SLACK = timedelta(seconds=10)
"""A busy machine may be this slow between an act and the look at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All there is at one moment."""

    now: datetime
    jobs: Sequence[Job]
    spans: Sequence[SpanRow]
    events: Sequence[JobEvent]
    segments: Sequence[SegmentRow]
    transcripts: Sequence[TranscriptRow]
    recordings: Sequence[Recording]

    def list_spans(self, job: Job) -> list[SpanRow]:
        return [
            span
            for span in self.spans
            if (span.job_id, span.generation) == (job.id, job.generation)
        ]


def read_world(context: Context) -> World:
    with context.database.snapshot() as session:
        return World(
            now=read_database_time(session),
            jobs=session.scalars(select(Job)).all(),
            spans=session.scalars(select(SpanRow).order_by(SpanRow.index)).all(),
            events=session.scalars(select(JobEvent).order_by(JobEvent.id)).all(),
            segments=session.scalars(select(SegmentRow).order_by(SegmentRow.index)).all(),
            transcripts=session.scalars(select(TranscriptRow)).all(),
            recordings=session.scalars(select(Recording)).all(),
        )


def dump_tables(context: Context) -> list[str]:
    """Every row of every table, to see that nothing at all was written."""
    with context.database.snapshot() as session:
        return [
            repr(row)
            for table in metadata.sorted_tables
            for row in session.execute(select(table).order_by(*table.primary_key.columns))
        ]


def check_histories(world: World) -> None:
    """2, 3 and 5: a job completes once, attempts grow, and what ended moves by a retry only."""
    for job in world.jobs:
        events = [event for event in world.events if event.job_id == job.id]
        assert (events[0].from_state, events[0].to_state) == (None, JobState.QUEUED)
        assert (events[-1].to_state, events[-1].generation) == (job.state, job.generation)
        for before, after in pairwise(events):
            assert after.from_state == before.to_state
            assert can_move(JobState(before.to_state), JobState(after.to_state))
            is_retry = before.to_state in TERMINAL
            assert after.generation == before.generation + is_retry
            assert is_retry or after.attempt >= before.attempt
        completed = Counter(
            event.generation for event in events if event.to_state == JobState.COMPLETED
        )
        assert set(completed.values()) <= {1}


def check_texts(world: World, sources: dict[str, bytes]) -> None:
    """4: the segments are 0..n-1 with an undisturbed run's text; before the end, done spans'."""
    for job in world.jobs:
        key = (job.id, job.generation)
        rows = [row for row in world.segments if (row.job_id, row.generation) == key]
        scripts = [row for row in world.transcripts if (row.job_id, row.generation) == key]
        source = sources[job.id]
        if job.state == JobState.COMPLETED:
            expected = [
                text
                for index in range(count_planned(source))
                for text in build_texts(source, index)
            ]
            assert [row.index for row in rows] == list(range(len(expected)))
            assert [row.text for row in rows] == expected
            assert [row.segment_count for row in scripts] == [len(expected)]
            continue
        assert not scripts
        done = [
            span.index
            for span in world.list_spans(job)
            if span.state == SpanState.DONE and span.index != PLAN_INDEX
        ]
        stored = [(index, text) for index in done for text in build_texts(source, index)]
        assert [(row.index // SPAN_STRIDE, row.text) for row in rows] == stored


def check_leases(world: World, unreconciled: timedelta) -> None:
    """7: whatever runs has a lease, and none is overdue for longer than nobody looked."""
    for span in world.spans:
        if span.state != SpanState.RUNNING:
            assert span.lease_owner is None
            assert span.lease_until is None
            continue
        assert span.lease_owner is not None
        assert span.lease_until is not None
        assert span.lease_until >= world.now - unreconciled - SLACK
    for job in world.jobs:
        is_held = any(span.state == SpanState.RUNNING for span in world.list_spans(job))
        assert is_held == (job.state == JobState.RUNNING)
    running = {(span.job_id, span.generation) for span in world.spans if span.state == "running"}
    assert running <= {(job.id, job.generation) for job in world.jobs}


def check_objects(context: Context, world: World, leftovers: set[str]) -> None:
    """9: each recording has its bytes, and each object a row, but for what crashes left."""
    known = {job.pcm_key for job in world.jobs if job.pcm_key is not None}
    for recording in world.recordings:
        with context.storage.local_file(recording.storage_key) as path:
            content = path.read_bytes()
        assert hashlib.sha256(content).hexdigest() == recording.sha256
        assert len(content) == recording.size_bytes
        known.add(recording.storage_key)
    stored = {each.key for each in context.storage.find_objects()}
    assert stored == known | leftovers, f"{stored - known - leftovers} {known - stored}"
    for job in world.jobs:
        assert job.pcm_key is None or job.state not in TERMINAL
