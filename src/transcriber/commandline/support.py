"""`transcriber support-bundle`: what a report of a fault needs, in one file without secrets."""

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from transcriber.commandline.atomic_file import write_atomically
from transcriber.commandline.display import show_name
from transcriber.commandline.server_part import read_settings, require_server

Output = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="The zip file to write; else one in this directory."),
]
Log = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="The service's log in JSON lines, of which the end is read."),
]


def support_bundle(*, output: Output = None, log: Log = None) -> None:
    """Collect what a report of a fault needs into one file, without secrets, names and texts.

    Parts that are away, as the database may be, are told as such and keep no other from being told.
    """
    require_server()
    from transcriber.admin.support.bundle import (  # noqa: PLC0415 - only in the server part.
        collect_parts,
        write_bundle,
    )
    from transcriber.infra.context import build_context  # noqa: PLC0415 - as above.
    from transcriber.infra.logging import configure_logging  # noqa: PLC0415 - as above.

    settings = read_settings()
    configure_logging(settings, process="cli")
    # What is away is told in the bundle; the log would tell it with addresses.
    logging.disable()
    made_at = datetime.now(UTC)
    target = output or Path(f"transcriber-support-{made_at:%Y%m%d-%H%M%S}.zip")
    context = build_context(settings)
    try:
        found = collect_parts(context, log)
    finally:
        context.close()
    write_atomically(target, [write_bundle(found, made_at)])
    for name, part in found.items():
        typer.echo(f"{name}: {part['problem'] or 'collected'}")
    if log is None:
        typer.echo("log: name the service's log with --log to have its end in the bundle")
    typer.echo(f"Wrote {show_name(target)}; read it before you send it.")
