"""Give every job, and what follows it, an owner."""

import sqlalchemy as sa
from alembic import context, op

from transcriber.infra.settings import Settings
from transcriber.migrations.ownership.accounting import settle_accounts
from transcriber.migrations.ownership.columns import (
    add_owner,
    drop_check,
    index_owner,
    refuse_ownerless,
    require_owner,
)
from transcriber.migrations.ownership.filling import count_owned, fill_owners
from transcriber.migrations.ownership.needs import find_backfill
from transcriber.migrations.ownership.report import Report
from transcriber.migrations.ownership.returning import keep_owners
from transcriber.migrations.ownership.sharing import part_recordings
from transcriber.migrations.ownership.tables import OWNED, OwnedTable
from transcriber.migrations.shape import OWNER, has_column, has_table, lacks_owner
from transcriber.migrations.steps import commit_each, step

revision = "0020"
down_revision = "0016"
branch_labels = None
depends_on = None

# Made last: where it is, all that comes before it has been done, or was never needed.
LAST_TABLE = "account_turns"


def upgrade() -> None:
    attributes = context.config.attributes
    settings = attributes.get("settings") or Settings()
    backfill = find_backfill(op.get_bind(), settings)
    report = Report()
    with commit_each():
        for table in OWNED:
            _give_owners(table, backfill, report)
        if not has_table(LAST_TABLE):
            _settle(report)
    attributes.setdefault("notes", []).extend(report.write())


def downgrade() -> None:
    keep_owners()
    for table in reversed(OWNED):
        for name, _ in table.indexes:
            op.drop_index(name, table.name)
        op.drop_column(table.name, OWNER)
    op.drop_table(LAST_TABLE)


def _give_owners(table: OwnedTable, backfill: str | None, report: Report) -> None:
    if lacks_owner(op.get_bind(), table.name):
        if has_column(table.name, OWNER):
            report.count(table.name, "an earlier, interrupted upgrade", count_owned(table))
        add_owner(table)
        fill_owners(table, backfill, report)
        refuse_ownerless(table)
        # Rows may have come between the last look and the check.
        fill_owners(table, backfill, report)
        require_owner(table)
    drop_check(table)
    index_owner(table)


def _settle(report: Report) -> None:
    copies = part_recordings()
    if copies:
        report.remark(
            f"Recordings with jobs of several accounts: {copies} rows without audio made."
        )
    settle_accounts()
    step(
        lambda: op.create_table(
            LAST_TABLE,
            sa.Column("user_id", sa.String(length=64), nullable=False),
            sa.Column("served_at", sa.DateTime(timezone=True), nullable=True),
            sa.PrimaryKeyConstraint("user_id", name="pk_account_turns"),
        )
    )
