"""`transcriber accounts`: who there is and what each may do, as administrators change it."""

from datetime import datetime
from typing import Annotated, Literal

import typer

from transcriber.commandline.accounts import Name
from transcriber.commandline.display import show_text
from transcriber.commandline.open_database import open_database
from transcriber.commandline.server_part import require_server
from transcriber.commandline.table import align_columns

HEADING = ("NAME", "ROLE", "STATE", "CREATED", "LAST USED", "ID")


def list_accounts() -> None:
    """List the accounts, newest first."""
    require_server()
    from transcriber.accounts.directory import repository  # noqa: PLC0415 - only in the server part.

    with open_database() as (database, _settings), database.snapshot() as session:
        rows = [
            (
                show_text(account.name),
                account.role,
                "active" if account.is_active else "disabled",
                _show_time(account.created_at),
                _show_time(account.last_used_at),
                account.id,
            )
            for account in repository.list_accounts(session, after=None, limit=None)
        ]
    for line in align_columns(HEADING, rows):
        typer.echo(line)


def disable(name: Name) -> None:
    """Lock an account out; all its sign-ins end."""
    _change(name, is_active=False)


def enable(name: Name) -> None:
    """Let a disabled account in again."""
    _change(name, is_active=True)


def set_role(
    name: Name,
    role: Annotated[
        Literal["user", "admin"], typer.Argument(metavar="ROLE", help="`user` or `admin`.")
    ],
) -> None:
    """Make an account an administrator, or a user."""
    _change(name, role=role)


def issue_reset(name: Name) -> None:
    """Print a token with which the account's owner chooses a new password, once."""
    require_server()
    from transcriber.accounts import issuing  # noqa: PLC0415 - only in the server part.

    with open_database() as (database, settings):
        issued = issuing.issue_reset(database, settings, name)
    typer.echo(f"Token: {issued.token}")
    typer.echo(f"It works once, until {_show_time(issued.expires_at)}: POST /auth/reset.", err=True)


def _change(
    name: str, *, role: Literal["user", "admin"] | None = None, is_active: bool | None = None
) -> None:
    require_server()
    from transcriber.accounts import issuing  # noqa: PLC0415 - only in the server part, as this.
    from transcriber.accounts.directory.service import Standing  # noqa: PLC0415

    with open_database() as (database, settings):
        wish = Standing(role=role, is_active=is_active)
        account = issuing.change_standing(database, settings, name, wish)
    state = "active" if account.is_active else "disabled"
    typer.echo(f"Account: {show_text(account.name)}, {account.role}, {state}")


def _show_time(moment: datetime | None) -> str:
    return "never" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"
