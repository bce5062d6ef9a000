"""Accounts of others: what whoever runs the machine may do without signing in."""

from transcriber.accounts.directory import service as directory
from transcriber.accounts.directory.service import Standing
from transcriber.accounts.models import Account, Role
from transcriber.accounts.passwords import IssuedPassword, create_password
from transcriber.accounts.repository import AccountRepository
from transcriber.accounts.resets import service as resets
from transcriber.accounts.resets.service import IssuedReset
from transcriber.accounts.service import AccountService
from transcriber.accounts.sessions import read_session_lifetime
from transcriber.infra.database import Database, UnitOfWork
from transcriber.infra.security import hash_password
from transcriber.infra.settings import Settings

ACTOR = "commandline"
"""Who did it, in the audit trail."""


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
            name, password_hash, role, actor=ACTOR
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
        service.set_password(principal.user_id, password_hash, actor=ACTOR)
    return IssuedPassword(principal.name, password)


def issue_reset(database: Database, settings: Settings, name: str) -> IssuedReset:
    """Make a token with which an account's owner chooses a new password.

    Raises:
        NotFoundError: when no account has the name.
        sqlalchemy.exc.DBAPIError: when the database is away or lacks its tables.
    """
    with database.unit_of_work() as uow:
        principal = _build_service(uow, settings).find_named(name)
        return resets.issue_reset(uow.session, principal.user_id, ACTOR)


def change_standing(database: Database, settings: Settings, name: str, wish: Standing) -> Account:
    """Change an account's role, disable it or enable it again.

    Raises:
        NotFoundError: when no account has the name.
        LastAdminError: when no active administrator would be left.
        sqlalchemy.exc.DBAPIError: when the database is away or lacks its tables.
    """
    with database.unit_of_work() as uow:
        principal = _build_service(uow, settings).find_named(name)
        return directory.change_standing(uow, principal.user_id, wish, actor=ACTOR)


def _build_service(uow: UnitOfWork, settings: Settings) -> AccountService:
    return AccountService(AccountRepository(uow.session), read_session_lifetime(settings))
