"""Filling the owner's column of a table, some thousand rows at a time."""

from alembic import op
from sqlalchemy import CursorResult, text

from transcriber.migrations.ownership.needs import OwnersMissingError
from transcriber.migrations.ownership.report import Report
from transcriber.migrations.ownership.tables import OwnedTable, Rule
from transcriber.migrations.steps import step

BATCH_ROWS = 1_000

_BY_SETTING = Rule(
    "OWNERSHIP_BACKFILL_USER_ID",
    "CAST(:backfill AS VARCHAR(64))",
    "CAST(:backfill AS VARCHAR(64)) IS NOT NULL",
)


def fill_owners(table: OwnedTable, backfill: str | None, report: Report) -> None:
    """Give every row of a table its owner, those included that come meanwhile.

    Raises:
        OwnersMissingError: one came that no rule tells the owner of.
    """
    while (first := _find_ownerless(table, "")) is not None:
        given = 0
        while first is not None:
            last = _find_end(table, first)
            for rule in (*table.rules, _BY_SETTING):
                bounds = {"first": first, "last": last, "backfill": backfill}
                count = _apply(table, rule, bounds)
                report.count(table.name, rule.name, count)
                given += count
            first = _find_ownerless(table, last)
        if not given:
            raise OwnersMissingError(
                f"Rows came to {table.name} that nobody owns; stop the processes of the earlier "
                "version or set OWNERSHIP_BACKFILL_USER_ID, then upgrade again."
            )


def count_owned(table: OwnedTable) -> int:
    """How many rows of a table have an owner already."""
    query = text(f"SELECT count(*) FROM {table.name} WHERE user_id IS NOT NULL")  # noqa: S608 -- constants
    return op.get_bind().execute(query).scalar_one()


def _find_ownerless(table: OwnedTable, behind: str) -> str | None:
    query = text(
        f"SELECT {table.key} FROM {table.name} WHERE user_id IS NULL AND {table.key} > :behind"  # noqa: S608 -- constants
        f" ORDER BY {table.key} LIMIT 1"
    )
    return op.get_bind().execute(query, {"behind": behind}).scalar()


def _find_end(table: OwnedTable, first: str) -> str:
    query = text(
        f"SELECT max({table.key}) FROM (SELECT {table.key} FROM {table.name}"  # noqa: S608 -- constants
        f" WHERE {table.key} >= :first ORDER BY {table.key} LIMIT {BATCH_ROWS}) AS batch"
    )
    return op.get_bind().execute(query, {"first": first}).scalar_one()


def _apply(table: OwnedTable, rule: Rule, bounds: dict[str, str | None]) -> int:
    owner = rule.owner.format(t=table.name)
    statement = text(
        f"UPDATE {table.name} SET user_id = {owner}"  # noqa: S608 -- constants
        f" WHERE {table.key} >= :first AND {table.key} <= :last AND user_id IS NULL"
        # Not `applies`, for which PostgreSQL would read all jobs for each batch.
        f" AND {owner} IS NOT NULL"
    )
    result = step(lambda: op.get_bind().execute(statement, bounds))
    assert isinstance(result, CursorResult)  # noqa: S101 -- narrows the type for rowcount
    return result.rowcount
