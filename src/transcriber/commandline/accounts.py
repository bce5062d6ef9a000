"""`transcriber accounts`: a way in for whoever runs the machine and cannot sign in."""

from typing import TYPE_CHECKING, Annotated

import typer

from transcriber.commandline.display import show_text
from transcriber.commandline.open_database import open_database
from transcriber.commandline.server_part import require_server

if TYPE_CHECKING:
    from transcriber.accounts.passwords import IssuedPassword

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


def _show(issued: "IssuedPassword") -> None:
    typer.echo(f"Account: {show_text(issued.name)}")
    typer.echo(f"Password: {issued.password}")
    typer.echo("It is shown this once; change it after signing in.", err=True)
