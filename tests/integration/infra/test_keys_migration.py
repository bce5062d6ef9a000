"""The revision that brings API keys, forward and back over a database in use."""

from sqlalchemy import inspect, text

from migration_steps import move
from transcriber.infra.database import Database
from transcriber.infra.settings import Settings
from transcriber.migrations.upgrade import upgrade_database

TABLE = "api_keys"
ACCOUNT = (
    "INSERT INTO accounts (id, name, name_key, password_hash, role, is_active, created_at)"
    " VALUES ('alice', 'Alice', 'alice', 'x', 'user', true, '2026-01-01')"
)
KEY = (
    f"INSERT INTO {TABLE} (id, user_id, name, secret_hash, scopes, created_at, expires_at)"
    " VALUES ('k', 'alice', 'import', 'h', 'read', '2026-01-01', '2027-01-01')"
)


def test_the_keys_come_and_go_and_the_accounts_stay(settings: Settings) -> None:
    move(settings, "0011", is_up=True)
    database = Database(settings.resolved_database_url)
    with database.unit_of_work() as uow:
        uow.session.execute(text(ACCOUNT))
    for _ in range(2):
        upgrade_database(settings)
        with database.unit_of_work() as uow:
            uow.session.execute(text(KEY))
        with database.snapshot() as session:
            row = session.execute(text(f"SELECT last_used_at, revoked_at FROM {TABLE}")).one()
        assert tuple(row) == (None, None)
        database.dispose()
        move(settings, "0011", is_up=False)
        assert TABLE not in inspect(database.engine).get_table_names()
        database.dispose()
    upgrade_database(settings)
    with database.unit_of_work() as uow:
        uow.session.execute(text(KEY))
        uow.session.execute(text("DELETE FROM accounts"))
        assert uow.session.scalar(text(f"SELECT count(*) FROM {TABLE}")) == 0
    database.dispose()
