"""Rules of accounts: who exists, who may sign in, when a sign-in ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from transcriber.accounts.clients import Client
from transcriber.accounts.models import Account, AccountSession, Role, SessionKind
from transcriber.accounts.names import fold_name, normalise_name
from transcriber.accounts.repository import AccountRepository
from transcriber.infra.errors import ConflictError, NotFoundError, UnauthenticatedError
from transcriber.infra.identifiers import create_id, create_token
from transcriber.infra.security import hash_token

# A session's use is recorded at most this often, so that reading stays reading.
TOUCH_EVERY = timedelta(minutes=5)


class NameTakenError(ConflictError):
    """Another account has this name, or one that differs in case only."""

    code = "name_taken"
    title = "This name is taken."


class BadCredentialsError(UnauthenticatedError):
    """Name and password do not belong together; which of them is wrong is not said."""

    code = "bad_credentials"
    title = "Name or password is wrong."


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: an active, signed-in account."""

    user_id: str
    name: str
    role: Role

    @property
    def is_admin(self) -> bool:
        """Whether this is an operator's account."""
        return self.role == "admin"


@dataclass(frozen=True, slots=True)
class Proof:
    """An account whose password was right while it had this hash."""

    principal: Principal
    password_hash: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A good session and its account; `needs_touch` when its last use should be recorded."""

    principal: Principal
    kind: SessionKind
    token_hash: str
    needs_touch: bool


@dataclass(frozen=True, slots=True)
class NewSession:
    """A sign-in just made: the only time the token is known."""

    token: str
    expires_at: datetime


class AccountService:
    """What can be done with accounts in one transaction; the caller commits.

    Args:
        repository: Rows.
        session_lifetime: How long a sign-in lasts, absolutely.
    """

    def __init__(self, repository: AccountRepository, session_lifetime: timedelta) -> None:
        self._rows = repository
        self._session_lifetime = session_lifetime

    def create_account(
        self,
        name: str,
        password_hash: str,
        role: Role,
        *,
        actor: str,
        user_id: str | None = None,
    ) -> Principal:
        """Add an account whose password was hashed before the transaction began.

        Args:
            name: As it was typed.
            password_hash: Argon2id in PHC form.
            role: What the account may do.
            actor: Who adds it, for the audit trail.
            user_id: Its id where the caller has chosen one.

        Raises:
            InvalidError: when the name cannot be one.
            NameTakenError: when the name exists.
        """
        kept = normalise_name(name)
        account = Account(
            id=user_id or create_id(),
            name=kept,
            name_key=fold_name(kept),
            password_hash=password_hash,
            role=role,
            is_active=True,
            created_at=self._rows.read_time(),
        )
        try:
            self._rows.add(account)
        except IntegrityError:
            raise NameTakenError(f"An account named {kept!r} exists.") from None
        self._rows.record_creation(account, actor)
        return build_principal(account)

    def find_named(self, name: str) -> Principal:
        """The account of that name, active or not.

        Raises:
            NotFoundError: when there is none.
        """
        account = self._rows.find_by_name(fold_name(name))
        if account is None:
            raise NotFoundError(f"There is no account named {name!r}.", code="account_not_found")
        return build_principal(account)

    def sign_in(self, proof: Proof, kind: SessionKind, client: Client) -> NewSession:
        """Open a session for whoever gave the right password.

        Raises:
            BadCredentialsError: when the account was disabled or its password replaced meanwhile.
        """
        self._require_proof(proof)
        session = self.open_session(proof.principal.user_id, kind, client)
        user_id = proof.principal.user_id
        self._rows.record_account_act("account.sign_in", user_id, f"account:{user_id}", kind)
        return session

    def open_session(
        self, user_id: str, kind: SessionKind, client: Client | None = None
    ) -> NewSession:
        """Sign an account in with a fresh token, whatever token it came with."""
        now = self._rows.read_time()
        self._rows.forget_ended_sessions(now)
        self._rows.find_locked(user_id).last_used_at = now
        session = NewSession(token=create_token(), expires_at=now + self._session_lifetime)
        self._rows.add(
            AccountSession(
                token_hash=hash_token(session.token),
                user_id=user_id,
                kind=kind,
                device=client.device if client else None,
                address=client.address if client else None,
                created_at=now,
                last_used_at=now,
                expires_at=session.expires_at,
            )
        )
        return session

    def authenticate(self, token: str) -> SignedIn:
        """Who holds this token.

        Raises:
            UnauthenticatedError: unknown, expired or revoked token, or a locked account.
        """
        now = self._rows.read_time()
        token_hash = hash_token(token)
        found = self._rows.find_signed_in(token_hash, now)
        if found is None:
            raise UnauthenticatedError("Sign in: the session is unknown or has ended.")
        session, account = found
        return SignedIn(
            principal=build_principal(account),
            kind="cookie" if session.kind == "cookie" else "bearer",
            token_hash=token_hash,
            needs_touch=now - session.last_used_at > TOUCH_EVERY,
        )

    def touch_session(self, token_hash: str) -> None:
        """Record a session's use."""
        self._rows.touch_session(token_hash, self._rows.read_time())

    def close_session(self, token_hash: str) -> None:
        """End one sign-in, as its owner wishes; nothing happens when it has ended."""
        ended = self._rows.revoke_session(token_hash, self._rows.read_time())
        if ended is not None:
            self._rows.record_session_end(*ended)

    def change_password(self, proof: Proof, password_hash: str) -> None:
        """Replace one's own password and end every sign-in.

        Raises:
            BadCredentialsError: when the account was disabled or its password replaced meanwhile.
        """
        self._require_proof(proof)
        user_id = proof.principal.user_id
        self.set_password(user_id, password_hash, actor=f"account:{user_id}")

    def set_password(self, user_id: str, password_hash: str, *, actor: str) -> None:
        """Replace the password and end every sign-in.

        Raises:
            NotFoundError: when there is no such account.
        """
        account = self._rows.lock(user_id)
        if account is None:
            raise NotFoundError("There is no such account.")
        account.password_hash = password_hash
        self._rows.revoke_sessions(user_id, self._rows.read_time(), except_hash=None)
        self._rows.record_account_act("account.password", user_id, actor)

    def _require_proof(self, proof: Proof) -> None:
        # The password was compared outside of any transaction, and may have been replaced since.
        account = self._rows.lock(proof.principal.user_id)
        if account is None or not account.is_active or account.password_hash != proof.password_hash:
            raise BadCredentialsError("The name or the password is wrong.")


def build_principal(account: Account) -> Principal:
    """The account as the rest of the service knows it."""
    role: Role = "admin" if account.role == "admin" else "user"
    return Principal(user_id=account.id, name=account.name, role=role)
