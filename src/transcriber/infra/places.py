"""Cursors of lists in an order of the caller's choice: a place among values, checked, not trusted.

`paging.py` has those of lists that are always newest first.
"""

import base64
import binascii
import json
import math
from typing import Annotated, Any

from pydantic import Field

from transcriber.infra.errors import InvalidError

MAX_PLACE_LENGTH = 2_048
"""A name of 255 characters of four bytes each, and what goes with it."""

PlaceText = Annotated[
    str | None,
    Field(max_length=MAX_PLACE_LENGTH, description="`next_cursor` of the page before."),
]


def encode_place(*values: str | float) -> str:
    """The cursor behind the row that has these values."""
    document = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(document.encode()).decode().rstrip("=")


def decode_place(cursor: str, *kinds: type) -> tuple[Any, ...]:
    """The values behind a cursor, each of the kind that is asked for.

    Raises:
        InvalidError: when it is not one of ours.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        document: Any = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        values: tuple[Any, ...] = tuple(document)
        # One spelling only: what we would have written ourselves.
        is_ours = encode_place(*values) == cursor
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise refuse_place() from error
    if not is_ours or [type(value) for value in values] != list(kinds):
        raise refuse_place()
    if not all(_is_plain(value) for value in values):
        raise refuse_place()
    return values


def refuse_place() -> InvalidError:
    """What is said of a cursor that this list, in this order, did not give out."""
    return InvalidError("The cursor is not one this list gave out.", code="bad_cursor")


def _is_plain(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, str) or value.isprintable()
