import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcriber.infra.errors import InvalidError
from transcriber.infra.paging import decode_cursor, encode_cursor

MOMENT = datetime(2026, 11, 23, 1, 2, 3, 4567, tzinfo=UTC)
ROW = "0123456789abcdef0123456789abcdef"


def test_a_cursor_comes_back_as_it_was_given() -> None:
    assert decode_cursor(encode_cursor(MOMENT, ROW)) == (MOMENT, ROW)
    assert decode_cursor(None) is None


def _encode(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "!!!",
        "AAAA",
        encode_cursor(MOMENT, ROW)[:-1],
        encode_cursor(MOMENT, ROW) + "=",
        encode_cursor(MOMENT, "'; DROP TABLE jobs; --"),
        encode_cursor(MOMENT, "a\x00b"),
        encode_cursor(MOMENT.replace(tzinfo=None), ROW),
        _encode('["2026-11-23T01:02:03+00:00", 5]'),
        _encode('{"a": 1, "b": 2}'),
        _encode('["2026-11-23T01:02:03+00:00"]'),
        _encode('["9999-12-31T23:59:59-14:00", "f"]'),
        _encode("[" * 100_000),
        "é",
    ],
)
def test_a_tampered_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidError) as caught:
        decode_cursor(cursor)
    assert (caught.value.status, caught.value.code) == (422, "bad_cursor")


@given(st.text(max_size=60))
def test_no_text_makes_it_fail_otherwise(cursor: str) -> None:
    try:
        decoded = decode_cursor(cursor)
    except InvalidError:
        return
    assert decoded is not None
    assert encode_cursor(*decoded) == cursor
