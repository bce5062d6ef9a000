"""A worker that an administrator drains ends as on SIGTERM, and its successor waits."""

import json
import os
import signal
import sys

from job_builders import read_job
from transcriber.admin.system.acts import drain_worker, resume_worker
from transcriber.infra.context import Context
from transcriber.infra.heartbeats import WorkerHeartbeat, list_heartbeats
from transcriber.infra.identifiers import create_id
from transcriber.infra.queue import build_queue
from transcriber.infra.settings import Settings
from transcriber.infra.supervisor import ChildPlan, Supervisor
from transcriber.infra.worker_drains import SLOT_VARIABLE
from transcriber.jobs.states import JobState
from transcriber.worker_pool import plan_workers
from worker_process import ODD_WORKER, is_transcribing, publish, run_broker, submit, wait_for


def plan_odd_worker(settings: Settings, behaviour: str) -> ChildPlan:
    """As the pool plans its own, but for the engine."""
    [plan] = plan_workers(settings)
    command = [sys.executable, str(ODD_WORKER), behaviour, json.dumps({})]
    return ChildPlan(
        name=plan.name,
        command=command,
        environment=plan.environment,
        stop_seconds=plan.stop_seconds,
        restart_at_once=plan.restart_at_once,
    )


def count_tokens(settings: Settings) -> int:
    queue = build_queue(settings)
    try:
        return queue.count_tokens() or 0
    finally:
        queue.close()


def find_worker(context: Context) -> WorkerHeartbeat | None:
    with context.database.snapshot() as session:
        return next(iter(list_heartbeats(session)), None)


def must_find(context: Context) -> WorkerHeartbeat:
    found = find_worker(context)
    assert found is not None
    return found


def test_a_drained_worker_gives_its_work_back_and_stays_drained(context: Context) -> None:
    settings = context.settings.model_copy(update={"heartbeat_seconds": 0.5, "worker_processes": 1})
    with run_broker(settings):
        supervisor = Supervisor([plan_odd_worker(settings, "steps")])
        supervisor.start()
        try:
            wait_for(lambda: find_worker(context))
            job_id = submit(context, settings)
            wait_for(lambda: is_transcribing(context, job_id))
            worker = must_find(context)
            with context.database.unit_of_work() as uow:
                drain_worker(uow, "admin", worker.id)
            # The work would go on for a minute.
            wait_for(lambda: read_job(context, job_id).state == JobState.QUEUED, 30)
            assert read_job(context, job_id).stall_count == 0
            wait_for(lambda: (now := find_worker(context)) and now.id != worker.id)
            wait_for(lambda: must_find(context).is_drained)
            second = must_find(context)
            assert second.slot == worker.slot
            assert second.not_ready_reason == "An administrator drained this worker."
            # Nor does its end change that, and wake-ups are left to others.
            os.kill(second.pid, signal.SIGKILL)
            wait_for(lambda: must_find(context).id != second.id and must_find(context).is_drained)
            waiting = must_find(context)
            publish(settings, job_id)
            assert count_tokens(settings) > 0
            assert read_job(context, job_id).state == JobState.QUEUED
            with context.database.unit_of_work() as uow:
                resume_worker(uow, "admin", waiting.id)
            wait_for(lambda: is_transcribing(context, job_id))
            assert must_find(context).id == waiting.id
            wait_for(lambda: not must_find(context).is_drained)
        finally:
            supervisor.stop()


def test_each_place_is_another(settings: Settings) -> None:
    settings = settings.model_copy(update={"worker_processes": 2})
    slots = {plan.environment[SLOT_VARIABLE] for plan in plan_workers(settings)}
    assert len(slots) == 2
    assert all(len(slot) == len(create_id()) for slot in slots)
