"""Keep with each job which request asked for it, and which trace that was part of."""

import sqlalchemy as sa
from alembic import op

from transcriber.migrations.shape import has_column
from transcriber.migrations.steps import alter, commit_each

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLE = "jobs"
COLUMNS = ("request_id", "trace_parent")
LENGTH = 64


def upgrade() -> None:
    with commit_each():
        for name in COLUMNS:
            if has_column(TABLE, name):
                continue
            if op.get_context().dialect.name == "sqlite":
                op.add_column(TABLE, sa.Column(name, sa.String(length=LENGTH), nullable=True))
            else:
                # No row is touched: one without a value has none.
                alter(TABLE, f"ADD COLUMN {name} varchar({LENGTH})")


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.drop_column(TABLE, name)
