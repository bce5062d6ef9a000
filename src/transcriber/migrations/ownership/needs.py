"""Asking before anything changes whether every row's owner can be told."""

from sqlalchemy import Connection, inspect, text

from transcriber.infra.errors import StartupError
from transcriber.infra.settings import Settings
from transcriber.migrations.ownership.tables import OWNED, OwnedTable
from transcriber.migrations.shape import OWNER, lacks_owner

MAX_NAMED = 3
_ADMINS = text(
    "SELECT id, name FROM accounts WHERE role = 'admin' AND is_active ORDER BY created_at, id"
)


class OwnersMissingError(StartupError):
    """Nobody says whose some rows are."""


def find_backfill(connection: Connection, settings: Settings) -> str | None:
    """The account that gets what no rule tells the owner of, where the operator named one.

    Raises:
        OwnersMissingError: there are such rows, and the setting is missing or names no account.
    """
    if not inspect(connection).has_table(OWNED[0].name):
        return None
    chosen = settings.ownership_backfill_user_id
    is_account = chosen is not None and _is_account(connection, chosen)
    if is_account:
        return chosen
    missing = {table.name: _count_unknown(connection, table) for table in OWNED}
    if any(missing.values()):
        raise OwnersMissingError(_explain(connection, missing, chosen))
    return None


def _is_account(connection: Connection, user_id: str) -> bool:
    query = text("SELECT 1 FROM accounts WHERE id = :id")
    return connection.execute(query, {"id": user_id}).first() is not None


def _count_unknown(connection: Connection, table: OwnedTable) -> int:
    if not lacks_owner(connection, table.name):
        return 0
    columns = {each["name"] for each in inspect(connection).get_columns(table.name)}
    conditions = [f"NOT ({rule.applies.format(t=table.name)})" for rule in table.rules]
    if OWNER in columns:
        conditions.append(f"{OWNER} IS NULL")
    query = f"SELECT count(*) FROM {table.name} WHERE {' AND '.join(conditions)}"  # noqa: S608 -- constants
    return connection.execute(text(query)).scalar_one()


def _explain(connection: Connection, missing: dict[str, int], chosen: str | None) -> str:
    rows = ", ".join(f"{count} of {name}" for name, count in missing.items() if count)
    fault = "is not set" if chosen is None else f"names no account ({chosen})"
    admins = [f"{row.id} ({row.name})" for row in connection.execute(_ADMINS)]
    hint = f", such as {' or '.join(admins[:MAX_NAMED])}" if admins else ""
    return (
        f"The audit trail does not tell whose these rows are: {rows}; "
        f"and OWNERSHIP_BACKFILL_USER_ID {fault}: "
        f"set it to the id of the account that shall have them{hint}."
    )
