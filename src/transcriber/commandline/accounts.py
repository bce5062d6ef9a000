"""`transcriber accounts`: a way in for whoever runs the machine and cannot sign in."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from transcriber.commandline.display import show_text
from transcriber.commandline.exit_codes import ExitCode
from transcriber.commandline.failures import CommandError
from transcriber.commandline.server_part import read_settings, require_server

if TYPE_CHECKING:
    from transcriber.accounts.passwords import IssuedPassword
    from transcriber.infra.database import Database
    from transcriber.infra.settings import Settings

Name = Annotated[str, typer.Argument(metavar="NAME", help="The account's name.")]


def create(
    name: Name,
    *,
    admin: Annotated[bool, typer.Option("--admin", help="Make it an administrator.")] = False,
) -> None:
    """Add an account and print its first password."""
    require_server()
    from transcriber.accounts.issuing import issue_account  # noqa: PLC0415 - only in the server part.

    with open_database() as (database, settings):
        _show(issue_account(database, settings, name, "admin" if admin else "user"))


def reset_password(name: Name) -> None:
    """Give an account a new password, print it, and end its sign-ins."""
    require_server()
    from transcriber.accounts import issuing  # noqa: PLC0415 - only in the server part.

    with open_database() as (database, settings):
        _show(issuing.reset_password(database, settings, name))


@contextmanager
def open_database() -> Generator[tuple["Database", "Settings"]]:
    """The service's database; what it refuses becomes one sentence and an exit code."""
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


def _show(issued: "IssuedPassword") -> None:
    typer.echo(f"Account: {show_text(issued.name)}")
    typer.echo(f"Password: {issued.password}")
    typer.echo("It is shown this once; change it after signing in.", err=True)
