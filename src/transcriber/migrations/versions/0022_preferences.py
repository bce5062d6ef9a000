"""Keep what an account chose for its pages and its new jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLE = "account_preferences"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("theme", sa.String(length=16), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=True),
        sa.Column("job_model", sa.String(length=100), nullable=True),
        sa.Column("job_language", sa.String(length=20), nullable=True),
        sa.Column("job_task", sa.String(length=16), nullable=False),
        sa.Column("job_word_timestamps", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("theme IN ('light', 'dark', 'auto')", name=f"ck_{TABLE}_theme_known"),
        sa.CheckConstraint(
            "job_task IN ('transcribe', 'translate')", name=f"ck_{TABLE}_job_task_known"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["accounts.id"], name=f"fk_{TABLE}_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=f"pk_{TABLE}"),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
