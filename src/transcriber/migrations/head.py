"""The shape of the database that this version expects, told without the library that makes it."""

from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

HEAD = "0027"
"""The newest revision."""


def is_at_head(session: Session) -> bool:
    """Whether the database has exactly the revision this version of the code expects."""
    if not inspect(session.connection()).has_table("alembic_version"):
        return False
    return session.scalars(text("SELECT version_num FROM alembic_version")).all() == [HEAD]
