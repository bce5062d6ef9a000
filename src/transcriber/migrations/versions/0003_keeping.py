"""Keep retention policies, idempotency keys and the audit trail."""

import sqlalchemy as sa
from alembic import op

from transcriber.migrations.shape import OWNER, has_column, has_table

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SUBMISSIONS = "POST /jobs/"
# Where jobs are nobody's yet their keys are too, until revision 0020 tells whose both are.
NOBODY = "''"
MOVE_KEYS = f"""
INSERT INTO idempotency_keys (user_id, route, key, request_hash, resource_id, created_at)
SELECT {{owner}}, '{SUBMISSIONS}', idempotency_key, request_hash, id, created_at
FROM jobs WHERE idempotency_key IS NOT NULL
"""  # noqa: S608 -- built from a constant
# Two accounts may have used the same key, which named one job alone before.
FORGET_TWICE = f"""
DELETE FROM idempotency_keys WHERE route = '{SUBMISSIONS}' AND resource_id NOT IN (
    SELECT MIN(resource_id) FROM idempotency_keys WHERE route = '{SUBMISSIONS}' GROUP BY key)
"""  # noqa: S608 -- as above
RETURN_KEYS = f"""
UPDATE jobs SET
    idempotency_key = (SELECT k.key FROM idempotency_keys k
        WHERE k.resource_id = jobs.id AND k.route = '{SUBMISSIONS}'),
    request_hash = COALESCE((SELECT k.request_hash FROM idempotency_keys k
        WHERE k.resource_id = jobs.id AND k.route = '{SUBMISSIONS}'), '')
"""  # noqa: S608 -- as above


def upgrade() -> None:
    _create_idempotency_keys()
    _create_deletions()
    _create_retention_policies()
    has_owners = has_column("jobs", OWNER)
    op.execute(MOVE_KEYS.format(owner=OWNER if has_owners else NOBODY))
    _widen_audit_entries()
    op.add_column("recordings", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_recordings_removed_at_created_at", "recordings", ["removed_at", "created_at"]
    )
    op.create_index("ix_jobs_finished_at", "jobs", ["finished_at"])
    unique = "uq_jobs_user_id_idempotency_key" if has_owners else "uq_jobs_idempotency_key"
    with op.batch_alter_table("jobs") as jobs:
        jobs.drop_constraint(unique, type_="unique")
        jobs.drop_column("idempotency_key")
        jobs.drop_column("request_hash")


def downgrade() -> None:
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("idempotency_key", sa.String(length=255), nullable=True))
        jobs.add_column(
            sa.Column("request_hash", sa.String(length=64), nullable=False, server_default="")
        )
    op.execute(FORGET_TWICE)
    op.execute(RETURN_KEYS)
    with op.batch_alter_table("jobs") as jobs:
        jobs.alter_column("request_hash", server_default=None)
        jobs.create_unique_constraint("uq_jobs_idempotency_key", ["idempotency_key"])
    op.drop_index("ix_jobs_finished_at", "jobs")
    op.drop_index("ix_recordings_removed_at_created_at", "recordings")
    op.drop_column("recordings", "removed_at")
    op.drop_index("ix_audit_entries_user_id", "audit_entries")
    op.drop_column("audit_entries", "user_id")
    for table in ("retention_policies", "deletions", "idempotency_keys"):
        op.drop_table(table)


def _create_idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("route", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("resource_id", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "route", "key", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])
    op.create_index("ix_idempotency_keys_resource_id", "idempotency_keys", ["resource_id"])


def _create_deletions() -> None:
    op.create_table(
        "deletions",
        sa.Column("storage_key", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("storage_key", name="pk_deletions"),
    )
    op.create_index("ix_deletions_tried_at", "deletions", ["tried_at"])


def _widen_audit_entries() -> None:
    if has_table("audit_entries"):
        # Entries are never rewritten: one from before there were owners names none.
        with op.batch_alter_table("audit_entries") as entries:
            entries.add_column(
                sa.Column("user_id", sa.String(length=64), nullable=False, server_default="")
            )
        with op.batch_alter_table("audit_entries") as entries:
            entries.alter_column("user_id", server_default=None)
    else:
        _create_audit_entries()
    op.create_index("ix_audit_entries_user_id", "audit_entries", ["user_id"])


def _create_audit_entries() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=128), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("object_kind", sa.String(length=32), nullable=False),
        sa.Column("object_id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.String(length=2000), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
    )
    op.create_index("ix_audit_entries_object_id", "audit_entries", ["object_id"])


def _create_retention_policies() -> None:
    op.create_table(
        "retention_policies",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("audio_days", sa.Integer(), nullable=True),
        sa.Column("transcript_days", sa.Integer(), nullable=True),
        sa.Column("own_audio_days", sa.Integer(), nullable=True),
        sa.Column("own_transcript_days", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["accounts.id"], name="fk_retention_policies_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name="pk_retention_policies"),
    )
