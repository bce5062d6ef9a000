"""What accounts store is counted, over a database that has recordings owners or none."""

import pytest
from alembic import command
from sqlalchemy import text

from transcriber.infra.database import Database
from transcriber.infra.settings import Settings
from transcriber.migrations.upgrade import build_config, upgrade_database

RECORDINGS = (
    ("r1", "alice", 100, None),
    ("r2", "alice", 23, None),
    ("r3", "alice", 1_000, "2026-01-02"),
    ("r4", "bob", 5 * 1024**3, None),
    ("r5", "carol", 7, "2026-01-02"),
)


# An owner's column, as the first releases had it from the beginning, or a word in the audit trail.
OWNERS = {
    True: "UPDATE recordings SET user_id = :owner WHERE id = :id",
    False: (
        "INSERT INTO audit_entries (created_at, actor, action, object_kind, object_id, user_id)"
        " VALUES ('2026-01-01', 'account\\:' || :owner, 'recording.keep', 'recording', :id, '')"
    ),
}


@pytest.mark.parametrize("has_owners", [True, False])
def test_what_exists_is_counted(settings: Settings, *, has_owners: bool) -> None:
    database = Database(settings.resolved_database_url)
    with database.unit_of_work() as uow:
        config = build_config()
        config.attributes["connection"] = uow.session.connection()
        command.upgrade(config, "0006")
        if has_owners:
            uow.session.execute(text("ALTER TABLE recordings ADD COLUMN user_id VARCHAR(64)"))
        for name, owner, size, removed in RECORDINGS:
            uow.session.execute(
                text(
                    "INSERT INTO recordings (id, name, storage_key, size_bytes, sha256,"
                    " created_at, removed_at) VALUES (:id, 'n', :id, :size, 's',"
                    " '2026-01-01', :removed)"
                ),
                {"id": name, "size": size, "removed": removed},
            )
            uow.session.execute(text(OWNERS[has_owners]), {"id": name, "owner": owner})
    upgrade_database(settings)
    with database.snapshot() as session:
        query = "SELECT user_id, stored_bytes, reserved_bytes, open_uploads FROM storage_usage"
        rows = sorted(tuple(row) for row in session.execute(text(query)))
    assert rows == [("alice", 123, 0, 0), ("bob", 5 * 1024**3, 0, 0)]
    database.dispose()
