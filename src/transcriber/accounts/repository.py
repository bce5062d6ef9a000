"""All SQL of accounts and sessions."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from transcriber.accounts.models import Account, AccountSession, Role
from transcriber.infra.audit import record_act
from transcriber.infra.clock import read_database_time
from transcriber.infra.ownership import for_everybody

# Revoked and expired rows are kept this long for the operator, then forgotten.
KEEP_ENDED_SESSIONS_FOR = timedelta(days=30)


class AccountRepository:
    """Rows of accounts and of their sessions.

    Args:
        session: The open transaction or snapshot.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def read_time(self) -> datetime:
        """Now, by the database's clock."""
        return read_database_time(self._session)

    def count(self) -> int:
        """How many accounts there are."""
        return self._session.scalar(select(func.count()).select_from(Account)) or 0

    def find(self, user_id: str) -> Account | None:
        """The account with this id."""
        return self._session.get(Account, user_id)

    def find_locked(self, user_id: str) -> Account:
        """The account with this id, which exists, under its row lock."""
        return self._session.get_one(Account, user_id, with_for_update=True, populate_existing=True)

    def lock(self, user_id: str) -> Account | None:
        """As `find_locked`, for an id that may not exist."""
        return self._session.get(Account, user_id, with_for_update=True, populate_existing=True)

    def has_signed_in(self, user_id: str) -> bool:
        """Whether the account has signed in; ended sign-ins are remembered for weeks."""
        query = select(AccountSession.token_hash).where(AccountSession.user_id == user_id)
        return self._session.scalar(query.limit(1)) is not None

    def record_creation(self, account: Account, actor: str) -> None:
        """Write the new account into the audit trail."""
        self.record_account_act("account.create", account.id, actor, account.role)

    def record_account_act(
        self, action: str, user_id: str, actor: str, detail: str | None = None
    ) -> None:
        """Write what was done to an account into the audit trail."""
        record_act(
            self._session,
            actor=actor,
            action=action,
            object_id=user_id,
            user_id=user_id,
            detail=detail,
        )

    def record_session_end(self, session_id: str, user_id: str) -> None:
        """Write the end of one sign-in, which its owner wished, into the audit trail."""
        record_act(
            self._session,
            actor=f"account:{user_id}",
            action="session.end",
            object_id=session_id,
            user_id=user_id,
        )

    def find_by_name(self, name_key: str) -> Account | None:
        """The account with this folded name."""
        return self._session.scalar(select(Account).where(Account.name_key == name_key))

    def add(self, row: Account | AccountSession) -> None:
        """Insert a row, so that a violated constraint shows now.

        Raises:
            sqlalchemy.exc.IntegrityError: when the name or token exists.
        """
        self._session.add(row)
        self._session.flush()

    def find_signed_in(
        self, token_hash: str, now: datetime
    ) -> tuple[AccountSession, Account] | None:
        """The good session with this token and its active account."""
        row = self._session.execute(
            select(AccountSession, Account)
            .join(Account, Account.id == AccountSession.user_id)
            .where(
                AccountSession.token_hash == token_hash,
                AccountSession.revoked_at.is_(None),
                AccountSession.expires_at > now,
                Account.is_active,
            )
        ).one_or_none()
        return None if row is None else (row[0], row[1])

    def list_roles(self, token_hashes: Collection[str], now: datetime) -> dict[str, Role]:
        """By the hashes of those sessions that are good, the role of their account."""
        rows = self._session.execute(
            select(AccountSession.token_hash, Account.role)
            .join(Account, Account.id == AccountSession.user_id)
            .where(
                AccountSession.token_hash.in_(token_hashes),
                AccountSession.revoked_at.is_(None),
                AccountSession.expires_at > now,
                Account.is_active,
            )
        )
        return {token_hash: "admin" if role == "admin" else "user" for token_hash, role in rows}

    def touch_session(self, token_hash: str, now: datetime) -> None:
        """Record that the session was used, and its account."""
        is_it = AccountSession.token_hash == token_hash
        owner = select(AccountSession.user_id).where(is_it).scalar_subquery()
        # The account first, as whoever ends its sessions locks them.
        self._session.execute(update(Account).where(Account.id == owner).values(last_used_at=now))
        self._session.execute(update(AccountSession).where(is_it).values(last_used_at=now))

    def revoke_session(self, token_hash: str, now: datetime) -> tuple[str, str] | None:
        """End one session; gives its id and its account's, or None where it had ended."""
        ended = self._session.execute(
            update(AccountSession)
            .where(AccountSession.token_hash == token_hash, AccountSession.revoked_at.is_(None))
            .values(revoked_at=now)
            .returning(AccountSession.id, AccountSession.user_id)
        ).one_or_none()
        return None if ended is None else (ended[0], ended[1])

    def revoke_sessions(self, user_id: str, now: datetime, *, except_hash: str | None) -> None:
        """End all sessions of an account but the one given."""
        statement = update(AccountSession).where(
            AccountSession.user_id == user_id, AccountSession.revoked_at.is_(None)
        )
        if except_hash is not None:
            statement = statement.where(AccountSession.token_hash != except_hash)
        self._session.execute(statement.values(revoked_at=now))

    @for_everybody
    def forget_ended_sessions(self, now: datetime) -> None:
        """Delete sessions that ended long ago."""
        ended = now - KEEP_ENDED_SESSIONS_FOR
        self._session.execute(
            delete(AccountSession).where(
                (AccountSession.expires_at < ended) | (AccountSession.revoked_at < ended)
            )
        )
