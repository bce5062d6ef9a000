"""The accounts of the matrix: an owner, somebody else, and an administrator."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from light_passwords import hash_lightly
from live_api import add_account
from transcriber.accounts.keys.models import ApiKey
from transcriber.accounts.keys.secret import create_secret
from transcriber.accounts.models import Account, Role
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.identifiers import create_id
from transcriber.infra.security import hash_token

PASSWORD = "seven-quiet-otters"


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in, and has the keys that were asked for by their scopes."""

    user_id: str
    token: str
    _keys: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def show_key(self, context: Context, *scopes: str) -> dict[str, str]:
        """The headers of a program that has a key with these scopes."""
        written = " ".join(scopes)
        if written not in self._keys:
            self._keys[written] = add_key(context, self.user_id, written)
        return {"Authorization": f"Bearer {self._keys[written]}"}


@dataclass(frozen=True)
class Cast:
    """`owner` and `other` are users; `admin` is an administrator who asks as anybody does."""

    owner: Person
    other: Person
    admin: Person


def add_person(context: Context, role: Role = "user") -> Person:
    """A signed-in account whose password is `PASSWORD`."""
    user_id, token = add_account(context, role)
    with context.database.unit_of_work() as uow:
        uow.session.get_one(Account, user_id).password_hash = _hash()
    return Person(user_id, token)


def add_cast(context: Context) -> Cast:
    return Cast(add_person(context), add_person(context), add_person(context, "admin"))


def add_key(context: Context, user_id: str, scopes: str) -> str:
    """A key's secret, whatever the scopes; it was used just now, so that asking changes nothing."""
    key_id = create_id()
    secret = create_secret(key_id)
    with context.database.unit_of_work() as uow:
        now = read_database_time(uow.session)
        uow.session.add(
            ApiKey(
                id=key_id,
                user_id=user_id,
                name=scopes,
                secret_hash=hash_token(secret),
                scopes=scopes,
                created_at=now,
                last_used_at=now,
                expires_at=now + timedelta(days=1),
            )
        )
    return secret


@cache
def _hash() -> str:
    return hash_lightly(PASSWORD)
