"""The rounds that nobody waits for: what is over age, what could not be deleted, what is stale."""

from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.deletions import retry_deletions
from transcriber.infra.idempotency import forget_old_keys
from transcriber.jobs.retention import enforce_retention


def run_upkeep(context: Context) -> None:
    """One round of everything; whatever fails is tried again with the next.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away.
    """
    enforce_retention(context)
    retry_deletions(context.database, context.storage)
    with context.database.unit_of_work() as uow:
        forget_old_keys(uow.session, read_database_time(uow.session))
    context.database.empty_log()
