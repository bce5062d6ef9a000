"""Find and sort jobs by name, alike on both databases."""

from importlib import import_module
from itertools import islice

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

BATCH = 1000


def upgrade() -> None:
    # By the bytes of its UTF-8, as SQLite compares texts.
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    kind = sa.String(length=255, collation=None if is_sqlite else "C")
    # Added in place: on SQLite a table that is made anew takes with it what refers to its rows.
    op.add_column("jobs", sa.Column("name_key", kind, nullable=False, server_default=""))
    _fill_keys()
    op.create_index("ix_jobs_user_id_name_key", "jobs", ["user_id", "name_key", "id"])


def downgrade() -> None:
    op.drop_index("ix_jobs_user_id_name_key", "jobs")
    op.drop_column("jobs", "name_key")


def _fill_keys() -> None:
    rows = sa.table("jobs", *map(sa.column, ("id", "name", "name_key")))
    connection = op.get_bind()
    found = iter(connection.execute(sa.select(rows.c.id, rows.c.name)).all())
    change = (
        sa.update(rows).where(rows.c.id == sa.bindparam("job")).values(name_key=sa.bindparam("key"))
    )
    # By its name, because migrations lie below it.  Names must be folded then as they are now.
    fold_name = import_module("transcriber.transcripts.search.folding").fold_name
    while some := list(islice(found, BATCH)):
        values = [{"job": job, "key": fold_name(name)[:255]} for job, name in some]
        connection.execute(change, values)
