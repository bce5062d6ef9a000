"""The life of jobs under random faults, checked after every step.

With `INVARIANT_EXAMPLES=500` it looks further, at random; without, at the same few runs every time.
"""

import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from invariant_profile import EXAMPLES, PROFILE
from job_builders import add_job, empty_service
from job_fleet import WRITES, Fleet, build_recording
from job_invariants import (
    check_histories,
    check_leases,
    check_objects,
    check_texts,
    dump_tables,
    read_world,
)
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.errors import ConflictError
from transcriber.jobs.claims import Claim, LeaseLostError
from transcriber.jobs.models import Job, SpanRow
from transcriber.jobs.order import is_runnable
from transcriber.jobs.reconciler import reconcile_once
from transcriber.jobs.states import (
    MAX_DEATHS_WITHOUT_CHECKPOINT,
    RETRYABLE,
    TERMINAL,
    JobState,
    SpanState,
)
from transcriber.jobs.upkeep import run_upkeep
from transcriber.uploads.orphans import collect_orphans
from upload_checks import check_usage

T = TypeVar("T")
OWNERS = ("alice", "bob")
PER_OWNER = 2
ROUNDS_TO_THE_END = 60

picks = st.integers(0, 99)
fates = st.sampled_from([each for each in WRITES if each not in {"finish", "cancel"}])


