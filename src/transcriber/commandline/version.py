"""`transcriber --version`, and the help of the whole command."""

from typing import Annotated

import typer

from transcriber import __version__


def _show_version(asked: bool) -> None:  # noqa: FBT001 - Typer's callback shape.
    if asked:
        typer.echo(f"transcriber {__version__}")
        raise typer.Exit


def print_version(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Transcribe recordings on your own machine; nothing leaves it."""
