"""The first administrator: made once, by whichever process starts first."""

from transcriber.accounts.passwords import IssuedPassword, create_password
from transcriber.accounts.repository import AccountRepository
from transcriber.accounts.service import AccountService
from transcriber.accounts.sessions import read_session_lifetime
from transcriber.infra.context import Context
from transcriber.infra.security import hash_password

LOCK_NAME = "transcriber.first_admin"


def create_first_admin(context: Context) -> IssuedPassword | None:
    """Make the first administrator when there is no account at all; None when there is one.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away.
    """
    with context.database.snapshot() as session:
        if AccountRepository(session).count():
            return None
    name = context.settings.first_admin_name
    password = create_password()
    password_hash = hash_password(password)
    with context.database.unit_of_work() as uow:
        uow.acquire_lock(LOCK_NAME)
        rows = AccountRepository(uow.session)
        if rows.count():
            return None
        AccountService(rows, read_session_lifetime(context.settings)).create_account(
            name, password_hash, "admin", actor="service"
        )
    return IssuedPassword(name=name, password=password)
