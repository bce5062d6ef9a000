"""The revision that counts uses of aliases, forward and back over a database in use."""

from sqlalchemy import inspect, text

from migration_steps import move
from transcriber.infra.database import Database
from transcriber.infra.settings import Settings
from transcriber.migrations.upgrade import upgrade_database

TABLE = "upload_alias_uses"
USAGE = (
    "INSERT INTO storage_usage (user_id, stored_bytes, reserved_bytes, open_uploads)"
    " VALUES ('alice', 0, 1, 1)"
)
USE = (
    f"INSERT INTO {TABLE} (id, alias, client, user_id, uses, first_used_at, last_used_at)"
    " VALUES (:id, '/uploads/init', 'curl', :owner, 5000000000, '2027-01-01', '2027-01-02')"
)


def test_the_table_comes_and_goes_and_the_others_stay(settings: Settings) -> None:
    move(settings, "0008", is_up=True)
    database = Database(settings.resolved_database_url)
    with database.unit_of_work() as uow:
        uow.session.execute(text(USAGE))
    for _ in range(2):
        upgrade_database(settings)
        with database.unit_of_work() as uow:
            for number, owner in enumerate(("alice", "bob")):
                uow.session.execute(text(USE), {"id": str(number), "owner": owner})
        with database.snapshot() as session:
            assert session.scalar(text(f"SELECT sum(uses) FROM {TABLE}")) == 10_000_000_000
        database.dispose()
        move(settings, "0008", is_up=False)
        assert TABLE not in inspect(database.engine).get_table_names()
        with database.snapshot() as session:
            rows = session.execute(text("SELECT user_id, reserved_bytes FROM storage_usage")).all()
        assert [tuple(row) for row in rows] == [("alice", 1)]
        database.dispose()
