"""The `Idempotency-Key` header: declared by every route that creates, checked in one place."""

from typing import Annotated

from fastapi import Depends, Header

from transcriber.infra.errors import InvalidError

MAX_KEY_LENGTH = 255


def check_key(key: str | None) -> str | None:
    """The idempotency key, when it is one.

    Raises:
        InvalidError: `bad_idempotency_key`.
    """
    if key is None:
        return None
    if not key or len(key) > MAX_KEY_LENGTH or not key.isascii() or not key.isprintable():
        raise InvalidError(
            f"Idempotency-Key must be 1 to {MAX_KEY_LENGTH} visible ASCII characters.",
            code="bad_idempotency_key",
        )
    return key


def read_key(
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="Same key, same request: same answer, and nothing is created twice.",
        ),
    ] = None,
) -> str | None:
    """The request's key.

    Raises:
        InvalidError: `bad_idempotency_key`.
    """
    return check_key(key)


GivenKey = Annotated[str | None, Depends(read_key)]
