"""Rules of the directory: roles, locking out, and the administrator who must stay."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from transcriber.accounts.directory import repository
from transcriber.accounts.models import Account, Role
from transcriber.accounts.repository import AccountRepository
from transcriber.infra.database import UnitOfWork
from transcriber.infra.errors import ConflictError, NotFoundError

LOCK_NAME = "transcriber.last_admin"


class LastAdminError(ConflictError):
    """Nobody would be left to let anybody in."""

    code = "last_admin"
    title = "This is the last administrator."


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What an account may do; None leaves that as it is."""

    role: Role | None = None
    is_active: bool | None = None


def find_account(session: Session, user_id: str) -> Account:
    """One account.

    Raises:
        NotFoundError: when there is no such account.
    """
    return _require(AccountRepository(session).find(user_id))


def change_standing(uow: UnitOfWork, user_id: str, wish: Standing, *, actor: str) -> Account:
    """Change what an account may do; a disabled one is signed out everywhere.

    Raises:
        NotFoundError: when there is no such account.
        LastAdminError: when no active administrator would be left.
    """
    # Two administrators who demote each other at once both see the other one as long as neither
    # change is committed: one change at a time, whichever accounts they concern.
    uow.acquire_lock(LOCK_NAME)
    rows = AccountRepository(uow.session)
    account = _require(rows.lock(user_id))
    role = wish.role or account.role
    is_active = account.is_active if wish.is_active is None else wish.is_active
    is_admin_now = account.role == "admin" and account.is_active
    stays_admin = role == "admin" and is_active
    if is_admin_now and not stays_admin and not repository.count_other_admins(uow.session, user_id):
        raise LastAdminError("Make another account an administrator first.")
    _apply(rows, account, role, is_active=is_active, actor=actor)
    return account


def _apply(
    rows: AccountRepository, account: Account, role: str, *, is_active: bool, actor: str
) -> None:
    if role != account.role:
        rows.record_account_act("account.role", account.id, actor, f"{account.role} to {role}")
        account.role = role
    if is_active == account.is_active:
        return
    account.is_active = is_active
    rows.record_account_act("account.enable" if is_active else "account.disable", account.id, actor)
    if not is_active:
        # Or they would be good again with the account.
        rows.revoke_sessions(account.id, rows.read_time(), except_hash=None)


def _require(account: Account | None) -> Account:
    if account is None:
        raise NotFoundError("There is no such account.", code="account_not_found")
    return account
