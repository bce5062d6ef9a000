import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcriber.infra.errors import InvalidError
from transcriber.infra.places import MAX_PLACE_LENGTH, decode_place, encode_place


def test_a_place_comes_back_as_it_was_given() -> None:
    cursor = encode_place("-name", "日本語.m4a", 7, 1.5)
    assert decode_place(cursor, str, str, int, float) == ("-name", "日本語.m4a", 7, 1.5)


def test_the_longest_name_still_has_a_cursor() -> None:
    assert len(encode_place("-created_at", "\U0001f389" * 255, "f" * 32)) < MAX_PLACE_LENGTH


def _encode(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "!!!",
        "é",
        encode_place(7, "a")[:-1],
        encode_place(7, "a") + "=",
        encode_place(7),
        encode_place("7", "a"),
        encode_place(None, "a"),
        encode_place(7.0, "a"),
        encode_place(7, "a\x00b"),
        _encode('[7, "a"]'),
        _encode('{"7":1,"a":2}'),
        _encode('[7,"\\ud800"]'),
        _encode("7"),
        _encode("[" * 100_000),
    ],
)
def test_a_tampered_place_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidError) as caught:
        decode_place(cursor, int, str)
    assert (caught.value.status, caught.value.code) == (422, "bad_cursor")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e400"])
def test_a_number_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(InvalidError):
        decode_place(_encode(f"[{value}]"), float)


@given(st.text(max_size=60))
def test_no_text_makes_it_fail_otherwise(cursor: str) -> None:
    try:
        decoded = decode_place(cursor, str)
    except InvalidError:
        return
    assert encode_place(*decoded) == cursor
