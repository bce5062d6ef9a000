"""JSON as RFC 8259 means it; Python's parser takes more, and hands trouble to what comes after."""

import json
import math
from collections.abc import Iterable
from functools import partial
from typing import Any, Never

from transcriber.infra.errors import BadRequestError, InvalidError, ServiceError
from transcriber.infra.problems import FieldProblem

MAX_DEPTH = 64
# Bounds the digits before a number is built from them; the range is checked on the value.
MAX_INTEGER_CHARACTERS = 40
MAX_INTEGER = 2**63 - 1
WIDE_INTEGER = 2**127 - 1
"""For the few routes where a size that no column holds has an answer of its own."""


class UnacceptableValueError(InvalidError):
    """A value of the document cannot be held; `fields` says which."""

    def __init__(self, message: str, pointer: str = "#") -> None:
        super().__init__(message)
        self.fields = [FieldProblem(location="body", pointer=pointer, message=message)]


def check_json(body: bytes, *, max_integer: int = MAX_INTEGER) -> None:
    """Refuse a document that is not plain, finite, UTF-8 JSON of bounded depth.

    Args:
        body: The document.
        max_integer: The largest integer it may hold, and its negative the smallest.

    Raises:
        BadRequestError: not UTF-8, not JSON, duplicate keys, or nested more than 64 deep.
        UnacceptableValueError: NaN, Infinity, a number out of range, a lone surrogate or a NUL.
    """
    try:
        document = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_build_object,
            parse_constant=_refuse_constant,
            parse_float=_parse_float,
            parse_int=partial(_parse_integer, max_integer=max_integer),
        )
    except RecursionError:
        raise _too_deep() from None
    except UnicodeDecodeError:
        raise BadRequestError("The body is not UTF-8.", code="malformed_json") from None
    except json.JSONDecodeError as error:
        raise BadRequestError(
            f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.",
            code="malformed_json",
        ) from None
    _check_values(document)


def _check_values(document: Any) -> None:
    # Iterative: the depth is the attacker's choice.
    waiting: list[tuple[Any, int]] = [(document, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise _too_deep()
        if isinstance(value, str):
            _check_text(value)
        elif isinstance(value, dict):
            for key, item in _items(value):
                _check_text(key)
                waiting.append((item, depth + 1))
        elif isinstance(value, list):
            waiting.extend((item, depth + 1) for item in _elements(value))


def _items(value: Any) -> Iterable[tuple[str, Any]]:
    return value.items()


def _elements(value: Any) -> Iterable[Any]:
    return value


def _check_text(text: str) -> None:
    if "\0" in text:
        raise UnacceptableValueError("A text holds a NUL character.")
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise UnacceptableValueError("A text holds half of a surrogate pair.")


def _build_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    built = dict(pairs)
    if len(built) != len(pairs):
        raise BadRequestError("An object of the body has the same key twice.", code="duplicate_key")
    return built


def _refuse_constant(name: str) -> Never:
    raise UnacceptableValueError(f"{name} is not a number that can be held.")


def _parse_float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise UnacceptableValueError("A number is too large.")
    return value


def _parse_integer(text: str, max_integer: int) -> int:
    if (
        len(text) > MAX_INTEGER_CHARACTERS
        or not -max_integer <= (value := int(text)) <= max_integer
    ):
        raise UnacceptableValueError("An integer is out of range.")
    return value


def _too_deep() -> ServiceError:
    return BadRequestError(f"The body is nested more than {MAX_DEPTH} deep.", code="too_deep")
