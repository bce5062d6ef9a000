"""Keep a recording's waveform and whether it has pictures; find recordings by owner and bytes."""

import sqlalchemy as sa
from alembic import op

from transcriber.migrations.shape import OWNER, has_column

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("recordings") as table:
        table.add_column(sa.Column("has_video", sa.Boolean(), nullable=True))
        table.add_column(sa.Column("peaks_key", sa.String(length=64), nullable=True))
    if has_column("recordings", OWNER):
        op.create_index("ix_recordings_user_id_sha256", "recordings", ["user_id", "sha256"])
        op.create_index(
            "ix_recordings_user_id_created_at", "recordings", ["user_id", "created_at", "id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("recordings") as table:
        table.drop_column("peaks_key")
        table.drop_column("has_video")
