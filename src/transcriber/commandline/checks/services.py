"""Whether the database and the broker answer, where the server part is installed."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from transcriber.commandline.checks.finding import Finding

if TYPE_CHECKING:
    from transcriber.infra.settings import Settings


def check_database(settings: "Settings") -> Iterator[Finding]:
    """Connect, and compare the tables with what this version expects."""
    from sqlalchemy import make_url  # noqa: PLC0415 - only in the server part of the install.
    from sqlalchemy.exc import OperationalError  # noqa: PLC0415

    from transcriber.infra.database import Database  # noqa: PLC0415
    from transcriber.migrations.head import is_at_head  # noqa: PLC0415

    url = make_url(settings.resolved_database_url)
    name = url.render_as_string(hide_password=True)
    # Connecting would create the file; looking must not.
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        yield Finding("database", "ok", f"{name} will be made by serve")
        return
    database = Database(settings.resolved_database_url)
    try:
        with database.snapshot() as session:
            is_current = is_at_head(session)
    except OperationalError as error:
        reason = str(error.orig).splitlines()[0]
        mend = "Start the database, or correct DATABASE_URL."
        yield Finding("database", "fail", f"{name} does not answer: {reason}", mend)
        return
    finally:
        database.dispose()
    if is_current:
        yield Finding("database", "ok", f"{name} answers and is up to date")
    else:
        mend = "Run: transcriber db upgrade (serve does it at its start)."
        yield Finding("database", "warn", f"{name} answers but lacks newer tables", mend)


def check_broker(settings: "Settings") -> Iterator[Finding]:
    """Connect to the broker, unless serve brings its own."""
    from sqlalchemy import make_url  # noqa: PLC0415 - as above.

    from transcriber.infra.celery_app import build_celery  # noqa: PLC0415 - as above.

    if settings.is_broker_embedded:
        yield Finding("broker", "ok", "serve starts its own")
        return
    # Kombu shows passwords in some of its addresses.
    name = make_url(settings.resolved_broker_url).render_as_string(hide_password=True)
    with build_celery(settings).connection_for_write() as connection:
        try:
            connection.ensure_connection(max_retries=1, timeout=2)
        except Exception as error:  # noqa: BLE001 - each transport raises its own kinds.
            mend = "Start the broker, or correct BROKER_URL."
            yield Finding("broker", "fail", f"{name} does not answer: {error}", mend)
        else:
            yield Finding("broker", "ok", f"{name} answers")
