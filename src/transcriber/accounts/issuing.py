"""Passwords for others: what whoever runs the machine may do without signing in."""

from transcriber.accounts.models import Role
from transcriber.accounts.passwords import IssuedPassword, create_password
from transcriber.accounts.repository import AccountRepository
from transcriber.accounts.service import AccountService
from transcriber.accounts.sessions import read_session_lifetime
from transcriber.infra.database import Database, UnitOfWork
from transcriber.infra.security import hash_password
from transcriber.infra.settings import Settings


def issue_account(database: Database, settings: Settings, name: str, role: Role) -> IssuedPassword:
    """Make an account with a generated password.

    Raises:
        InvalidError: when the name cannot be one.
        NameTakenError: when the name exists.
        sqlalchemy.exc.DBAPIError: when the database is away or lacks its tables.
    """
    password = create_password()
    password_hash = hash_password(password)
    with database.unit_of_work() as uow:
        principal = _build_service(uow, settings).create_account(
            name, password_hash, role, actor="commandline"
        )
    return IssuedPassword(principal.name, password)


def reset_password(database: Database, settings: Settings, name: str) -> IssuedPassword:
    """Give an account a generated password; all its sign-ins end.

    Raises:
        NotFoundError: when no account has the name.
        sqlalchemy.exc.DBAPIError: when the database is away or lacks its tables.
    """
    password = create_password()
    password_hash = hash_password(password)
    with database.unit_of_work() as uow:
        service = _build_service(uow, settings)
        principal = service.find_named(name)
        service.set_password(principal.user_id, password_hash, keep_hash=None, actor="commandline")
    return IssuedPassword(principal.name, password)


def _build_service(uow: UnitOfWork, settings: Settings) -> AccountService:
    return AccountService(AccountRepository(uow.session), read_session_lifetime(settings))
