"""Tell sign-ins apart, and keep invitations, resets and counted attempts."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

FILL_LAST_USE = """
UPDATE accounts SET last_used_at =
    (SELECT max(s.last_used_at) FROM sessions s WHERE s.user_id = accounts.id)
"""


def upgrade() -> None:
    op.add_column("accounts", sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_accounts_created_at_id", "accounts", ["created_at", "id"])
    op.execute(FILL_LAST_USE)
    _name_sessions()
    _create_invitations()
    _create_resets()
    op.create_table(
        "attempt_counts",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_attempt_counts"),
    )
    op.create_index("ix_attempt_counts_expires_at", "attempt_counts", ["expires_at"])


def downgrade() -> None:
    for table in ("attempt_counts", "password_resets", "invitations"):
        op.drop_table(table)
    with op.batch_alter_table("sessions") as sessions:
        sessions.drop_constraint("uq_sessions_id", type_="unique")
        for column in ("id", "device", "address"):
            sessions.drop_column(column)
    op.drop_index("ix_accounts_created_at_id", "accounts")
    # Not by copying the table: what refers to accounts would go with the old one.
    op.drop_column("accounts", "last_used_at")


def _name_sessions() -> None:
    op.add_column("sessions", sa.Column("id", sa.String(length=32), nullable=True))
    op.add_column("sessions", sa.Column("device", sa.String(length=120), nullable=True))
    op.add_column("sessions", sa.Column("address", sa.String(length=64), nullable=True))
    sessions = sa.table("sessions", sa.column("token_hash"), sa.column("id"))
    connection = op.get_bind()
    rows = [
        {"hash": token_hash, "name": uuid.uuid4().hex}
        for token_hash in connection.scalars(sa.select(sessions.c.token_hash))
    ]
    if rows:
        named = sa.update(sessions).where(sessions.c.token_hash == sa.bindparam("hash"))
        connection.execute(named.values(id=sa.bindparam("name")), rows)
    with op.batch_alter_table("sessions") as table:
        table.alter_column("id", existing_type=sa.String(length=32), nullable=False)
        table.create_unique_constraint("uq_sessions_id", ["id"])


def _create_invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_by", sa.String(length=32), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('user', 'admin')", name="ck_invitations_role_known"),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["accounts.id"],
            name="fk_invitations_created_by",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["used_by"], ["accounts.id"], name="fk_invitations_used_by", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("token_hash", name="uq_invitations_token_hash"),
    )
    op.create_index("ix_invitations_created_at_id", "invitations", ["created_at", "id"])


def _create_resets() -> None:
    op.create_table(
        "password_resets",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["accounts.id"], name="fk_password_resets_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name="pk_password_resets"),
        sa.UniqueConstraint("token_hash", name="uq_password_resets_token_hash"),
    )
