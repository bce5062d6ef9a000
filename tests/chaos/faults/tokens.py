"""Tokens that come too often, in the wrong order, or for nothing."""

import secrets
from collections.abc import Generator
from contextlib import contextmanager

from celery import Celery
from kombu.exceptions import KombuError

from chaos.faults.broker import BROKER_ERRORS
from chaos.journal import Fault
from chaos.rows import DATABASE_ERRORS
from chaos.scene import Scene
from transcriber.infra.celery_app import TASK_NAME, build_celery
from transcriber.infra.settings import Settings

COPIES = 5
UNKNOWN_TOKENS = 10


def repeat_tokens(scene: Scene) -> None:
    """Publish the token of each unfinished job five times, in random order."""
    try:
        rows = scene.rows.query("SELECT id FROM jobs WHERE state IN ('queued', 'running')")
    except DATABASE_ERRORS:
        return
    jobs = [str(row[0]) for row in rows] * COPIES
    scene.rng.shuffle(jobs)
    _publish(scene, "tokens repeated, shuffled", jobs)


def reverse_tokens(scene: Scene) -> None:
    """Publish the tokens of every job there ever was, the newest first."""
    try:
        rows = scene.rows.query("SELECT id FROM jobs ORDER BY created_at DESC, id")
    except DATABASE_ERRORS:
        return
    _publish(scene, "tokens reversed, of ended jobs too", [str(row[0]) for row in rows])


def invent_tokens(scene: Scene) -> None:
    """Publish tokens of jobs that never were."""
    _publish(
        scene, "tokens of unknown jobs", [secrets.token_hex(16) for _ in range(UNKNOWN_TOKENS)]
    )


def _publish(scene: Scene, kind: str, jobs: list[str]) -> None:
    with scene.broker_lock:
        fault = scene.journal.add(Fault(kind=kind, detail=f"{len(jobs)} tokens"))
        fault.until = fault.at
        try:
            with _open_celery(scene.stack.broker_url) as celery:
                for job_id in jobs:
                    # A pooled connection may be one that an earlier fault cut.
                    celery.send_task(
                        TASK_NAME,
                        kwargs={"job_id": job_id, "span_index": None},
                        retry_policy={"max_retries": 2, "interval_start": 0.1},
                    )
        except (*BROKER_ERRORS, KombuError) as error:
            fault.detail = f"not published: {type(error).__name__}"


@contextmanager
def _open_celery(url: str) -> Generator[Celery]:
    celery = build_celery(Settings(_env_file=None, broker_url=url))
    try:
        yield celery
    finally:
        celery.close()
