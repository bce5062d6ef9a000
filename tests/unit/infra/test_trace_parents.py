import pytest
from starlette.datastructures import Headers

from transcriber.infra.trace_parents import read_trace_parent

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def read(*given: str) -> str | None:
    return read_trace_parent(Headers(raw=[(b"traceparent", each.encode()) for each in given]))


@pytest.mark.parametrize(
    ("given", "flags"),
    [
        (f"00-{TRACE}-{SPAN}-01", "01"),
        (f"00-{TRACE}-{SPAN}-00", "00"),
        (f" \t00-{TRACE}-{SPAN}-01 ", "01"),
        # Flags that do not exist yet are not passed on as if we knew them.
        (f"00-{TRACE}-{SPAN}-ff", "01"),
        (f"00-{TRACE}-{SPAN}-02", "00"),
        # Nor what a version to come adds.
        (f"01-{TRACE}-{SPAN}-01", "01"),
        (f"cc-{TRACE}-{SPAN}-01-what-the-future-brings", "01"),
    ],
)
def test_a_place_in_a_trace_is_read(given: str, flags: str) -> None:
    assert read(given) == f"00-{TRACE}-{SPAN}-{flags}"


@pytest.mark.parametrize(
    "given",
    [
        "",
        "00",
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE}-{SPAN}-1",
        f"00-{TRACE}-{SPAN}-011",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"ff-{TRACE}-{SPAN}-01",
        f"cc-{TRACE}-{SPAN}-01.what-the-future-does-not-bring",
        f"cc-{TRACE}-{SPAN}-01-{'x' * 300}",
        f"00-{TRACE}-{SPAN}-01, 00-{TRACE}-{SPAN}-01",
        f"00-{'1' * 31}\u0661-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01\r\nevent: no",
    ],
)
def test_anything_else_is_none(given: str) -> None:
    assert read(given) is None


def test_who_sends_none_or_several_has_none() -> None:
    assert read() is None
    assert read(f"00-{TRACE}-{SPAN}-01", f"00-{TRACE}-{SPAN}-01") is None
