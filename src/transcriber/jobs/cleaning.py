"""Removing what a finished job no longer needs."""

import structlog

from transcriber.infra.database import UnitOfWork
from transcriber.infra.errors import ServiceError
from transcriber.infra.storage import Storage
from transcriber.jobs.models import Job
from transcriber.jobs.states import TERMINAL

_log = structlog.stdlib.get_logger(__name__)


def discard_samples(uow: UnitOfWork, storage: Storage, job: Job) -> None:
    """Let a terminal job's decoded samples go once its state is durable."""
    if job.state in TERMINAL and job.pcm_key is not None:
        discard_after_commit(uow, storage, job.pcm_key)
        job.pcm_key = None


def discard_after_commit(uow: UnitOfWork, storage: Storage, key: str) -> None:
    """Delete an object that no row points at once this transaction is durable."""

    def discard() -> None:
        try:
            storage.delete(key)
        except ServiceError as error:
            # The collection of orphans will try again.
            _log.warning("object_left_behind", key=key, reason=error.detail)

    uow.after_commit(discard)
