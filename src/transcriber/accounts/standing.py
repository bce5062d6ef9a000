"""Whether what opened a stream is still good, whatever kind of proof it was."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from transcriber.accounts.keys import repository as keys
from transcriber.accounts.legacy import repository as legacy
from transcriber.accounts.models import Role
from transcriber.accounts.repository import AccountRepository


def list_roles(session: Session, proofs: Collection[str]) -> dict[str, Role]:
    """By those proofs that are still good, what their account is."""
    rows = AccountRepository(session)
    now = rows.read_time()
    return {
        **rows.list_roles(proofs, now),
        **keys.list_roles(session, proofs, now),
        **legacy.list_roles(session, proofs),
    }
