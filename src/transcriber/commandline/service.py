"""`transcriber serve`, `worker` and `db upgrade`, which need the server part of the install."""

from typing import Annotated

import typer

from transcriber.commandline.exit_codes import ExitCode
from transcriber.commandline.failures import CommandError
from transcriber.commandline.server_part import read_settings, require_server
from transcriber.infra.process_memory import keep_memory_small


def serve(
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 picks one.")] = None,
) -> None:
    """Run the web application, the API and a worker.

    With nothing configured it needs no other program: SQLite, local files, its own broker.
    Settings are environment variables; an option wins over its variable.
    """
    require_server()
    keep_memory_small()
    from transcriber.serving import run_serve  # noqa: PLC0415 - only in the server part.

    run_serve(read_settings(host=host, port=port))


def worker() -> None:
    """Run WORKER_PROCESSES workers against the configured broker and database.

    One that dies is started again.  SIGTERM lets each finish the segment at hand, in 30 s at most.
    """
    require_server()
    from transcriber.worker_pool import run_workers  # noqa: PLC0415 - only in the server part.

    raise typer.Exit(run_workers(read_settings()))


def upgrade() -> None:
    """Bring the database's tables to this version; safe to repeat."""
    require_server()
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - only in the server part.

    from transcriber.migrations.upgrade import upgrade_database  # noqa: PLC0415

    try:
        notes = upgrade_database(read_settings())
    except DBAPIError as error:
        reason = str(error.orig).splitlines()[0].rstrip(".")
        raise CommandError(
            f"The database could not be upgraded: {reason}.", ExitCode.ENVIRONMENT
        ) from None
    for note in notes:
        typer.echo(note)
    typer.echo("The database is up to date.")
