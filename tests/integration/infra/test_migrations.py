import os
import subprocess
import sys

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from transcriber.infra.context import Context
from transcriber.infra.database import Database
from transcriber.infra.settings import Settings
from transcriber.migrations.head import HEAD, is_at_head
from transcriber.migrations.tables import is_mapped, metadata
from transcriber.migrations.upgrade import build_config, upgrade_database

UPGRADE = """
from transcriber.infra.settings import Settings
from transcriber.migrations.upgrade import build_config, upgrade_database
upgrade_database(Settings(_env_file=None))
"""


def test_the_revisions_give_exactly_the_tables_of_the_models(context: Context) -> None:
    with context.database.snapshot() as session:
        options = {"compare_type": True, "include_name": is_mapped}
        migrations = MigrationContext.configure(session.connection(), opts=options)
        assert compare_metadata(migrations, metadata) == []
        assert is_at_head(session)


def test_an_upgraded_database_is_left_as_it_is(context: Context, settings: Settings) -> None:
    with context.database.unit_of_work() as uow:
        uow.session.execute(text("CREATE TABLE witness (a INTEGER)"))
    upgrade_database(settings)
    assert "witness" in inspect(context.database.engine).get_table_names()


def test_the_newest_revision_is_the_one_that_is_expected() -> None:
    assert ScriptDirectory.from_config(build_config()).get_heads() == [HEAD]


def test_a_database_without_tables_is_not_at_head(settings: Settings) -> None:
    database = Database(settings.resolved_database_url)
    with database.snapshot() as session:
        assert not is_at_head(session)
    database.dispose()


def test_processes_that_start_together_upgrade_once(settings: Settings) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", UPGRADE], env=_inherit(settings)) for _ in range(4)
    ]
    assert [process.wait(120) for process in processes] == [0, 0, 0, 0]
    database = Database(settings.resolved_database_url)
    with database.snapshot() as session:
        assert is_at_head(session)
    database.dispose()


def _inherit(settings: Settings) -> dict[str, str]:
    return {**os.environ, **settings.to_environment()}
