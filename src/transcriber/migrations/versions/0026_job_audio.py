"""Keep with each completed job how long its recording is, and make counting jobs by state cheap."""

import sqlalchemy as sa
from alembic import op

from transcriber.migrations.indexing import index_table
from transcriber.migrations.shape import has_column
from transcriber.migrations.steps import alter, commit_each, step

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLE, COLUMN, INDEX = "jobs", "audio_seconds", "ix_jobs_state"
# The rows of a batch are locked together, and whoever works on one of them waits for all.
BATCH = 500

_END_OF_BATCH = sa.text(
    "SELECT max(id) FROM"  # noqa: S608 -- constants
    f" (SELECT id FROM jobs WHERE id > :after ORDER BY id LIMIT {BATCH}) AS batch"
)
# Completed jobs never change again, so nobody waits for these; what is filled is passed over.
_FILL_BATCH = sa.text(
    "UPDATE jobs SET audio_seconds = (SELECT duration_seconds FROM recordings"
    " WHERE recordings.id = jobs.recording_id)"
    " WHERE id > :after AND id <= :last AND state = 'completed' AND audio_seconds IS NULL"
)


def upgrade() -> None:
    with commit_each():
        if not has_column(TABLE, COLUMN):
            _add_column()
        _fill_lengths()
        index_table(INDEX, TABLE, ("state",))


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
    op.drop_column(TABLE, COLUMN)


def _add_column() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # In place: a table that is made anew takes with it what refers to its rows.
        op.add_column(TABLE, sa.Column(COLUMN, sa.Double(), nullable=True))
    else:
        alter(TABLE, f"ADD COLUMN {COLUMN} double precision")


def _fill_lengths() -> None:
    connection = op.get_bind()
    after = ""
    while last := connection.execute(_END_OF_BATCH, {"after": after}).scalar_one():
        bounds = {"after": after, "last": last}
        step(lambda bounds=bounds: connection.execute(_FILL_BATCH, bounds))
        after = last
