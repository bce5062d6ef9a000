"""Alembic's entry: runs the revisions on the connection that `upgrade` opened."""

from alembic import context
from sqlalchemy import Connection

from transcriber.migrations.steps import may_commit
from transcriber.migrations.tables import is_mapped, metadata

connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    include_name=is_mapped,
    # SQLite cannot alter a table in place: Alembic copies it instead.
    render_as_batch=True,
    transactional_ddl=True,
    # Each revision on its own, so that no table is locked while another one is worked on.  Whoever
    # began a transaction gets all revisions in that one.
    transaction_per_migration=True,
    is_committing=may_commit(connection),
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
