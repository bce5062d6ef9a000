"""The accounts of the matrix: an owner, somebody else, and an administrator."""

from dataclasses import dataclass
from functools import cache

from live_api import add_account
from transcriber.accounts.models import Account, Role
from transcriber.infra.context import Context
from transcriber.infra.security import hash_password

PASSWORD = "seven-quiet-otters"


@dataclass(frozen=True)
class Person:
    user_id: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


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


@cache
def _hash() -> str:
    return hash_password(PASSWORD)
