"""The `transcriber` command's entry point: which commands there are, and nothing else."""

from collections.abc import Callable

import typer

from transcriber.commandline import account_directory as directory
from transcriber.commandline import accounts, audit, backup
from transcriber.commandline.doctor import doctor
from transcriber.commandline.engine_loading import load_engine as load_real_engine
from transcriber.commandline.engine_port import LoadEngine
from transcriber.commandline.failures import SpeakingGroup
from transcriber.commandline.models import models
from transcriber.commandline.service import serve, upgrade, worker
from transcriber.commandline.support import support_bundle
from transcriber.commandline.transcribe import add_transcribe
from transcriber.commandline.version import print_version

Command = Callable[..., None]


def build_cli(load_engine: LoadEngine = load_real_engine) -> typer.Typer:
    """Build the command line.

    Args:
        load_engine: Loads the model for `transcribe`; tests give one that needs no weights.
    """
    cli = typer.Typer(
        name="transcriber",
        cls=SpeakingGroup,
        # Plain help comes in half the time of the decorated one.
        rich_markup_mode=None,
        # A stack trace is for developers: TRANSCRIBER_DEBUG asks for it.
        pretty_exceptions_enable=False,
    )
    cli.callback()(print_version)
    add_transcribe(cli, load_engine)
    for command in (models, serve, worker, doctor, support_bundle):
        cli.command()(command)
    _add_group(cli, "db", "Look after the database.", upgrade)
    _add_group(cli, "backup", "Copy what cannot be made again.", backup.create, backup.restore)
    _add_accounts(cli)
    _add_group(cli, "audit", "Look after the audit trail.", audit.verify)
    return cli


def _add_accounts(cli: typer.Typer) -> None:
    group = _add_group(
        cli,
        "accounts",
        "Let people in, or out.",
        accounts.create,
        accounts.reset_password,
        directory.disable,
        directory.enable,
        directory.set_role,
        directory.issue_reset,
    )
    group.command("list")(directory.list_accounts)


def _add_group(cli: typer.Typer, name: str, description: str, *commands: Command) -> typer.Typer:
    group = typer.Typer(help=description, rich_markup_mode=None)
    # A lone command would otherwise take the place of its group.
    group.callback()(lambda: None)
    for command in commands:
        group.command()(command)
    cli.add_typer(group, name=name)
    return group


def main() -> None:
    """Run the command line; the installed `transcriber` script calls this."""
    build_cli()()