class JobMachine(RuleBasedStateMachine):
    """Owners, workers that come, work, stop and die, and what must hold whatever they do."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        empty_service(context)
        self.context = context
        self.fleet = Fleet(context)
        self.fleet.tokens.clear()
        self.owners: dict[str, str] = {}
        self.sources: dict[str, bytes] = {}
        self.keys: dict[str, str] = {}
        self.claims: list[Claim] = []
        self.leftovers: set[str] = set()
        self.unreconciled = timedelta()
        self.deaths: dict[tuple[str, int], Counter[int]] = {}
        self.counts: dict[tuple[str, int], tuple[int, int]] = {}
        self.attempts: dict[tuple[str, int, int], int] = {}
        self.ended: dict[tuple[str, int], dict[str, Any]] = {}
        self.holders: dict[tuple[str, int, int], str | None] = {}
        self.flagged: set[str] = set()
        self.serial = 0

    # What owners do.

    @rule(owner=st.sampled_from(OWNERS), spans=st.integers(0, 4), keyed=st.booleans())
    def submit(self, owner: str, spans: int, *, keyed: bool) -> None:
        # Times are the order's last word but one, and SQLite counts milliseconds.
        time.sleep(0.002)
        self.serial += 1
        key = f"key{self.serial}" if keyed else None
        source = build_recording(spans, self.serial)
        job_id = add_job(self.context, owner, data=source, key=key)
        assert job_id not in self.sources
        self.owners[job_id], self.sources[job_id] = owner, source
        if key is not None:
            self.keys[job_id] = key

    @precondition(lambda self: self.keys)
    @rule(pick=picks, is_same=st.booleans())
    def submit_again(self, pick: int, *, is_same: bool) -> None:
        job_id = _pick(list(self.keys), pick)
        source = self.sources[job_id] if is_same else b"something else"
        try:
            again = add_job(self.context, self.owners[job_id], data=source, key=self.keys[job_id])
        except ConflictError:
            assert not is_same
            world = read_world(self.context)
            known = {each.storage_key for each in world.recordings}
            known |= {each.pcm_key for each in world.jobs if each.pcm_key}
            self.leftovers |= {each.key for each in self.context.storage.find_objects()} - known
        else:
            assert is_same
            assert again == job_id

    @precondition(lambda self: self.sources)
    @rule(pick=picks)
    def cancel(self, pick: int) -> None:
        job_id = _pick(list(self.sources), pick)
        is_over = self.read_job(job_id).state in TERMINAL - {JobState.CANCELLED}
        try:
            self.fleet.act("cancel", self.owners[job_id], job_id)
        except ConflictError:
            assert is_over
        else:
            assert not is_over

    @precondition(lambda self: self.sources)
    @rule(pick=picks)
    def retry(self, pick: int) -> None:
        job_id = _pick(list(self.sources), pick)
        may_retry = self.read_job(job_id).state in RETRYABLE
        try:
            self.fleet.act("retry", self.owners[job_id], job_id)
        except ConflictError:
            assert not may_retry
        else:
            assert may_retry

    @precondition(lambda self: len(self.sources) > 1)
    @rule(pick=picks)
    def delete(self, pick: int) -> None:
        job_id = _pick(list(self.sources), pick)
        self.fleet.act("delete", self.owners[job_id], job_id)
        del self.sources[job_id], self.owners[job_id]
        self.keys.pop(job_id, None)

    # What workers do.

    @rule()
    def claim(self) -> None:
        self.take()

    def take(self) -> Claim | None:
        time.sleep(0.002)
        fair = self.list_fair_owners()
        claim = self.fleet.claim(PER_OWNER)
        assert (claim is None) == (not fair)
        if claim is not None:
            assert claim.user_id in fair
            self.note_claim(claim)
        return claim

    def note_claim(self, claim: Claim) -> None:
        place = (claim.job_id, claim.generation, claim.index)
        assert claim.attempt == self.attempts.get(place, 0) + 1
        self.attempts[place] = claim.attempt
        self.claims.append(claim)

    @precondition(lambda self: self.list_current())
    @rule(pick=picks)
    def beat(self, pick: int) -> None:
        assert self.fleet.extend(_pick(self.list_current(), pick))

    @precondition(lambda self: self.list_current())
    @rule(pick=picks, goes_on=st.booleans())
    def finish(self, pick: int, *, goes_on: bool) -> None:
        self.report(_pick(self.list_current(), pick), "finish", goes_on=goes_on)

    @precondition(lambda self: self.list_current())
    @rule(pick=picks, fate=fates, goes_on=st.booleans())
    def give_up(self, pick: int, fate: str, *, goes_on: bool) -> None:
        self.report(_pick(self.list_current(), pick), fate, goes_on=goes_on)

    @precondition(lambda self: self.list_cancelled_claims())
    @rule(pick=picks)
    def obey(self, pick: int) -> None:
        self.report(_pick(self.list_cancelled_claims(), pick), "cancel", goes_on=False)

    @precondition(lambda self: self.list_stale())
    @rule(pick=picks, what=st.sampled_from(WRITES), goes_on=st.booleans())
    def write_as_zombie(self, pick: int, what: str, *, goes_on: bool) -> None:
        self.write_in_vain(_pick(self.list_stale(), pick), what, goes_on=goes_on)

    @precondition(lambda self: self.list_superseded())
    @rule(pick=picks, what=st.sampled_from(WRITES), goes_on=st.booleans())
    def write_beside_the_heir(self, pick: int, what: str, *, goes_on: bool) -> None:
        self.write_in_vain(_pick(self.list_superseded(), pick), what, goes_on=goes_on)

    def write_in_vain(self, zombie: Claim, what: str, *, goes_on: bool) -> None:
        """6: what a worker writes after its work was given away changes nothing."""
        before = dump_tables(self.context)
        with pytest.raises(LeaseLostError):
            self.fleet.write(zombie, what, goes_on=goes_on)
        assert not self.fleet.extend(zombie)
        assert dump_tables(self.context) == before

    @rule(times=st.integers(1, 3))
    def die(self, times: int) -> None:
        for _ in range(times):
            claim = self.take()
            if claim is None:
                return
            self.fleet.expire([claim])
            self.reconcile()

    @rule(times=st.integers(1, 4))
    def die_beside_progress(self, times: int) -> None:
        for _ in range(times):
            claims = [claim for claim in (self.take(), self.take(), self.take()) if claim]
            victim = next((each for each in claims if not each.is_plan), None)
            for claim in claims:
                if claim is not victim and self.is_current(claim):
                    self.report(claim, "finish", goes_on=False)
            if victim is not None:
                self.fleet.expire([victim])
                self.reconcile()

    @rule(kind=st.sampled_from(["recordings", "pcm"]))
    def die_before_commit(self, kind: str) -> None:
        self.leftovers.add(self.fleet.leave_object(kind))

    # What time, the broker and the reconciler do.

    @rule(seconds=st.sampled_from([1.0, 11.0, 41.0, 400.0]))
    def pass_time(self, seconds: float) -> None:
        self.fleet.pass_time(seconds)
        self.unreconciled += timedelta(seconds=seconds)

    @rule()
    def reconcile(self) -> None:
        for span in self.list_expired():
            self.count_deaths(span.job_id, span.generation)[span.index] += 1
        reconcile_once(self.context)
        run_upkeep(self.context)
        self.unreconciled = timedelta()
        assert not self.list_expired()

    @rule()
    def collect(self) -> None:
        self.fleet.make_old(self.leftovers)
        collect_orphans(self.context)
        self.leftovers.clear()

    @rule()
    def lose_tokens(self) -> None:
        self.fleet.tokens.clear()

    @rule()
    def duplicate_tokens(self) -> None:
        self.fleet.tokens.extend(self.fleet.tokens[:10])

    @precondition(lambda self: self.fleet.tokens)
    @rule(slices=st.integers(1, 6))
    def deliver_token(self, slices: int) -> None:
        self.fleet.tokens.pop()
        claim = self.take()
        for _ in range(slices):
            if claim is None:
                return
            claim = self.report(claim, "finish", goes_on=True)

    # What must hold.

    @invariant()
    def check(self) -> None:
        world = read_world(self.context)
        assert {job.id for job in world.jobs} == set(self.sources)
        check_histories(world)
        check_texts(world, self.sources)
        check_leases(world, self.unreconciled)
        check_objects(self.context, world, self.leftovers)
        check_usage(self.context)
        for span in world.spans:
            place = (span.job_id, span.generation, span.index)
            assert span.attempt == self.attempts.get(place, 0)
        for job in world.jobs:
            self.check_growth(job)
            self.check_deaths(job)
        self.holders = {
            (span.job_id, span.generation, span.index): span.lease_owner
            for span in world.spans
            if span.state == SpanState.RUNNING
        }
        self.flagged = {job.id for job in world.jobs if job.cancel_requested_at is not None}
        self.fleet.hold_time()

    def check_growth(self, job: Job) -> None:
        """3 and 5: counts only grow, and a row that is over stays as it is."""
        place = (job.id, job.generation)
        attempt, checkpoint = self.counts.get(place, (0, 0))
        assert job.attempt >= attempt
        assert job.checkpoint >= checkpoint
        self.counts[place] = (job.attempt, job.checkpoint)
        row = {column.key: getattr(job, column.key) for column in Job.__table__.columns}
        assert self.ended.get(place, row) == row
        if job.state in TERMINAL:
            self.ended[place] = row

    def check_deaths(self, job: Job) -> None:
        """8: three deaths of one piece without progress quarantine, and nothing else does."""
        deaths = max(self.count_deaths(job.id, job.generation).values(), default=0)
        if job.state == JobState.QUARANTINED:
            assert deaths >= MAX_DEATHS_WITHOUT_CHECKPOINT
        elif job.state not in TERMINAL and job.cancel_requested_at is None:
            assert deaths < MAX_DEATHS_WITHOUT_CHECKPOINT

    def teardown(self) -> None:
        """1: whatever happened, every acknowledged job reaches an end, woken by tokens alone."""
        self.fleet.tokens.clear()
        for _ in range(ROUNDS_TO_THE_END):
            if all(self.read_job(job_id).state in TERMINAL for job_id in self.sources):
                break
            self.pass_time(400)
            self.reconcile()
            while self.fleet.tokens:
                self.deliver_token(slices=100)
        assert all(self.read_job(job_id).state in TERMINAL for job_id in self.sources)
        self.check()

    # What the rules know.

    def report(self, claim: Claim, what: str, *, goes_on: bool) -> Claim | None:
        following = self.fleet.write(claim, what, goes_on=goes_on)
        if what == "finish":
            self.count_deaths(claim.job_id, claim.generation).clear()
        if following is not None:
            self.note_claim(following)
        return following

    def count_deaths(self, job_id: str, generation: int) -> Counter[int]:
        return self.deaths.setdefault((job_id, generation), Counter())

    def read_job(self, job_id: str) -> Job:
        with self.context.database.snapshot() as session:
            return session.get_one(Job, job_id)

    def list_current(self) -> list[Claim]:
        return [each for each in self.claims if self.holders.get(_locate(each)) == each.worker]

    def list_stale(self) -> list[Claim]:
        return [each for each in self.claims if self.holders.get(_locate(each)) != each.worker]

    def list_superseded(self) -> list[Claim]:
        return [each for each in self.list_stale() if _locate(each) in self.holders]

    def list_cancelled_claims(self) -> list[Claim]:
        return [each for each in self.list_current() if each.job_id in self.flagged]

    def is_current(self, claim: Claim) -> bool:
        with self.context.database.snapshot() as session:
            span = session.get(SpanRow, _locate(claim))
        return span is not None and span.lease_owner == claim.worker

    def list_expired(self) -> list[SpanRow]:
        with self.context.database.snapshot() as session:
            now = read_database_time(session)
            query = select(SpanRow).where(
                SpanRow.state == SpanState.RUNNING, SpanRow.lease_until < now
            )
            return list(session.scalars(query))

    def list_fair_owners(self) -> set[str]:
        """Who may be served next: those below the cap, or everybody where nobody is below it."""
        with self.context.database.snapshot() as session:
            waiting = set(
                session.scalars(select(Job.user_id).where(is_runnable(read_database_time(session))))
            )
            running = dict(
                session.execute(
                    select(SpanRow.user_id, func.count())
                    .where(SpanRow.state == SpanState.RUNNING)
                    .group_by(SpanRow.user_id)
                ).all()
            )
        below = {owner for owner in waiting if running.get(owner, 0) < PER_OWNER}
        return below or waiting


def _pick(choices: Sequence[T], pick: int) -> T:
    return choices[pick % len(choices)]


def _locate(claim: Claim) -> tuple[str, int, int]:
    return claim.job_id, claim.generation, claim.index


@pytest.mark.timeout(max(300, EXAMPLES * 60))
def test_the_invariants_hold_whatever_happens(context: Context) -> None:
    run_state_machine_as_test(lambda: JobMachine(context), settings=PROFILE)
