"""All that the service keeps, row by row, so that two moments can be compared."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from transcriber.infra.context import Context
from transcriber.migrations.tables import metadata

# When something was last used, how often an alias was, and how long answers took: what asking
# itself changes.
_USE = frozenset({"last_used_at"})
PASSING = {"accounts": _USE, "sessions": _USE, "api_keys": _USE}
PAUSE_SECONDS = 0.03
MAX_LOOKS = 300
COUNTED = frozenset({"upload_alias_uses", "metric_deltas", "metric_totals"})


@dataclass(frozen=True)
class Snapshot:
    """Rows of every table as texts; stored objects with the times they were written at."""

    rows: Mapping[str, frozenset[str]]
    objects: frozenset[tuple[str, datetime]]

    def list_changes(self, later: "Snapshot") -> list[str]:
        """What came or went until `later`."""
        found = [
            f"{table} {sign}{row}"
            for table, rows in self.rows.items()
            for sign, part in (("-", rows - later.rows[table]), ("+", later.rows[table] - rows))
            for row in sorted(part)
        ]
        return [*found, *(f"object {key}" for key, _ in sorted(self.objects ^ later.objects))]


def take_snapshot(context: Context, user_id: str | None = None) -> Snapshot:
    """Everything, or what belongs to one account."""
    rows: dict[str, frozenset[str]] = {}
    with context.database.snapshot() as session:
        for table in metadata.sorted_tables:
            if table.name in COUNTED:
                continue
            owner = table.c.id if table.name == "accounts" else table.c.get("user_id")
            query = select(*(c for c in table.c if c.name not in PASSING.get(table.name, ())))
            if user_id is not None:
                if owner is None:
                    continue
                query = query.where(owner == user_id)
            rows[table.name] = frozenset(repr(tuple(row)) for row in session.execute(query))
    found = context.storage.find_objects() if user_id is None else ()
    return Snapshot(rows, frozenset((each.key, each.modified_at) for each in found))


def take_settled_snapshot(context: Context, user_id: str | None = None) -> Snapshot:
    """The same once nothing is under way any more, as cleaning up behind an upload may be."""
    last = take_snapshot(context, user_id)
    for _ in range(MAX_LOOKS):
        time.sleep(PAUSE_SECONDS)
        now = take_snapshot(context, user_id)
        if now == last:
            return now
        last = now
    raise AssertionError("The service changes its rows without being asked to.")


def list_ids(context: Context, user_id: str) -> set[str]:
    """Everything by which an account's things are named: its rows' keys, and its own id."""
    found = {user_id}
    with context.database.snapshot() as session:
        for table in metadata.sorted_tables:
            owner = table.c.get("user_id")
            if owner is None or table.name in COUNTED:
                continue
            keys = [c for c in table.c if c.name in {"id", "job_id", "recording_id", "resource_id"}]
            if keys:
                for row in session.execute(select(*keys).where(owner == user_id)):
                    found |= {value for value in row if isinstance(value, str)}
    return found
