"""Keep what memory each worker could have of its machine."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS = ("memory_total_bytes", "memory_free_bytes")


def upgrade() -> None:
    with op.batch_alter_table("worker_heartbeats") as table:
        for name in COLUMNS:
            table.add_column(sa.Column(name, sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("worker_heartbeats") as table:
        for name in reversed(COLUMNS):
            table.drop_column(name)
