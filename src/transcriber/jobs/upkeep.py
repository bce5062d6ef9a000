"""The rounds that nobody waits for: what is over age, what could not be deleted, what is stale."""

from transcriber.infra.audit_chain import SealKeys
from transcriber.infra.audit_removal import remove_old_entries
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.deletions import retry_deletions
from transcriber.infra.exclusion import hold_alone
from transcriber.infra.idempotency import forget_old_keys
from transcriber.jobs.lifecycle import forget_deletions
from transcriber.jobs.retention import enforce_retention
from transcriber.transcripts.search.upkeep import fill_index, purge_index

LOCK_NAME = "transcriber.upkeep"


def run_upkeep(context: Context) -> bool:
    """One round of everything; whatever fails is tried again with the next.

    Tells whether it was done: one process does it at a time, as the storage may be slow.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away.
    """
    with hold_alone(context.database, LOCK_NAME) as is_alone:
        if is_alone:
            enforce_retention(context)
            retry_deletions(context.database, context.storage)
            with context.database.unit_of_work() as uow:
                now = read_database_time(uow.session)
                forget_old_keys(uow.session, now)
                forget_deletions(uow.session, now)
            fill_index(context.database)
            purge_index(context.database)
            context.database.empty_log()
            keys = SealKeys.of(context.settings)
            remove_old_entries(context.database, context.settings.retain_audit_days, keys)
    return is_alone
