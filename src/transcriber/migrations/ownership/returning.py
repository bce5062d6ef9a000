"""Writing owners into the audit trail before their columns go, where the rules would miss them."""

from alembic import op
from sqlalchemy import text

from transcriber.migrations.ownership.tables import (
    ACTOR,
    JOBS,
    KEPT,
    OF_JOBS,
    RECORDINGS,
    SUBMITTED,
    OwnedTable,
)

DETAIL = "written when ownership was undone"


def keep_owners() -> None:
    """Add an entry for each thing whose owner the rules would not tell again."""
    _keep(JOBS, JOBS.name, SUBMITTED)
    _keep(RECORDINGS, RECORDINGS.name, KEPT)
    for table in OF_JOBS:
        # What follows its job has that job's owner anyway.
        left = (
            f"SELECT DISTINCT job_id, user_id FROM {table.name} o"  # noqa: S608 -- constants
            " WHERE NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = o.job_id)"
        )
        _keep(table, f"({left})", SUBMITTED)


def _keep(table: OwnedTable, rows: str, action: str) -> None:
    told = ", ".join(rule.owner.format(t="kept") for rule in table.rules)
    op.get_bind().execute(
        text(
            "INSERT INTO audit_entries"  # noqa: S608 -- constants
            " (created_at, actor, action, object_kind, object_id, user_id, detail)"
            f" SELECT CURRENT_TIMESTAMP, '{ACTOR}' || kept.user_id, '{action}',"
            f" '{action.partition('.')[0]}', kept.{table.key}, kept.user_id, '{DETAIL}'"
            f" FROM {rows} AS kept"
            f" WHERE kept.user_id <> '' AND COALESCE({told}, '') <> kept.user_id"
        )
    )
