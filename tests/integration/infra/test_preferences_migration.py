"""The revision that brings preferences, forward and back over a database in use."""

from sqlalchemy import inspect, text

from migration_steps import move
from transcriber.infra.database import Database
from transcriber.infra.settings import Settings
from transcriber.migrations.upgrade import upgrade_database

TABLE = "account_preferences"
BEFORE = "0021"
ACCOUNT = (
    "INSERT INTO accounts (id, name, name_key, password_hash, role, is_active, created_at)"
    " VALUES ('alice', 'Alice', 'alice', 'x', 'user', true, '2026-01-01')"
)
ROW = (
    f"INSERT INTO {TABLE} (user_id, job_task, job_word_timestamps, updated_at)"
    " VALUES ('alice', 'transcribe', false, '2026-01-01')"
)


def test_preferences_come_and_go_and_the_accounts_stay(settings: Settings) -> None:
    upgrade_database(settings)
    database = Database(settings.resolved_database_url)
    with database.unit_of_work() as uow:
        uow.session.execute(text(ACCOUNT))
    for _ in range(2):
        with database.unit_of_work() as uow:
            uow.session.execute(text(ROW))
        database.dispose()
        move(settings, BEFORE, is_up=False)
        assert TABLE not in inspect(database.engine).get_table_names()
        database.dispose()
        upgrade_database(settings)
    with database.unit_of_work() as uow:
        assert uow.session.scalar(text("SELECT name FROM accounts")) == "Alice"
        uow.session.execute(text(ROW))
        uow.session.execute(text("DELETE FROM accounts"))
        assert uow.session.scalar(text(f"SELECT count(*) FROM {TABLE}")) == 0
    database.dispose()
