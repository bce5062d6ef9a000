"""Keep uploads in chunks, and count what each account stores."""

import sqlalchemy as sa
from alembic import op

from transcriber.migrations.shape import OWNER, has_column

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COUNT_STORED = """
INSERT INTO storage_usage (user_id, stored_bytes, reserved_bytes, open_uploads)
SELECT user_id, SUM(size_bytes), 0, 0 FROM recordings WHERE removed_at IS NULL GROUP BY user_id
"""


def upgrade() -> None:
    _create_storage_usage()
    # Where recordings are nobody's yet, revision 0020 counts them with their owners.
    if has_column("recordings", OWNER):
        op.execute(COUNT_STORED)
    _create_uploads()
    _create_upload_chunks()


def downgrade() -> None:
    for table in ("upload_chunks", "uploads", "storage_usage"):
        op.drop_table(table)


def _create_storage_usage() -> None:
    op.create_table(
        "storage_usage",
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("stored_bytes", sa.BigInteger(), nullable=False),
        sa.Column("reserved_bytes", sa.BigInteger(), nullable=False),
        sa.Column("open_uploads", sa.Integer(), nullable=False),
        sa.CheckConstraint("stored_bytes >= 0", name="ck_storage_usage_stored_counted"),
        sa.CheckConstraint("reserved_bytes >= 0", name="ck_storage_usage_reserved_counted"),
        sa.CheckConstraint("open_uploads >= 0", name="ck_storage_usage_open_counted"),
        sa.PrimaryKeyConstraint("user_id", name="pk_storage_usage"),
    )


def _create_uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("chunk_bytes", sa.BigInteger(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("storage_key", sa.String(length=64), nullable=False),
        sa.Column("handle", sa.String(length=1024), nullable=True),
        sa.Column("file", sa.Integer(), nullable=False),
        sa.Column("received_bytes", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("error_code", sa.String(length=64), nullable=True),
        sa.Column("error_message", sa.String(length=2000), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(length=128), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("job_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleaned_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.id"], name="fk_uploads_job_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
        sa.UniqueConstraint("storage_key", name="uq_uploads_storage_key"),
    )
    op.create_index("ix_uploads_job_id", "uploads", ["job_id"])
    op.create_index("ix_uploads_user_id_created_at", "uploads", ["user_id", "created_at", "id"])
    op.create_index("ix_uploads_state_expires_at", "uploads", ["state", "expires_at"])
    op.create_index("ix_uploads_state_lease_until", "uploads", ["state", "lease_until"])
    op.create_index("ix_uploads_cleaned_at_ended_at", "uploads", ["cleaned_at", "ended_at"])


def _create_upload_chunks() -> None:
    op.create_table(
        "upload_chunks",
        sa.Column("upload_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.String(length=255), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["uploads.id"], name="fk_upload_chunks_upload_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", "number", name="pk_upload_chunks"),
    )
