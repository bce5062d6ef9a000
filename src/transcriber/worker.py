"""The worker process: takes tokens, beats, reconciles, seals, tells webhooks.  Wiring only."""

import os
import sys
from collections.abc import Callable
from functools import partial

import structlog

from transcriber.admin.disk_gauges import DiskGauges
from transcriber.infra.audit_sealing import SEAL_SECONDS, Sealer
from transcriber.infra.celery_app import build_celery
from transcriber.infra.clock import read_machine_time
from transcriber.infra.consumer import heed_early_stop, run_consumer
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
from transcriber.infra.vitals import Vitals
from transcriber.jobs.engines import EngineProvider, LoadedEngines
from transcriber.jobs.kept_engines import KeptEngines
from transcriber.jobs.model_watch import ModelWatch
from transcriber.jobs.reconciler import reconcile_once
from transcriber.jobs.runner import Runner
from transcriber.jobs.tasks import register_tasks
from transcriber.jobs.upkeep import run_upkeep
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
        engines or LoadedEngines(settings), vitals, settings.model_idle_seconds, context.meter
    )
    presence = Presence(context, worker_id)
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
    beat = partial(
        _beat,
        presence,
        runner,
        vitals,
        models,
        partial(_describe_doing, context, runner, kept, vitals),
    )
    beat_seconds = min(settings.heartbeat_seconds, BEAT_SECONDS)
    threads = (
        PeriodicThread("heartbeat", beat_seconds, beat),
        PeriodicThread("model-watch", beat_seconds, partial(_watch_models, models, beat)),
        PeriodicThread("recycling", LOOK_SECONDS, watch.look),
        PeriodicThread("idle-model", LOOK_SECONDS, kept.release_idle),
        PeriodicThread(
            "reconciler", settings.reconcile_seconds, partial(_reconcile, context, vitals)
        ),
        # Both wait for the storage, which may be slow, large or away; the reconciler never does.
        PeriodicThread("upkeep", settings.reconcile_seconds, partial(run_upkeep, context)),
        PeriodicThread("orphans", ORPHAN_LOOK_SECONDS, partial(run_round, context, worker_id)),
        PeriodicThread(
            "uploads", settings.reconcile_seconds, partial(keep_uploads_up, context, worker_id)
        ),
        PeriodicThread("audit-seal", SEAL_SECONDS, Sealer(context).seal),
        PeriodicThread("webhooks", ROUND_SECONDS, WebhookSender(context).send_due),
    )
    with structlog.contextvars.bound_contextvars(worker_id=worker_id):
        for thread in threads:
            thread.start()
        disks.start()
        metrics.start()
        try:
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


def _beat(
    presence: Presence,
    runner: Runner,
    vitals: Vitals,
    models: ModelWatch,
    describe_doing: Callable[[], Doing],
) -> None:
    problem = models.problem or runner.find_shortage()
    if presence.renew(problem, runner.measure_room(), describe_doing()):
        vitals.note_beat(has_work=not vitals.is_busy and runner.has_work())


def _describe_doing(context: Context, runner: Runner, kept: KeptEngines, vitals: Vitals) -> Doing:
    job_id, span_index = runner.held or (None, None)
    model, device = kept.describe_loaded() or (None, None)
    return Doing(
        job_id=job_id,
        span_index=span_index,
        model=model,
        device=device,
        resident_bytes=read_resident_bytes(os.getpid()),
        is_draining=context.draining.is_set() or vitals.is_recycling(),
        reconciled_at=vitals.reconciled_at,
    )


def _watch_models(models: ModelWatch, beat: Callable[[], None]) -> None:
    # What changed is told at once: a worker that can work again is waited for.
    if models.look():
        beat()


def _reconcile(context: Context, vitals: Vitals) -> None:
    reconcile_once(context)
    vitals.note_round(read_machine_time())


if __name__ == "__main__":
    sys.exit(run_worker(Settings()))
