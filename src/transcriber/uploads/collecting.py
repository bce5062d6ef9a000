"""A collection on request: everything that the rounds remove, now and to its end."""

from collections.abc import Callable, Iterator

import structlog
from sqlalchemy.exc import OperationalError

from transcriber.infra.audit_chain import SealKeys
from transcriber.infra.audit_removal import remove_old_entries
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.deletions import retry_deletions
from transcriber.infra.errors import ServiceError
from transcriber.infra.exclusion import hold_alone
from transcriber.infra.idempotency import forget_old_keys
from transcriber.jobs.lifecycle import forget_deletions
from transcriber.jobs.retention import remove_old_audio, remove_old_jobs
from transcriber.jobs.upkeep import LOCK_NAME as UPKEEP_LOCK
from transcriber.uploads.collection_requests import end_collection, find_open, start_collection
from transcriber.uploads.orphans import LOCK_NAME as ORPHANS_LOCK
from transcriber.uploads.orphans import collect_orphans
from transcriber.uploads.upkeep import clean_ended_uploads, expire_uploads, forget_uploads

Step = Callable[[Context], int]

_log = structlog.stdlib.get_logger(__name__)


def run_requested(context: Context) -> bool:
    """Carry out the collection that was asked for, if one was; tells whether it was done.

    Being alone at both of the rounds that it stands for, it is the only one of all processes.
    Where one of them is under way, or another process is at it, the next call comes anyway.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away; it stays asked for.
    """
    with context.database.snapshot() as session:
        if find_open(session) is None:
            return False
    with (
        hold_alone(context.database, UPKEEP_LOCK) as is_alone,
        hold_alone(context.database, ORPHANS_LOCK) as is_alone_with_orphans,
    ):
        if not (is_alone and is_alone_with_orphans):
            return False
        with context.database.unit_of_work() as uow:
            collection = start_collection(uow.session)
        if collection is None:
            return False
        counts, problem = collect_everything(context)
        with context.database.unit_of_work() as uow:
            end_collection(uow.session, collection.id, counts, problem)
    _log.info("collected", collection_id=collection.id, **counts)
    return True


def collect_everything(context: Context) -> tuple[dict[str, int], str | None]:
    """Remove whatever is due; gives how much of each kind, and what did not work.

    What fails keeps nothing else from being removed.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away.
    """
    counts, problems = dict[str, int](), list[str]()
    for name, step in STEPS.items():
        counts[name] = 0
        try:
            for count in _repeat(context, step):
                counts[name] += count
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 -- told, and the rounds try again
            _log.warning("not_collected", step=name, exc_info=error)
            reason = error.detail if isinstance(error, ServiceError) else type(error).__name__
            problems.append(f"{name}: {reason}")
    return counts, "; ".join(problems) or None


def _repeat(context: Context, step: Step) -> Iterator[int]:
    """Each step removes a batch at a time, so that nobody waits long for what it locks."""
    while count := step(context):
        yield count


def _delete_objects(context: Context) -> int:
    return retry_deletions(context.database, context.storage)


def _forget_keys(context: Context) -> int:
    with context.database.unit_of_work() as uow:
        return forget_old_keys(uow.session, read_database_time(uow.session))


def _forget_deletions(context: Context) -> int:
    with context.database.unit_of_work() as uow:
        return forget_deletions(uow.session, read_database_time(uow.session))


def _remove_entries(context: Context) -> int:
    keys = SealKeys.of(context.settings)
    return remove_old_entries(context.database, context.settings.retain_audit_days, keys)


STEPS: dict[str, Step] = {
    "jobs": remove_old_jobs,
    "recordings": remove_old_audio,
    "expired_uploads": expire_uploads,
    "cleaned_uploads": clean_ended_uploads,
    "forgotten_uploads": forget_uploads,
    # Behind all that gives objects up.
    "objects": _delete_objects,
    "orphans": collect_orphans,
    "idempotency_keys": _forget_keys,
    "deletion_events": _forget_deletions,
    "audit_entries": _remove_entries,
}
"""What each removes; the names are those of the answer."""
