"""The service's database for commands that work beside the service."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from transcriber.commandline.exit_codes import ExitCode
from transcriber.commandline.failures import CommandError
from transcriber.commandline.server_part import read_settings

if TYPE_CHECKING:
    from transcriber.infra.database import Database
    from transcriber.infra.settings import Settings


@contextmanager
def open_database() -> Generator[tuple["Database", "Settings"]]:
    """The service's database and its settings; what goes wrong with it is told in one sentence.

    Raises:
        CommandError: it is not there, lacks tables, refuses, or a rule does.
    """
    from sqlalchemy import make_url  # noqa: PLC0415 - only in the server part, as all of these.
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    from transcriber.infra.database import Database  # noqa: PLC0415
    from transcriber.infra.errors import ServiceError  # noqa: PLC0415

    settings = read_settings()
    url = make_url(settings.resolved_database_url)
    # Connecting would make an empty file, most likely in the wrong folder.
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        raise CommandError(
            f"There is no database at {url.database}: serve makes it, and DATA_DIR says where.",
            ExitCode.ENVIRONMENT,
        )
    database = Database(settings.resolved_database_url)
    try:
        _require_tables(database)
        yield database, settings
    except ServiceError as error:
        raise CommandError(error.detail, ExitCode.USAGE) from None
    except DBAPIError as error:
        reason = str(error.orig).splitlines()[0].rstrip(".")
        raise CommandError(f"The database refused: {reason}.", ExitCode.ENVIRONMENT) from None
    finally:
        database.dispose()


def _require_tables(database: "Database") -> None:
    from transcriber.migrations.head import is_at_head  # noqa: PLC0415 - as above.

    with database.snapshot() as session:
        is_current = is_at_head(session)
    if not is_current:
        raise CommandError(
            "The database lacks newer tables; run: transcriber db upgrade.", ExitCode.ENVIRONMENT
        )
