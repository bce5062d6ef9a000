"""The SQL of preferences."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from transcriber.accounts.models import Account
from transcriber.accounts.preferences.models import AccountPreferences
from transcriber.infra.clock import read_database_time


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall be kept, part by part as `AccountPreferences` has it."""

    theme: str | None
    language: str | None
    job_model: str | None
    job_language: str | None
    job_task: str
    job_word_timestamps: bool


def find_preferences(session: Session, user_id: str) -> AccountPreferences | None:
    """What the account chose; None while it chose nothing."""
    return session.get(AccountPreferences, user_id)


def replace_preferences(session: Session, user_id: str, wish: Wish) -> AccountPreferences:
    """Keep this instead of what was chosen before."""
    # The account's lock keeps two first rows from being inserted at once.
    session.get_one(Account, user_id, with_for_update=True)
    now = read_database_time(session)
    row = session.get(AccountPreferences, user_id, populate_existing=True)
    if row is None:
        row = AccountPreferences(user_id=user_id)
        session.add(row)
    row.theme, row.language = wish.theme, wish.language
    row.job_model, row.job_language = wish.job_model, wish.job_language
    row.job_task, row.job_word_timestamps = wish.job_task, wish.job_word_timestamps
    row.updated_at = now
    session.flush()
    return row
