"""Places in lists of audit entries."""

from transcriber.infra.audit import AuditEntry
from transcriber.infra.errors import InvalidError
from transcriber.infra.paging import decode_cursor, encode_cursor

# Fits every database's integers.
MAX_ID_DIGITS = 9


def write_cursor(entry: AuditEntry) -> str:
    """The cursor behind an entry."""
    return encode_cursor(entry.created_at, str(entry.id))


def read_entry_id(cursor: str | None) -> int | None:
    """The id of the entry before the next page.

    Raises:
        InvalidError: when the cursor is not one of ours.
    """
    place = decode_cursor(cursor)
    if place is None:
        return None
    if not place[1].isdecimal() or len(place[1]) > MAX_ID_DIGITS:
        raise InvalidError("The cursor is not one this list gave out.", code="bad_cursor")
    return int(place[1])
