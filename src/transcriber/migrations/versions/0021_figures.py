"""What workers say of themselves, measurements of all processes, and the order of all jobs."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from transcriber.migrations.indexing import index_table
from transcriber.migrations.shape import has_column, has_table
from transcriber.migrations.steps import alter, commit_each, step

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

WORKERS = "worker_heartbeats"
COLUMNS = {
    "job_id": sa.String(length=32),
    "span_index": sa.Integer(),
    "model": sa.String(length=128),
    "device": sa.String(length=128),
    "resident_bytes": sa.BigInteger(),
    "reconciled_at": sa.DateTime(timezone=True),
}
DRAINING = "is_draining"
DELTAS, TOTALS = "metric_deltas", "metric_totals"
INDEXES = {
    "ix_jobs_created_at_id": ("jobs", ("created_at", "id")),
    "ix_metric_deltas_written_at": (DELTAS, ("written_at",)),
}


def upgrade() -> None:
    with commit_each():
        for name, kind in COLUMNS.items():
            _add_column(sa.Column(name, kind, nullable=True))
        _add_column(sa.Column(DRAINING, sa.Boolean(), nullable=False, server_default=sa.false()))
        if not has_table(DELTAS):
            step(_create_deltas)
        if not has_table(TOTALS):
            step(_create_totals)
        for name, (table, columns) in INDEXES.items():
            index_table(name, table, columns)


def downgrade() -> None:
    op.drop_index("ix_jobs_created_at_id", "jobs")
    op.drop_table(TOTALS)
    op.drop_table(DELTAS)
    for name in (DRAINING, *reversed(COLUMNS)):
        op.drop_column(WORKERS, name)


def _add_column(column: sa.Column[Any]) -> None:
    if has_column(WORKERS, column.name):
        return
    if op.get_context().dialect.name == "sqlite":
        op.add_column(WORKERS, column)
        return
    kind = column.type.compile(dialect=op.get_context().dialect)
    default = "" if column.nullable else " NOT NULL DEFAULT false"
    alter(WORKERS, f"ADD COLUMN {column.name} {kind}{default}")


def _create_deltas() -> None:
    op.create_table(
        DELTAS,
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("process_id", sa.String(length=32), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("series", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_metric_deltas"),
    )


def _create_totals() -> None:
    op.create_table(
        TOTALS,
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("labels", sa.String(length=255), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("sum_seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", "labels", name="pk_metric_totals"),
    )
