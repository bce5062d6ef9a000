"""What administrators ask of workers: draining, looking at the models again, a collection."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from transcriber.migrations.shape import has_column, has_table
from transcriber.migrations.steps import alter, commit_each, step

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

WORKERS = "worker_heartbeats"
COLUMNS = {
    "slot": sa.String(length=32),
    "validation_id": sa.String(length=32),
    "validated_at": sa.DateTime(timezone=True),
    "refused_models": sa.JSON(),
}
DRAINED = "is_drained"
DRAINS, VALIDATIONS, COLLECTIONS = "worker_drains", "model_validations", "collections"


def upgrade() -> None:
    with commit_each():
        for name, kind in COLUMNS.items():
            _add_column(sa.Column(name, kind, nullable=True))
        _add_column(sa.Column(DRAINED, sa.Boolean(), nullable=False, server_default=sa.false()))
        for name, create in TABLES.items():
            if not has_table(name):
                step(create)


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
    for name in (DRAINED, *reversed(COLUMNS)):
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


def _create_drains() -> None:
    op.create_table(
        DRAINS,
        sa.Column("slot", sa.String(length=32), nullable=False),
        sa.Column("worker_id", sa.String(length=32), nullable=False),
        *_list_request_columns(),
        sa.PrimaryKeyConstraint("slot", name=f"pk_{DRAINS}"),
    )


def _create_validations() -> None:
    op.create_table(
        VALIDATIONS,
        sa.Column("id", sa.String(length=32), nullable=False),
        *_list_request_columns(),
        sa.PrimaryKeyConstraint("id", name=f"pk_{VALIDATIONS}"),
    )


def _create_collections() -> None:
    op.create_table(
        COLLECTIONS,
        sa.Column("id", sa.String(length=32), nullable=False),
        *_list_request_columns(),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=True),
        sa.Column("problem", sa.String(length=1000), nullable=True),
        sa.PrimaryKeyConstraint("id", name=f"pk_{COLLECTIONS}"),
    )


def _list_request_columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.String(length=64), nullable=False),
    )


TABLES = {
    DRAINS: _create_drains,
    VALIDATIONS: _create_validations,
    COLLECTIONS: _create_collections,
}
