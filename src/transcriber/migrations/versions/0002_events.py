"""Keep what event streams and honest time estimates need."""

import sqlalchemy as sa
from alembic import op

from transcriber.migrations.shape import OWNER, has_column

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# The annotation gives the generic type its parameter.
DOUBLE: sa.Double[float] = sa.Double()


def upgrade() -> None:
    # Without it SQLite gives the id of a deleted newest event to the next one, and a stream that
    # resumes behind that id would miss it.
    _rebuild_events(is_autoincrement=True)
    if has_column("job_events", OWNER):
        op.drop_index("ix_job_events_user_id", "job_events")
        op.create_index("ix_job_events_user_id_id", "job_events", ["user_id", "id"])
    op.create_table(
        "speed_measurements",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("phase", sa.String(length=16), nullable=False),
        sa.Column("audio_seconds", DOUBLE, nullable=False),
        sa.Column("busy_seconds", DOUBLE, nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_speed_measurements"),
    )
    op.create_index(
        "ix_speed_measurements_model_device_phase_id",
        "speed_measurements",
        ["model", "device", "phase", "id"],
    )
    op.create_table(
        "recording_measurements",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("suffix", sa.String(length=16), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("duration_seconds", DOUBLE, nullable=False),
        sa.Column("speech_seconds", DOUBLE, nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_recording_measurements"),
    )
    op.create_index(
        "ix_recording_measurements_suffix_id", "recording_measurements", ["suffix", "id"]
    )


def downgrade() -> None:
    op.drop_table("recording_measurements")
    op.drop_table("speed_measurements")
    _rebuild_events(is_autoincrement=False)


def _rebuild_events(*, is_autoincrement: bool) -> None:
    if op.get_context().dialect.name != "sqlite":
        return
    with op.batch_alter_table(
        "job_events", recreate="always", table_kwargs={"sqlite_autoincrement": is_autoincrement}
    ):
        """Nothing but the rebuilding."""
