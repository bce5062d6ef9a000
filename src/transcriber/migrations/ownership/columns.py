"""The owner's column of a table: added empty, required once it is full, and indexed.

On PostgreSQL none of these steps reads a table while it keeps others from it: the check is proven
without keeping anybody away, and lets the column be required without another look at the rows.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

from transcriber.migrations.indexing import index_table
from transcriber.migrations.ownership.tables import MAX_OWNER_LENGTH, OwnedTable
from transcriber.migrations.shape import OWNER, has_column
from transcriber.migrations.steps import alter, is_committing, wait_for_locks

_CHECK_EXISTS = text(
    "SELECT 1 FROM pg_constraint WHERE conname = :name AND conrelid = to_regclass(:table)"
)
_GIVEN = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
_KEEP_GIVEN = text("UPDATE sqlite_sequence SET seq = :given WHERE name = :table")
_START_GIVEN = text(
    "INSERT INTO sqlite_sequence (name, seq) SELECT :table, :given"
    " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = :table)"
)


def add_owner(table: OwnedTable) -> None:
    """Add the column, empty; nobody waits for that to be written to every row."""
    if not has_column(table.name, OWNER):
        if _is_sqlite():
            op.add_column(table.name, sa.Column(OWNER, sa.String(MAX_OWNER_LENGTH), nullable=True))
        else:
            alter(table.name, f"ADD COLUMN {OWNER} VARCHAR({MAX_OWNER_LENGTH})")


def refuse_ownerless(table: OwnedTable) -> None:
    """Let no further row come without an owner, whatever the older ones have."""
    if _is_sqlite() or _has_check(table):
        return
    check = f"CONSTRAINT {_name_check(table)} CHECK ({OWNER} IS NOT NULL)"
    alter(table.name, f"ADD {check} NOT VALID")


def require_owner(table: OwnedTable) -> None:
    """Make the full column one that is never empty."""
    if _is_sqlite():
        _rebuild(table)
        return
    validate = f"ALTER TABLE {table.name} VALIDATE CONSTRAINT {_name_check(table)}"
    if is_committing():
        # It keeps nobody away while it reads.
        with wait_for_locks(0):
            op.execute(validate)
    else:
        op.execute(validate)
    alter(table.name, f"ALTER COLUMN {OWNER} SET NOT NULL")


def drop_check(table: OwnedTable) -> None:
    """Remove what `refuse_ownerless` added, which the column itself now says."""
    if not _is_sqlite() and _has_check(table):
        alter(table.name, f"DROP CONSTRAINT {_name_check(table)}")


def index_owner(table: OwnedTable) -> None:
    """Make the indexes that begin with the owner, where they are missing or unfinished."""
    for name, columns in table.indexes:
        index_table(name, table.name, columns)


def _rebuild(table: OwnedTable) -> None:
    # SQLite must not give ids a second time that rows had before the table was built anew.
    is_numbered = table.name == "job_events"
    bind = op.get_bind()
    given = bind.execute(_GIVEN, {"table": table.name}).scalar() if is_numbered else None
    with op.batch_alter_table(
        table.name, table_kwargs={"sqlite_autoincrement": is_numbered}
    ) as altered:
        altered.alter_column(OWNER, nullable=False)
    if given is not None:
        for statement in (_START_GIVEN, _KEEP_GIVEN):
            bind.execute(statement, {"table": table.name, "given": given})


def _is_sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"


def _name_check(table: OwnedTable) -> str:
    return f"ck_{table.name}_owned"


def _has_check(table: OwnedTable) -> bool:
    names = {"name": _name_check(table), "table": table.name}
    return op.get_bind().execute(_CHECK_EXISTS, names).first() is not None
