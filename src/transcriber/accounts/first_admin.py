"""The first administrator: made once, by whichever process starts first."""

import secrets
from dataclasses import dataclass

from transcriber.accounts.repository import AccountRepository
from transcriber.accounts.service import AccountService
from transcriber.accounts.sessions import read_session_lifetime
from transcriber.infra.context import Context
from transcriber.infra.security import hash_password

LOCK_NAME = "transcriber.first_admin"
# 24 symbols of 32 carry 120 bits; look-alikes (l, 1, o, 0) are left out, for it is typed once.
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
PASSWORD_LENGTH = 24


@dataclass(frozen=True, slots=True)
class FirstAdmin:
    """Name and password of the account just made; the password is stored nowhere."""

    name: str
    password: str


def create_first_admin(context: Context) -> FirstAdmin | None:
    """Make the first administrator when there is no account at all; None when there is one.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away.
    """
    with context.database.snapshot() as session:
        if AccountRepository(session).count():
            return None
    name = context.settings.first_admin_name
    password = "".join(secrets.choice(ALPHABET) for _ in range(PASSWORD_LENGTH))
    password_hash = hash_password(password)
    with context.database.unit_of_work() as uow:
        uow.acquire_lock(LOCK_NAME)
        rows = AccountRepository(uow.session)
        if rows.count():
            return None
        AccountService(rows, read_session_lifetime(context.settings)).create_account(
            name, password_hash, "admin"
        )
    return FirstAdmin(name=name, password=password)
