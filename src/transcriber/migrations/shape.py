"""What a database has, asked of itself: revisions run over databases of more than one past."""

from alembic import op
from sqlalchemy import Connection, inspect

OWNER = "user_id"


def has_table(table: str) -> bool:
    """Whether the database of the running revision has this table."""
    return inspect(op.get_bind()).has_table(table)


def has_column(table: str, column: str) -> bool:
    """Whether a table of the database of the running revision has this column."""
    return any(each["name"] == column for each in inspect(op.get_bind()).get_columns(table))


def lacks_owner(connection: Connection, table: str) -> bool:
    """Whether rows of a table may still be nobody's: no owner's column, or one not yet required."""
    columns = {each["name"]: each for each in inspect(connection).get_columns(table)}
    return OWNER not in columns or bool(columns[OWNER]["nullable"])
