"""Name who says a segment."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("segments", sa.Column("speaker", sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("segments") as table:
        table.drop_column("speaker")
