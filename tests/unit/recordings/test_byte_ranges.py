"""Range headers: what they ask for, and what they may not cost."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcriber.recordings.errors import RangeError
from transcriber.recordings.ranges import MAX_RANGES, ByteRange, read_ranges

SIZE = 1_000


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-99", [(0, 100)]),
        ("bytes=0-0", [(0, 1)]),
        ("bytes=900-", [(900, 1_000)]),
        ("bytes=900-5000", [(900, 1_000)]),
        ("bytes=-100", [(900, 1_000)]),
        ("bytes=-5000", [(0, 1_000)]),
        ("BYTES = 1-2", [(1, 3)]),
        ("bytes=0-9, 20-29", [(0, 10), (20, 30)]),
        ("bytes=20-29,0-9", [(0, 10), (20, 30)]),
        ("bytes=0-9,5-19,20-29", [(0, 30)]),
        ("bytes=0-9,2000-", [(0, 10)]),
    ],
)
def test_ranges_are_placed_and_joined(header: str, expected: list[tuple[int, int]]) -> None:
    found = read_ranges(header, SIZE)
    assert [(each.start, each.end) for each in found] == expected


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bytes",
        "bytes=",
        "items=0-9",
        "bytes=a-b",
        "bytes=-",
        "bytes=9-0",
        "bytes=0-9,x",
        "bytes=0-9;20-29",
        "bytes=--5",
        "bytes=1e2-",
        "bytes=" + "9" * 50 + "-",
        "bytes=\u0661-",
    ],
)
def test_what_is_no_range_asks_for_the_whole(header: str | None) -> None:
    assert read_ranges(header, SIZE) == []


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=5000-6000", "bytes=-0", "bytes=-0,1000-"])
def test_a_range_behind_the_end_is_refused_with_the_size(header: str) -> None:
    with pytest.raises(RangeError) as caught:
        read_ranges(header, SIZE)
    assert (caught.value.status, caught.value.headers["Content-Range"]) == (416, "bytes */1000")


def test_sixteen_ranges_are_answered_and_seventeen_are_not() -> None:
    specs = [f"{start}-{start}" for start in range(0, 2 * (MAX_RANGES + 1), 2)]
    assert len(read_ranges("bytes=" + ",".join(specs[:MAX_RANGES]), SIZE)) == MAX_RANGES
    with pytest.raises(RangeError):
        read_ranges("bytes=" + ",".join(specs), SIZE)


@pytest.mark.parametrize(
    "header",
    [
        "bytes=" + ",".join(["0-0"] * 200),
        "bytes=" + "," * 60_000,
        "bytes=" + " " * 60_000 + "x",
        "bytes=" + "0" * 60_000 + "-",
        " " * 60_000,
    ],
)
def test_hostile_headers_cost_nothing(header: str) -> None:
    started = time.process_time()
    try:
        assert read_ranges(header, SIZE) == []
    except RangeError:
        assert header.count(",") >= MAX_RANGES
    assert time.process_time() - started < 0.05


def test_a_piece_describes_itself() -> None:
    assert ByteRange(5, 10).describe(SIZE) == "bytes 5-9/1000"
    assert ByteRange(5, 10).length == 5


@given(st.text(max_size=60), st.integers(1, 10**12))
def test_any_header_gives_ranges_within_the_object_or_a_refusal(text: str, size: int) -> None:
    try:
        found = read_ranges(f"bytes={text}", size)
    except RangeError:
        return
    ends = [(each.start, each.end) for each in found]
    assert all(0 <= start < end <= size for start, end in ends)
    # Sorted and apart from each other.
    assert all(before[1] < after[0] for before, after in pairwise(ends))
