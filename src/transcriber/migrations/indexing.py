"""Indexes made where they are missing, on PostgreSQL without keeping anybody away."""

from collections.abc import Sequence

from alembic import op
from sqlalchemy import text

from transcriber.migrations.steps import is_committing, wait_for_locks

_IS_VALID = text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)")


def index_table(name: str, table: str, columns: Sequence[str]) -> None:
    """Make an index, or make it anew where its making was interrupted."""
    if is_committing():
        _index_concurrently(name, table, columns)
    else:
        op.create_index(name, table, list(columns), if_not_exists=True)


def _index_concurrently(name: str, table: str, columns: Sequence[str]) -> None:
    is_valid = op.get_bind().execute(_IS_VALID, {"name": name}).scalar()
    if is_valid:
        return
    # It keeps nobody away, and waits until the transactions of the moment have ended.
    with wait_for_locks(0):
        if is_valid is not None:
            # Whoever made it was killed.
            op.execute(f"DROP INDEX CONCURRENTLY {name}")
        op.create_index(name, table, list(columns), postgresql_concurrently=True)
