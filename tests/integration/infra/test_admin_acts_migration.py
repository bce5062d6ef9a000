"""The revision that brings what administrators ask of workers, forward and back in use."""

from sqlalchemy import inspect, text

from migration_steps import move
from transcriber.infra.database import Database
from transcriber.infra.settings import Settings
from transcriber.migrations.upgrade import upgrade_database

TABLES = {"worker_drains", "model_validations", "collections"}
WORKER = (
    "INSERT INTO worker_heartbeats (id, host, pid, started_at, seen_at)"
    " VALUES ('w', 'here', 1, '2026-01-01', '2026-01-01')"
)


def test_workers_of_the_version_before_go_on(settings: Settings) -> None:
    upgrade_database(settings)
    move(settings, "0024", is_up=False)
    database = Database(settings.resolved_database_url)
    assert not TABLES & set(inspect(database.engine).get_table_names())
    columns = {each["name"] for each in inspect(database.engine).get_columns("worker_heartbeats")}
    assert not {"slot", "is_drained"} & columns
    with database.unit_of_work() as uow:
        uow.session.execute(text(WORKER))
    upgrade_database(settings)
    with database.unit_of_work() as uow:
        # One of them that beats for the first time names none of the new columns.
        uow.session.execute(text("DELETE FROM worker_heartbeats"))
        uow.session.execute(text(WORKER))
        row = uow.session.execute(text("SELECT slot, is_drained FROM worker_heartbeats"))
        assert tuple(row.one()) == (None, False)
    database.dispose()


def test_an_interrupted_upgrade_goes_on(settings: Settings) -> None:
    upgrade_database(settings)
    database = Database(settings.resolved_database_url)
    with database.unit_of_work() as uow:
        # As after a crash between two of its steps.
        uow.session.execute(text("DROP TABLE collections"))
        uow.session.execute(text("UPDATE alembic_version SET version_num = '0024'"))
    upgrade_database(settings)
    assert set(inspect(database.engine).get_table_names()) >= TABLES
    database.dispose()
