"""All SQL of the legacy header."""

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from transcriber.accounts.models import Account, Role
from transcriber.accounts.names import fold_name

PROOF_PREFIX = "user:"
"""What such a caller's proof begins with: there is nothing but the account to look at again."""


def find_account(session: Session, named: str) -> Account | None:
    """The active account with this id, or else with this name.

    The id comes first: nobody shall get another's requests by taking their id for a name.
    """
    query = select(Account).where(
        or_(Account.id == named, Account.name_key == fold_name(named)), Account.is_active
    )
    found = session.scalars(query).all()
    return min(found, key=lambda account: account.id != named, default=None)


def list_roles(session: Session, proofs: Collection[str]) -> dict[str, Role]:
    """By the proofs of those accounts that are active, their role."""
    user_ids = [
        proof.removeprefix(PROOF_PREFIX) for proof in proofs if proof.startswith(PROOF_PREFIX)
    ]
    if not user_ids:
        return {}
    rows = session.execute(
        select(Account.id, Account.role).where(Account.id.in_(user_ids), Account.is_active)
    )
    return {f"{PROOF_PREFIX}{each}": "admin" if role == "admin" else "user" for each, role in rows}
