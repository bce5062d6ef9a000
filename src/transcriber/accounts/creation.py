"""Adding an account over HTTP: once for each key, with a first password that is shown once."""

from dataclasses import dataclass

from transcriber.accounts.models import Role
from transcriber.accounts.passwords import create_password
from transcriber.accounts.repository import AccountRepository
from transcriber.accounts.service import AccountService, Principal, build_principal
from transcriber.accounts.sessions import read_session_lifetime
from transcriber.infra.context import Context
from transcriber.infra.errors import ConflictError
from transcriber.infra.idempotency import KeyedRequest, create_once, hash_content
from transcriber.infra.security import check_password, hash_password

ROUTE = "POST /api/admin/accounts"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountWish:
    """An account as an administrator asks for it; without a password one is issued."""

    name: str
    role: Role
    password: str | None
    admin_id: str
    idempotency_key: str | None

    def build_request(self) -> KeyedRequest:
        """The password stays out of the hash, which is quick to compute and kept."""
        return KeyedRequest(
            user_id=self.admin_id,
            route=ROUTE,
            key=self.idempotency_key,
            request_hash=hash_content(self.name, self.role, self.password is None),
        )


@dataclass(frozen=True, slots=True)
class CreatedAccount:
    """The account, and its issued password where this answer is the one to show it."""

    principal: Principal
    first_password: str | None


def create_account(context: Context, wish: AccountWish) -> CreatedAccount:
    """Add the account, or answer a repeated request again.

    A first password may have been lost with its answer.  As long as the account never signed in,
    a repetition issues a fresh one, and the old one is worthless.

    Raises:
        InvalidError: when the name cannot be one.
        NameTakenError: when the name exists.
        ConflictError: `idempotency_conflict`.
    """
    issued = create_password() if wish.password is None else None
    # Hashing takes its time outside of any transaction.
    password_hash = hash_password(wish.password or issued or "")
    with context.database.unit_of_work() as uow:
        rows = AccountRepository(uow.session)
        service = AccountService(rows, read_session_lifetime(context.settings))
        creation = create_once(
            uow.session,
            wish.build_request(),
            lambda user_id: service.create_account(
                wish.name,
                password_hash,
                wish.role,
                actor=f"admin:{wish.admin_id}",
                user_id=user_id,
            ),
        )
        account = rows.find_locked(creation.resource_id)
        has_signed_in = rows.has_signed_in(account.id)
        if issued is not None and not creation.is_new and not has_signed_in:
            account.password_hash = password_hash
        principal, kept_hash = build_principal(account), account.password_hash
    if wish.password is not None and not creation.is_new and not has_signed_in:
        _refuse_other_password(wish.password, kept_hash)
    return CreatedAccount(principal, None if has_signed_in else issued)


def _refuse_other_password(password: str, kept_hash: str) -> None:
    if not check_password(password, kept_hash):
        raise ConflictError(
            "This Idempotency-Key was used for a request with other content.",
            code="idempotency_conflict",
        )
