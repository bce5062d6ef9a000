"""`transcriber backup`: copy what cannot be made again, and put it back."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from transcriber.commandline.exit_codes import ExitCode
from transcriber.commandline.failures import CommandError
from transcriber.commandline.server_part import read_settings, require_server

if TYPE_CHECKING:
    from transcriber.infra.context import Context

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The backup's folder.")]


def create(folder: Folder) -> None:
    """Copy the database and every recording into FOLDER; the service may go on.

    A folder that holds an earlier backup is brought up to date: only what is new is copied, and
    what was deleted since is removed.
    """
    require_server()
    from transcriber.admin.backup.creating import create_backup  # noqa: PLC0415 - server part.

    with _open_context() as context:
        report = create_backup(context, folder)
    typer.echo(
        f"Backed up {report.objects} objects ({report.size_bytes} bytes), {report.copied} of them "
        f"new, to {folder}."
    )
    if report.gone:
        typer.echo(f"{report.gone} more were deleted by their owners meanwhile.", err=True)


def restore(folder: Folder) -> None:
    """Put a backup into an empty installation; the service must not run."""
    require_server()
    from transcriber.admin.backup.restoring import restore_backup  # noqa: PLC0415 - server part.

    with _open_context() as context:
        manifest = restore_backup(context, folder)
    typer.echo(f"Restored {manifest.objects} objects and the database of {manifest.created_at}.")


@contextmanager
def _open_context() -> Generator["Context"]:
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - server part, as all of these.

    from transcriber.infra.context import build_context  # noqa: PLC0415
    from transcriber.infra.errors import ServiceError  # noqa: PLC0415

    context = build_context(read_settings())
    try:
        yield context
    except ServiceError as error:
        raise CommandError(error.detail, ExitCode.ENVIRONMENT) from None
    except DBAPIError as error:
        reason = str(error.orig).splitlines()[0].rstrip(".")
        raise CommandError(f"The database refused: {reason}.", ExitCode.ENVIRONMENT) from None
    finally:
        context.close()
