"""Find what was said: the search index, and names that compare alike on both databases.

The index is filled by the upkeep of the workers, not here: it needs the owners, who may come by a
later revision, and of a large installation the service would be away for many minutes.
"""

from importlib import import_module
from itertools import islice

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BATCH = 1000
SQLITE_INDEX = (
    # Eight characters of each term are its owner's; the beginnings are of words of two and three.
    """
    CREATE VIRTUAL TABLE search_index USING fts5(
        terms, tokenize='ascii', columnsize=0, prefix='10 11'
    )
    """,
    # One row where deleted terms wait for being overwritten.
    "CREATE TABLE search_index_purge (id INTEGER PRIMARY KEY CHECK (id = 1), is_begun INTEGER)",
    """
    CREATE TRIGGER search_entries_forget AFTER DELETE ON search_entries BEGIN
        DELETE FROM search_index WHERE rowid = old.id;
        INSERT INTO search_index_purge VALUES (1, 0) ON CONFLICT (id) DO UPDATE SET is_begun = 0;
    END
    """,
)
POSTGRESQL_INDEX = (
    """
    CREATE TABLE search_index (
        user_id VARCHAR(64) NOT NULL,
        id BIGINT NOT NULL REFERENCES search_entries (id) ON DELETE CASCADE,
        terms TSVECTOR NOT NULL,
        PRIMARY KEY (user_id, id)
    )
    """,
    # For the deletions; of a kind that has no order, so that no walk passes other owners' rows.
    "CREATE INDEX ix_search_index_id ON search_index USING hash (id)",
    # Without the list of what is not sorted in yet, which every search would have to walk.
    "CREATE INDEX ix_search_index_terms ON search_index USING gin (terms) WITH (fastupdate = off)",
)
SORTED = ("name_key", "duration_seconds")


def upgrade() -> None:
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    _create_tables(is_sqlite=is_sqlite)
    for statement in SQLITE_INDEX if is_sqlite else POSTGRESQL_INDEX:
        op.execute(statement)
    _add_name_keys(is_sqlite=is_sqlite)
    if _has_owners():
        for column in SORTED:
            op.create_index(f"ix_transcripts_user_id_{column}", "transcripts", ["user_id", column])


def downgrade() -> None:
    if _has_owners():
        for column in SORTED:
            op.drop_index(f"ix_transcripts_user_id_{column}", "transcripts")
    with op.batch_alter_table("transcripts") as table:
        table.drop_column("name_key")
    op.execute("DROP TABLE search_index")
    op.execute("DROP TABLE IF EXISTS search_index_purge")
    for table in ("search_entries", "search_transcripts"):
        op.drop_table(table)


def _create_tables(*, is_sqlite: bool) -> None:
    op.create_table(
        "search_transcripts",
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("ordinal", name="pk_search_transcripts"),
        sa.UniqueConstraint("job_id", name="uq_search_transcripts_job_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_search_transcripts_user_id_ordinal", "search_transcripts", ["user_id", "ordinal"]
    )
    op.create_table(
        "search_entries",
        sa.Column(
            "id",
            sa.Integer() if is_sqlite else sa.BigInteger(),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("segment_index", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_entries"),
    )
    op.create_index(
        "uq_search_entries_job_id_segment_index",
        "search_entries",
        ["job_id", "segment_index"],
        unique=True,
    )


def _add_name_keys(*, is_sqlite: bool) -> None:
    # By the bytes of its UTF-8, as SQLite compares texts.
    kind = sa.String(length=255, collation=None if is_sqlite else "C")
    with op.batch_alter_table("transcripts") as table:
        table.add_column(sa.Column("name_key", kind, nullable=False, server_default=""))
    rows = sa.table("transcripts", *map(sa.column, ("job_id", "generation", "name", "name_key")))
    connection = op.get_bind()
    found = iter(connection.execute(sa.select(rows.c.job_id, rows.c.generation, rows.c.name)))
    change = (
        sa.update(rows)
        .where(rows.c.job_id == sa.bindparam("job"), rows.c.generation == sa.bindparam("run"))
        .values(name_key=sa.bindparam("key"))
    )
    # By its name, because migrations lie below it.  Names must be folded then as they are now.
    fold_name = import_module("transcriber.transcripts.search.folding").fold_name
    while some := list(islice(found, BATCH)):
        values = [{"job": job, "run": run, "key": fold_name(name)[:255]} for job, run, name in some]
        connection.execute(change, values)
    with op.batch_alter_table("transcripts") as table:
        table.alter_column("name_key", server_default=None)


def _has_owners() -> bool:
    """Whether transcripts name their owner; otherwise a later revision adds the column."""
    return "user_id" in {
        each["name"] for each in sa.inspect(op.get_bind()).get_columns("transcripts")
    }
