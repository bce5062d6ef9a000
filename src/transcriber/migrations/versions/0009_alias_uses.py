"""Count who still uses the aliases of the upload protocol."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "upload_alias_uses",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("alias", sa.String(length=64), nullable=False),
        sa.Column("client", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("uses", sa.BigInteger(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_upload_alias_uses"),
        sa.UniqueConstraint(
            "alias", "client", "user_id", name="uq_upload_alias_uses_alias_client_user_id"
        ),
    )


def downgrade() -> None:
    op.drop_table("upload_alias_uses")
