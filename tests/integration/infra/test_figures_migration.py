"""The revision that brings the operator's figures, forward and back over a database in use."""

from sqlalchemy import inspect, text

from migration_steps import move
from transcriber.infra.database import Database
from transcriber.infra.settings import Settings
from transcriber.migrations.upgrade import upgrade_database

TABLES = {"metric_deltas", "metric_totals"}
WORKER = (
    "INSERT INTO worker_heartbeats (id, host, pid, started_at, seen_at)"
    " VALUES ('w', 'here', 1, '2026-01-01', '2026-01-01')"
)


def test_workers_of_the_version_before_go_on(settings: Settings) -> None:
    move(settings, "0020", is_up=True)
    database = Database(settings.resolved_database_url)
    with database.unit_of_work() as uow:
        uow.session.execute(text(WORKER))
    for _ in range(2):
        upgrade_database(settings)
        found = inspect(database.engine)
        assert set(found.get_table_names()) >= TABLES
        assert "ix_jobs_created_at_id" in {each["name"] for each in found.get_indexes("jobs")}
        with database.unit_of_work() as uow:
            # One of them that beats for the first time names none of the new columns.
            uow.session.execute(text("DELETE FROM worker_heartbeats"))
            uow.session.execute(text(WORKER))
            row = uow.session.execute(text("SELECT job_id, is_draining FROM worker_heartbeats"))
            assert tuple(row.one()) == (None, False)
        database.dispose()
        move(settings, "0020", is_up=False)
        assert not TABLES & set(inspect(database.engine).get_table_names())
        columns = {
            each["name"] for each in inspect(database.engine).get_columns("worker_heartbeats")
        }
        assert "is_draining" not in columns
        database.dispose()


def test_an_interrupted_upgrade_goes_on(settings: Settings) -> None:
    upgrade_database(settings)
    move(settings, "0021", is_up=False)
    database = Database(settings.resolved_database_url)
    with database.unit_of_work() as uow:
        # As after a crash between two of its steps.
        uow.session.execute(text("DROP INDEX ix_jobs_created_at_id"))
        uow.session.execute(text("DROP TABLE metric_totals"))
        uow.session.execute(text("UPDATE alembic_version SET version_num = '0020'"))
    upgrade_database(settings)
    found = inspect(database.engine)
    assert set(found.get_table_names()) >= TABLES
    assert "ix_jobs_created_at_id" in {each["name"] for each in found.get_indexes("jobs")}
    database.dispose()
