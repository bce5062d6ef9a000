"""Keep with each span what was heard of voices in it, until the job ends."""

import sqlalchemy as sa
from alembic import op

from transcriber.migrations.shape import has_column
from transcriber.migrations.steps import alter, commit_each

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLE, COLUMN = "spans", "voices"


def upgrade() -> None:
    with commit_each():
        if has_column(TABLE, COLUMN):
            return
        if op.get_bind().dialect.name == "sqlite":
            # In place: a table that is made anew takes with it what refers to its rows.
            op.add_column(TABLE, sa.Column(COLUMN, sa.JSON(), nullable=True))
        else:
            alter(TABLE, f"ADD COLUMN {COLUMN} json")


def downgrade() -> None:
    op.drop_column(TABLE, COLUMN)
