"""Claim, work, checkpoint: what a worker does when a token wakes it."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import structlog
from sqlalchemy.exc import InternalError, OperationalError

from transcriber.engine.errors import (
    EngineError,
    MediaError,
    ModelError,
    OptionsError,
    OutOfMemoryError,
)
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.database import UnitOfWork
from transcriber.infra.deletions import try_delete
from transcriber.infra.errors import ServiceError
from transcriber.infra.exit_status import ExitStatus
from transcriber.infra.heartbeats import WORKER_SILENCE_SECONDS, list_rooms
from transcriber.infra.memory_ledger import Room
from transcriber.infra.metric_families import FENCES, SPAN
from transcriber.jobs import checkpoints
from transcriber.jobs.admission import MemoryShortageError
from transcriber.jobs.attribution import attribute_claimed
from transcriber.jobs.checkpoints import Attribution, Plan, PlanLostError
from transcriber.jobs.claiming import claim_next, has_candidates
from transcriber.jobs.claims import Claim, LeaseLostError, lock_job
from transcriber.jobs.cleaning import discard_samples
from transcriber.jobs.counting import count_plan, count_span
from transcriber.jobs.engines import EngineProvider, SpeechEngine
from transcriber.jobs.heartbeat import CancelRequestedError, DrainRequestedError, Heartbeat
from transcriber.jobs.lifecycle import settle_job
from transcriber.jobs.memory_fallback import record_memory_steps, work_with_less
from transcriber.jobs.model_waits import list_wanted_models, note_problems
from transcriber.jobs.planning import plan_recording
from transcriber.jobs.slice_traces import trace_slice
from transcriber.jobs.stages import OK, time_stage
from transcriber.jobs.tokens import forget_tokens, wake_workers
from transcriber.jobs.transcribing import TranscribedSpan, transcribe_claimed
from transcriber.jobs.waits import find_wait
from transcriber.jobs.waveforms import adopt_waveform

MESSAGE_SECONDS = 60.0
"""A token is held for about this long at most; what is left over gets a new token."""
CLAIM_PATIENCE_SECONDS = 5.0
"""While others hold the locks: dozens of workers that wake at once claim one after the other."""
CLAIM_PAUSE_SECONDS = 0.05
LONGEST_CLAIM_PAUSE_SECONDS = 0.4

_log = structlog.stdlib.get_logger(__name__)
Report = Callable[[UnitOfWork], None]


class Runner:
    """One worker process's loop.

    Args:
        context: The process's parts.
        engines: Where models are loaded.
        worker_id: Written into leases and events.
        end_process: Ends the process, with an exit status, when its work does not stop.
        is_ending: Asked between two slices; when it holds, no further one is begun.
    """

    def __init__(
        self,
        context: Context,
        engines: EngineProvider,
        *,
        worker_id: str,
        end_process: Callable[[ExitStatus], None] | None = None,
        is_ending: Callable[[], bool] = lambda: False,
    ) -> None:
        self._context = context
        self._engines = engines
        self._worker_id = worker_id
        self._end_process = end_process
        self._is_ending = is_ending
        self._held: tuple[str, int] | None = None

    @property
    def held(self) -> tuple[str, int] | None:
        """Job and index of the span this worker holds; None while it has none."""
        return self._held

    def run_token(self, budget_seconds: float = MESSAGE_SECONDS) -> int:
        """Work until nothing is runnable, the budget is spent or the process drains.

        Returns the number of slices that were worked on.  A token names a job, but is only a
        wake-up: the claim takes whatever should go first.

        Raises:
            sqlalchemy.exc.OperationalError: the database is away; leases run out by themselves.
        """
        started = time.monotonic()
        slices = 0
        claim = self._claim_first()
        try:
            while claim is not None:
                slices += 1
                is_last = time.monotonic() - started >= budget_seconds or self._is_ending()
                job_id = claim.job_id
                self._held = job_id, claim.index
                claim = self._run_slice(claim, is_last=is_last)
                if is_last or self._context.draining.is_set():
                    # There may be more to do; whoever is free next looks.
                    self._context.queue.publish(job_id)
        finally:
            self._held = None
        return slices

    def has_work(self) -> bool:
        """Whether there is work that this process could take; asked by another thread while idle.

        Raises:
            sqlalchemy.exc.OperationalError: the database is away.
        """
        problems = self._find_problems()
        with self._context.database.snapshot() as session:
            return has_candidates(
                session,
                now=read_database_time(session),
                per_owner=self._context.settings.max_running_per_account,
                unready_models=problems,
            )

    def find_shortage(self) -> str | None:
        """Why the default model would not be admitted for want of memory; None where it would."""
        problem = self._engines.find_problem(self._context.settings.default_model)
        return str(problem) if isinstance(problem, MemoryShortageError) else None

    def measure_room(self) -> Room | None:
        """What memory this worker could have at present; None where nobody can say."""
        return self._engines.measure_room()

    def _claim_first(self) -> Claim | None:
        deadline = time.monotonic() + CLAIM_PATIENCE_SECONDS
        pause = CLAIM_PAUSE_SECONDS
        while True:
            problems = self._find_problems()
            with self._context.database.unit_of_work() as uow:
                claim = self._claim_in(uow, problems)
                if claim is not None or not self._is_contended(uow, problems):
                    return claim
            if time.monotonic() >= deadline:
                # The reconciler wakes somebody for what is still there.
                return None
            # Another worker held the locks we skipped; it lets go within milliseconds, and those
            # that waited with us come back at different moments.
            time.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 -- a moment, no secret
            pause = min(2 * pause, LONGEST_CLAIM_PAUSE_SECONDS)

    def _is_contended(self, uow: UnitOfWork, problems: Mapping[str, ModelError]) -> bool:
        return not self._context.draining.is_set() and has_candidates(
            uow.session,
            now=read_database_time(uow.session),
            per_owner=self._context.settings.max_running_per_account,
            unready_models=problems,
        )

    def _find_problems(self) -> dict[str, ModelError]:
        with self._context.database.snapshot() as session:
            models = list_wanted_models(session)
        found = {model: self._engines.find_problem(model) for model in models}
        problems = {model: problem for model, problem in found.items() if problem is not None}
        if problems:
            with self._context.database.unit_of_work() as uow:
                rooms = list_rooms(uow.session, WORKER_SILENCE_SECONDS)
                # What our own row says is older than what the problems say.
                rooms.pop(self._worker_id, None)
                note_problems(uow.session, problems, rooms)
        return problems

    def _claim_in(self, uow: UnitOfWork, problems: Mapping[str, ModelError]) -> Claim | None:
        if self._context.draining.is_set():
            return None
        settings = self._context.settings
        claim = claim_next(
            uow.session,
            worker=self._worker_id,
            now=read_database_time(uow.session),
            lease=timedelta(seconds=settings.lease_seconds),
            per_owner=settings.max_running_per_account,
            unready_models=problems,
        )
        if claim is not None:
            forget_tokens(uow.session, claim.job_id)
            self._note_wait(uow, claim)
        return claim

    def _note_wait(self, uow: UnitOfWork, claim: Claim) -> None:
        """Measure how long a job waited for its first worker."""
        if not claim.is_plan or claim.attempt > 1:
            return
        job = lock_job(uow.session, claim.job_id)
        if job is not None and job.started_at is not None:
            waited = (job.started_at - job.queued_at).total_seconds()
            uow.after_commit(lambda: self._context.meter.observe_stage("wait", OK, waited))

    def _run_slice(self, claim: Claim, *, is_last: bool) -> Claim | None:
        with (
            structlog.contextvars.bound_contextvars(**claim.describe()),
            trace_slice(self._context.tracer, claim),
        ):
            try:
                report = self._work(claim)
                following = self._report(claim, report, is_last=is_last)
                _log.info("slice_reported")
            except LeaseLostError as error:
                _log.warning("lease_lost", reason=str(error))
                self._context.meter.count(FENCES, SPAN)
                self._context.tracer.fail("lease_lost")
                following = None
            # Others may have held the locks while this one reported; a second look is patient.
            return following if following or is_last else self._claim_first()

    def _work(self, claim: Claim) -> Report:
        """Do the slice; every outcome becomes a report that is written under the fence."""
        notes: list[str] = []
        report = self._work_with(claim, notes)
        if not notes:
            return report

        def report_with_notes(uow: UnitOfWork) -> None:
            record_memory_steps(uow.session, claim, notes, read_database_time(uow.session))
            report(uow)

        return report_with_notes

    def _work_with(self, claim: Claim, notes: list[str]) -> Report:
        try:
            with Heartbeat(self._context, claim, self._end_process) as heartbeat:
                return work_with_less(
                    self._engines,
                    claim.model,
                    lambda engine: self._do_slice(claim, engine, heartbeat, notes),
                    notes.append,
                )
        except DrainRequestedError:
            return lambda uow: checkpoints.release_claim(
                uow.session, claim, read_database_time(uow.session)
            )
        except CancelRequestedError:
            return lambda uow: checkpoints.cancel_claimed(
                uow.session, claim, read_database_time(uow.session)
            )
        except (LeaseLostError, OperationalError, InternalError):
            # PostgreSQL ends a transaction that idled too long with the second of these errors.
            raise
        except Exception as error:  # noqa: BLE001 -- whatever went wrong must end in the job's row
            return self._judge(claim, error)

    def _do_slice(
        self, claim: Claim, engine: SpeechEngine, heartbeat: Heartbeat, notes: list[str]
    ) -> Report:
        checksum = self._engines.find_checksum(claim.model)
        _refuse_other_model(claim, checksum)
        heartbeat.check()
        started = time.monotonic()
        if claim.is_plan:
            plan = plan_recording(self._context, claim, engine, checksum, heartbeat.check)
            busy = time.monotonic() - started
            timed = replace(plan, busy_seconds=busy, warnings=[*plan.warnings, *notes])
            return lambda uow: self._store_plan(uow, claim, timed)
        if claim.is_attribution:
            found = attribute_claimed(self._context, claim, heartbeat.check)
            return lambda uow: self._store_speakers(uow, claim, found)
        with time_stage(self._context.meter, self._context.tracer, "transcribe"):
            done = transcribe_claimed(self._context, claim, engine, heartbeat.check, notes.append)
        busy = time.monotonic() - started
        device = f"{engine.device} {engine.compute_type}"
        return lambda uow: self._store_span(uow, claim, done, device, busy)

    def _judge(self, claim: Claim, error: Exception) -> Report:
        if isinstance(error, OutOfMemoryError):
            self._engines.release()
        code, reason = _name_error(error)
        self._context.tracer.fail(code)
        delay = find_wait(error)
        if delay is not None:
            _log.error("part_away", model=claim.model, code=code, reason=reason)
            return lambda uow: checkpoints.wait_for_part(
                uow.session, claim, code, reason, now=read_database_time(uow.session), delay=delay
            )
        is_permanent = isinstance(error, MediaError | OptionsError) and (
            error.code != "decoder_crashed"
        )
        if code == "internal":
            _log.error("slice_failed", exc_info=error)
        else:
            _log.warning("slice_refused", code=code, reason=reason)
        write = checkpoints.fail_job if is_permanent else checkpoints.retry_later
        return lambda uow: write(uow.session, claim, code, reason, read_database_time(uow.session))

    def _store_plan(self, uow: UnitOfWork, claim: Claim, plan: Plan) -> None:
        job = checkpoints.store_plan(uow.session, claim, plan, read_database_time(uow.session))
        if plan.peaks_key is not None:
            adopt_waveform(uow, self._context.storage, job, plan.peaks_key)
        wake_workers(uow, self._context, job)
        uow.after_commit(lambda: count_plan(self._context.meter, claim, plan))

    def _store_span(
        self, uow: UnitOfWork, claim: Claim, done: TranscribedSpan, device: str, busy: float
    ) -> None:
        now = read_database_time(uow.session)
        checkpoints.store_span(uow.session, claim, done.result, busy, now, done.voices)
        uow.after_commit(lambda: count_span(self._context.meter, claim, done.result, device, busy))

    def _store_speakers(self, uow: UnitOfWork, claim: Claim, found: Attribution) -> None:
        checkpoints.store_speakers(uow.session, claim, found, read_database_time(uow.session))

    def _report(self, claim: Claim, report: Report, *, is_last: bool) -> Claim | None:
        """Write the outcome and claim what comes next, in one transaction."""
        problems = {} if is_last else self._find_problems()
        try:
            with time_stage(self._context.meter, self._context.tracer, "checkpoint"):
                return self._report_in_one(claim, report, problems, is_last=is_last)
        except PlanLostError as error:
            # Only here, after the transaction: the storage may take its time, and others wait for
            # the job's lock.  Where the answer to a commit is lost, the objects stay: a row may
            # name them, and if none does, the collection of orphans removes them.
            for key in error.keys:
                try_delete(self._context.storage, key)
            raise

    def _report_in_one(
        self,
        claim: Claim,
        report: Report,
        problems: Mapping[str, ModelError],
        *,
        is_last: bool,
    ) -> Claim | None:
        with self._context.database.unit_of_work() as uow:
            report(uow)
            following = None if is_last else self._claim_in(uow, problems)
            job = lock_job(uow.session, claim.job_id)
            if job is not None:
                now = read_database_time(uow.session)
                settle_job(uow.session, job, actor=self._worker_id, now=now)
                discard_samples(uow, self._context.storage, job)
            return following


def _name_error(error: Exception) -> tuple[str, str]:
    if isinstance(error, EngineError):
        return error.code, str(error)
    if isinstance(error, ServiceError):
        return error.code, error.detail
    return "internal", "The worker met an unexpected error; its log has the details."


def _refuse_other_model(claim: Claim, found: str) -> None:
    # Half a transcript by one model and half by another would look like one by either.
    if claim.model_checksum not in {None, found}:
        raise ModelError(
            f"The job began with the model {claim.model} of SHA-256 {claim.model_checksum}; "
            f"this worker has {found}.",
            code="model_checksum",
        )
