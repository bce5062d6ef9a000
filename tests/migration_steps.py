"""A database brought to a revision of its schema, older than the newest, or back to one."""

from alembic import command
from sqlalchemy import event

from transcriber.infra.database import Database
from transcriber.infra.settings import Settings
from transcriber.migrations.upgrade import build_config


def move(settings: Settings, revision: str, *, is_up: bool) -> None:
    """Upgrade or downgrade to `revision`, however long a step takes."""
    database = Database(settings.resolved_database_url, answer_seconds=None)
    if database.is_sqlite:
        event.listen(
            database.engine, "connect", lambda link, _: link.execute("PRAGMA foreign_keys=OFF")
        )
    with database.unit_of_work() as uow:
        config = build_config()
        config.attributes["connection"] = uow.session.connection()
        (command.upgrade if is_up else command.downgrade)(config, revision)
    database.dispose()
