"""`transcriber audit`: is the audit trail what it was?"""

from typing import TYPE_CHECKING, Annotated

import typer

from transcriber.commandline.exit_codes import ExitCode
from transcriber.commandline.failures import CommandError
from transcriber.commandline.open_database import open_database
from transcriber.commandline.server_part import require_server

if TYPE_CHECKING:
    from transcriber.infra.audit_verification import Verification

Known = Annotated[
    str | None,
    typer.Option(
        metavar="SEQUENCE:HASH", help="The chain's end as it was noted earlier; it must be there."
    ),
]


def verify(*, known: Known = None) -> None:
    """Check that no audit entry was changed, removed, added or moved.

    Prints the chain's end on standard output: keep it elsewhere, and give it with --known later.
    """
    require_server()
    from transcriber.infra.audit_chain import SealKeys  # noqa: PLC0415 - only in the server part.
    from transcriber.infra.audit_faults import read_place  # noqa: PLC0415
    from transcriber.infra.audit_verification import verify_entries  # noqa: PLC0415

    place = read_place(known) if known is not None else None
    if known is not None and place is None:
        raise CommandError("--known is SEQUENCE:HASH, as this command prints it.", ExitCode.USAGE)
    with open_database() as (database, settings):
        found = verify_entries(database, SealKeys.of(settings), place)
    _show(found)
    if found.fault is not None:
        raise CommandError(
            f"Entry {found.fault.sequence} does not fit. {found.fault.detail}",
            ExitCode.INPUT_FAILED,
        )
    if place is not None and not found.is_known_checked:
        raise CommandError(
            f"Entry {place.sequence} was removed by retention and cannot be compared any more.",
            ExitCode.INPUT_FAILED,
        )


def _show(found: "Verification") -> None:
    typer.echo(f"Checked: {found.checked}")
    typer.echo(f"Sealed without a key: {found.unkeyed}")
    typer.echo(f"Removed by retention: {found.removed.sequence}")
    since = f" since {found.unsealed_since.isoformat()}" if found.unsealed_since else ""
    typer.echo(f"Not sealed yet: {found.unsealed}{since}")
    typer.echo(f"End: {found.head.sequence}:{found.head.hash}")
