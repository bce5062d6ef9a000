"""Keep chunks that have begun, and what uploads over tus say of themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("uploads") as table:
        table.add_column(
            sa.Column("begun_bytes", sa.BigInteger(), nullable=False, server_default="0")
        )
        table.add_column(sa.Column("begun_sha256", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("begun_file", sa.Integer(), nullable=True))
        table.add_column(sa.Column("begun_receipt", sa.String(length=255), nullable=True))
        table.add_column(
            sa.Column("protocol", sa.String(length=16), nullable=False, server_default="chunks")
        )
        table.add_column(sa.Column("tus_metadata", sa.Text(), nullable=True))
        table.add_column(sa.Column("concat", sa.Text(), nullable=True))
        table.add_column(sa.Column("final_id", sa.String(length=32), nullable=True))
        table.add_column(sa.Column("position", sa.Integer(), nullable=True))
    op.create_index("ix_uploads_final_id", "uploads", ["final_id"])


def downgrade() -> None:
    op.drop_index("ix_uploads_final_id", "uploads")
    with op.batch_alter_table("uploads") as table:
        for name in (
            *("position", "final_id", "concat", "tus_metadata", "protocol"),
            *("begun_receipt", "begun_file", "begun_sha256", "begun_bytes"),
        ):
            table.drop_column(name)
