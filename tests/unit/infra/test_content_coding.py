import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcriber.infra.content_coding import choose_coding


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        (None, None),
        ("", None),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0.5, gzip", "gzip"),
        ("br ; q=0.5 , gzip ; q=0.5", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.000, gzip;q=0", None),
        ("*", "br"),
        ("*;q=0.1", "br"),
        ("*, br;q=0", "gzip"),
        ("*;q=0", None),
        ("*;q=0, gzip", "gzip"),
        ("identity", None),
        ("identity, br;q=0.5", None),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("identity;q=0", None),
        ("deflate", None),
        ("br;q=2, gzip", "gzip"),
        ("br;q=best, gzip;q=0.1", "gzip"),
        ("br;q=nan, gzip;q=0.1", "gzip"),
        (",;,br;level=11", "br"),
    ],
)
def test_the_client_chooses(accepted: str | None, chosen: str | None) -> None:
    assert choose_coding(accepted, ("br", "gzip")) == chosen


def test_only_what_is_stored_is_chosen() -> None:
    assert choose_coding("br, gzip", ("gzip",)) == "gzip"
    assert choose_coding("br, gzip", ()) is None


@given(st.text())
def test_any_header_has_an_answer(accepted: str) -> None:
    assert choose_coding(accepted, ("br", "gzip")) in {None, "br", "gzip"}
