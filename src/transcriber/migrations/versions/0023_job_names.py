"""Find and sort jobs by name, alike on both databases."""

from collections.abc import Sequence
from importlib import import_module

import sqlalchemy as sa
from alembic import op

from transcriber.migrations.indexing import index_table
from transcriber.migrations.shape import has_column
from transcriber.migrations.steps import alter, commit_each, step

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLE, KEY = "jobs", "name_key"
INDEX = "ix_jobs_user_id_name_key"
# The rows of a batch are locked together, and whoever works on one of them waits for all.
BATCH = 500

_ROWS = sa.table(TABLE, *map(sa.column, ("id", "name", KEY)))
_UPDATE_EACH = (
    sa.update(_ROWS).where(_ROWS.c.id == sa.bindparam("job")).values(name_key=sa.bindparam("key"))
)
_UPDATE_TOGETHER = sa.text(
    "UPDATE jobs SET name_key = named.key"
    " FROM unnest(CAST(:jobs AS varchar[]), CAST(:keys AS varchar[])) AS named(job, key)"
    " WHERE jobs.id = named.job"
)


def upgrade() -> None:
    with commit_each():
        if not has_column(TABLE, KEY):
            _add_column()
        _fill_keys()
        index_table(INDEX, TABLE, ("user_id", KEY, "id"))


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
    op.drop_column(TABLE, KEY)


def _add_column() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # In place: a table that is made anew takes with it what refers to its rows.
        column = sa.Column(KEY, sa.String(length=255), nullable=False, server_default="")
        op.add_column(TABLE, column)
    else:
        # By the bytes of its UTF-8, as SQLite compares texts.
        alter(TABLE, f"ADD COLUMN {KEY} varchar(255) COLLATE \"C\" NOT NULL DEFAULT ''")


def _fill_keys() -> None:
    connection = op.get_bind()
    after = ""
    while True:
        some = sa.select(_ROWS.c.id, _ROWS.c.name).where(_ROWS.c.id > after)
        found = connection.execute(some.order_by(_ROWS.c.id).limit(BATCH)).all()
        if not found:
            return
        _fill_batch(connection, [(str(job), str(name)) for job, name in found])
        after = found[-1][0]


def _fill_batch(connection: sa.Connection, found: Sequence[tuple[str, str]]) -> None:
    # By its name, because migrations lie below it.  Names must be folded then as they are now.
    fold_name = import_module("transcriber.transcripts.search.folding").fold_name
    keys = {job: fold_name(name)[:255] for job, name in found}
    if connection.dialect.name == "sqlite":
        connection.execute(_UPDATE_EACH, [{"job": job, "key": key} for job, key in keys.items()])
    else:
        values = {"jobs": list(keys), "keys": list(keys.values())}
        step(lambda: connection.execute(_UPDATE_TOGETHER, values))
