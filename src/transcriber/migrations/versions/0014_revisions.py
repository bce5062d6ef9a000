"""Keep every version of a segment, the revisions that made them, tags, and what was deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# The old code knows one version: the newest, in the order of its index.  Through negative numbers,
# because a row may not pass through the index of another.
KEEP_NEWEST = (
    "DELETE FROM segments WHERE until IS NOT NULL",
    """
    UPDATE segments SET "index" = -1 - ranked.place FROM (
        SELECT s.job_id, s.generation, s."index" AS old, row_number() OVER (
            PARTITION BY s.job_id, s.generation ORDER BY s.start, s."index") - 1 AS place
        FROM segments AS s JOIN transcripts AS t
            ON t.job_id = s.job_id AND t.generation = s.generation AND t.revision > 0
    ) AS ranked
    WHERE segments.job_id = ranked.job_id AND segments.generation = ranked.generation
        AND segments."index" = ranked.old
    """,
    'UPDATE segments SET "index" = -1 - "index" WHERE "index" < 0',
)


def upgrade() -> None:
    op.add_column("segments", sa.Column("since", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("segments", sa.Column("until", sa.Integer(), nullable=True))
    op.create_index(
        "ix_segments_job_id_generation_start",
        "segments",
        ["job_id", "generation", "start", "index"],
    )
    op.add_column(
        "transcripts", sa.Column("revision", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_table(
        "revisions",
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("restored", sa.Integer(), nullable=True),
        sa.Column("change_count", sa.Integer(), nullable=False),
        sa.Column("removed_count", sa.Integer(), nullable=False),
        sa.Column("added_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job_id", "generation", "number", name="pk_revisions"),
    )
    op.create_index("ix_revisions_user_id", "revisions", ["user_id"])
    op.create_table(
        "transcript_tags",
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=192), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("job_id", "key", name="pk_transcript_tags"),
    )
    op.create_index("ix_transcript_tags_user_id_key", "transcript_tags", ["user_id", "key"])
    op.create_table(
        "deleted_transcripts",
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job_id", name="pk_deleted_transcripts"),
    )
    op.create_index("ix_deleted_transcripts_user_id", "deleted_transcripts", ["user_id"])


def downgrade() -> None:
    op.drop_table("deleted_transcripts")
    op.drop_table("transcript_tags")
    op.drop_table("revisions")
    op.drop_index("ix_segments_job_id_generation_start", "segments")
    for statement in KEEP_NEWEST:
        op.execute(statement)
    with op.batch_alter_table("transcripts") as table:
        table.drop_column("revision")
    with op.batch_alter_table("segments") as table:
        table.drop_column("until")
        table.drop_column("since")
