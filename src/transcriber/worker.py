"""The worker process: takes tokens, beats, reconciles, seals, tells webhooks.  Wiring only."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import structlog

from transcriber.admin.disk_gauges import DiskGauges
from transcriber.infra.audit_sealing import SEAL_SECONDS, Sealer
from transcriber.infra.celery_app import build_celery
from transcriber.infra.clock import read_machine_time
from transcriber.infra.consumer import heed_early_stop, is_stop_asked, run_consumer
from transcriber.infra.context import Context, build_context
from transcriber.infra.exit_status import ExitStatus
from transcriber.infra.heartbeats import BEAT_SECONDS, Doing
from transcriber.infra.identifiers import create_id
from transcriber.infra.logging import configure_logging
from transcriber.infra.machine_memory import read_resident_bytes
from transcriber.infra.metric_writer import MetricWriter
from transcriber.infra.periodic import PeriodicThread, stop_all
from transcriber.infra.presence import Presence
from transcriber.infra.recycling import LOOK_SECONDS, RecycleBounds, RecycleWatch
from transcriber.infra.settings import Settings
from transcriber.infra.standby import Standby
from transcriber.infra.vitals import Vitals
from transcriber.infra.worker_drains import read_slot
from transcriber.jobs.engines import EngineProvider, LoadedEngines
from transcriber.jobs.kept_engines import KeptEngines
from transcriber.jobs.model_rechecks import ModelRecheck
from transcriber.jobs.model_watch import ModelWatch
from transcriber.jobs.reconciler import reconcile_once
from transcriber.jobs.runner import Runner
from transcriber.jobs.tasks import register_tasks
from transcriber.jobs.upkeep import run_upkeep
from transcriber.uploads.collecting import run_requested
from transcriber.uploads.orphans import ORPHAN_LOOK_SECONDS, run_round
from transcriber.uploads.upkeep import keep_uploads_up
from transcriber.webhooks.sender import ROUND_SECONDS, WebhookSender


def run_worker(
    settings: Settings,
    *,
    engines: EngineProvider | None = None,
    bounds: RecycleBounds | None = None,
) -> int:
    """Work until SIGTERM or SIGINT, then finish the segment at hand; gives the exit status.

    One process works on one span at a time; run as many processes as the machine has room for.

    Args:
        settings: The operator's choices.
        engines: Where models are loaded; the real ones without.
        bounds: When to be started afresh; those of the settings without.
    """
    heed_early_stop()
    configure_logging(settings, process="worker")
    # Before any other thread exists: each inherits it, and so does the decoding child.
    lower_priority(settings.worker_nice)
    context = build_context(settings)
    worker_id = create_id()
    celery = build_celery(settings)
    vitals = Vitals()
    kept = KeptEngines(
        engines or LoadedEngines(settings),
        vitals,
        settings.model_idle_seconds,
        context.meter,
        context.tracer,
    )
    presence = Presence(context, worker_id)
    slot = read_slot(worker_id)
    standby = Standby(context.database, slot)
    runner = register_tasks(
        celery,
        context,
        worker_id=worker_id,
        engines=kept,
        vitals=vitals,
        end_process=presence.end_process,
    )
    bounds = bounds or RecycleBounds(memory_mb=settings.worker_max_memory_mb)
    watch = RecycleWatch(vitals, bounds, context.queue.ping)
    disks = DiskGauges(settings)
    metrics = MetricWriter(context.database, context.meter, (disks.read,))
    models = ModelWatch(settings)
    parts = _Parts(context, worker_id, slot, presence, runner, kept, vitals, standby, models)
    threads = (
        PeriodicThread("recycling", LOOK_SECONDS, watch.look),
        *_list_own_threads(parts),
        *_list_rounds(context, worker_id),
    )
    with structlog.contextvars.bound_contextvars(worker_id=worker_id):
        standby.begin()
        for thread in threads:
            thread.start()
        disks.start()
        metrics.start()
        try:
            standby.wait(is_stop_asked)
            status = run_consumer(
                celery, on_stopping=context.draining.set, end_process=presence.end_process
            )
            return ExitStatus.RECYCLED if vitals.is_recycling() else status
        finally:
            stop_all(threads)
            disks.begin_stop()
            metrics.close()
            presence.leave()
            context.close()


def lower_priority(nice: int) -> None:
    """Give way to the API, which must answer while every core transcribes."""
    os.setpriority(os.PRIO_PROCESS, 0, max(nice, os.getpriority(os.PRIO_PROCESS, 0)))


@dataclass(frozen=True, slots=True)
class _Parts:
    """What this process consists of."""

    context: Context
    worker_id: str
    slot: str
    presence: Presence
    runner: Runner
    kept: KeptEngines
    vitals: Vitals
    standby: Standby
    models: ModelWatch


def _list_own_threads(parts: _Parts) -> Sequence[PeriodicThread]:
    """What each process does for itself, and the reconciler, which waits for nobody."""
    context = parts.context
    settings = context.settings
    beat_seconds = min(settings.heartbeat_seconds, BEAT_SECONDS)
    recheck = ModelRecheck(context, parts.worker_id, parts.kept)
    return (
        PeriodicThread("heartbeat", beat_seconds, partial(_beat, parts)),
        PeriodicThread("model-watch", beat_seconds, partial(_watch_models, parts)),
        PeriodicThread("model-recheck", beat_seconds, recheck.look),
        PeriodicThread("idle-model", LOOK_SECONDS, parts.kept.release_idle),
        PeriodicThread(
            "reconciler", settings.reconcile_seconds, partial(_reconcile, context, parts.vitals)
        ),
    )


def _list_rounds(context: Context, worker_id: str) -> Sequence[PeriodicThread]:
    """What waits for others: most of them for the storage, which may be slow, large or away."""
    seconds = context.settings.reconcile_seconds
    return (
        PeriodicThread("upkeep", seconds, partial(run_upkeep, context)),
        PeriodicThread("orphans", ORPHAN_LOOK_SECONDS, partial(run_round, context, worker_id)),
        PeriodicThread("uploads", seconds, partial(keep_uploads_up, context, worker_id)),
        PeriodicThread("collection", seconds, partial(run_requested, context)),
        PeriodicThread("audit-seal", SEAL_SECONDS, Sealer(context).seal),
        PeriodicThread("webhooks", ROUND_SECONDS, WebhookSender(context).send_due),
    )


def _beat(parts: _Parts) -> None:
    runner, vitals = parts.runner, parts.vitals
    problem = parts.standby.reason or parts.models.problem or runner.find_shortage()
    if parts.presence.renew(problem, runner.measure_room(), _describe_doing(parts)):
        may_work = not parts.standby.is_waiting and not vitals.is_busy
        vitals.note_beat(has_work=may_work and runner.has_work())
        parts.standby.heed()


def _describe_doing(parts: _Parts) -> Doing:
    job_id, span_index = parts.runner.held or (None, None)
    model, device = parts.kept.describe_loaded() or (None, None)
    return Doing(
        job_id=job_id,
        span_index=span_index,
        model=model,
        device=device,
        resident_bytes=read_resident_bytes(os.getpid()),
        is_draining=parts.context.draining.is_set() or parts.vitals.is_recycling(),
        reconciled_at=parts.vitals.reconciled_at,
        slot=parts.slot,
        is_drained=parts.standby.is_waiting,
    )


def _watch_models(parts: _Parts) -> None:
    # What changed is told at once: a worker that can work again is waited for.
    if parts.models.look():
        _beat(parts)


def _reconcile(context: Context, vitals: Vitals) -> None:
    reconcile_once(context)
    vitals.note_round(read_machine_time())


if __name__ == "__main__":
    sys.exit(run_worker(Settings()))
