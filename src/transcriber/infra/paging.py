"""Lists by page: a bounded limit and an opaque cursor that is checked, not trusted."""

import base64
import binascii
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import Field

from transcriber.infra.errors import InvalidError
from transcriber.infra.schemas import ResponseModel

MAX_LIMIT = 200
MAX_CURSOR_LENGTH = 200
_ROW_ID = re.compile(r"[0-9A-Za-z]{1,64}")

Item = TypeVar("Item")

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Rows on the page.")]
CursorText = Annotated[
    str | None,
    Query(max_length=MAX_CURSOR_LENGTH, description="`next_cursor` of the page before."),
]


class Page(ResponseModel, Generic[Item]):
    """One page of a list, newest first."""

    items: list[Item]
    next_cursor: str | None = Field(description="Ask with it for the next page; null on the last.")


def encode_cursor(created_at: datetime, row_id: str) -> str:
    """The cursor after the row with this time (UTC) and id."""
    document = json.dumps([created_at.isoformat(), row_id])
    return base64.urlsafe_b64encode(document.encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None) -> tuple[datetime, str] | None:
    """The time and id behind a cursor: a place in the caller's own list, which opens no other.

    Raises:
        InvalidError: when it is not one of ours.
    """
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        document = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        text, row_id = map(str, document)
        created_at = datetime.fromisoformat(text)
        # One spelling only: what we would have written ourselves, and in UTC, because the time of
        # another zone may lie outside of the calendar there.
        is_ours = created_at.utcoffset() == timedelta() and (
            encode_cursor(created_at, row_id) == cursor
        )
    except (binascii.Error, ValueError, TypeError, RecursionError):
        is_ours, created_at, row_id = False, datetime.now(UTC), ""
    if not is_ours or not _ROW_ID.fullmatch(row_id):
        raise InvalidError("The cursor is not one this list gave out.", code="bad_cursor")
    return created_at, row_id
