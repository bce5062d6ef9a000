import pytest

from transcriber.infra.errors import BadRequestError, NotFoundError
from transcriber.uploads.layout import (
    ChunkPlace,
    choose_chunk_bytes,
    count_chunks,
    list_missing,
    locate_chunk,
    read_chunk_number,
)
from transcriber.uploads.models import Upload

MEBIBYTE = 1024**2
TEBIBYTE = 1024**4


class FakeStore:
    def __init__(self, min_part_bytes: int) -> None:
        self.min_part_bytes = min_part_bytes
        self.max_parts = 10_000


def build_upload(size: int, chunk: int) -> Upload:
    return Upload(id="u", size_bytes=size, chunk_bytes=chunk)


@pytest.mark.parametrize(
    ("least", "wanted", "size", "chosen"),
    [
        (1, 8 * MEBIBYTE, 1, 8 * MEBIBYTE),
        (1, 1_024, 10_000 * 1_024, 1_024),
        (1, 1_024, 10_000 * 1_024 + 1, 2_048),
        (5 * MEBIBYTE, 1_024, 1, 5 * MEBIBYTE),
        (5 * MEBIBYTE, 8 * MEBIBYTE, 5 * TEBIBYTE, 1_024 * MEBIBYTE),
    ],
)
def test_chunks_are_as_long_as_the_storage_needs(
    least: int, wanted: int, size: int, chosen: int
) -> None:
    store = FakeStore(least)
    assert choose_chunk_bytes(store, wanted, size) == chosen
    assert count_chunks(size, chosen) <= store.max_parts


def test_the_last_chunk_is_what_is_left() -> None:
    upload = build_upload(10, 4)
    assert [locate_chunk(upload, number) for number in range(3)] == [
        ChunkPlace(0, 0, 4),
        ChunkPlace(1, 4, 4),
        ChunkPlace(2, 8, 2),
    ]
    with pytest.raises(NotFoundError):
        locate_chunk(upload, 3)
    assert locate_chunk(build_upload(8, 4), 1) == ChunkPlace(1, 4, 4)


@pytest.mark.parametrize("text", ["-1", "1.0", "", "x", "0x1", "\u0661", "1e3", " 1"])
def test_a_chunk_number_is_digits(text: str) -> None:
    with pytest.raises(BadRequestError):
        read_chunk_number(text)


def test_a_huge_chunk_number_names_no_chunk() -> None:
    assert read_chunk_number("007") == 7
    with pytest.raises(NotFoundError):
        read_chunk_number("9" * 5_000)


@pytest.mark.parametrize(
    ("present", "count", "missing"),
    [
        ([], 3, [(0, 2)]),
        ([0, 1, 2], 3, []),
        ([1], 3, [(0, 0), (2, 2)]),
        ([0, 4], 6, [(1, 3), (5, 5)]),
    ],
)
def test_missing_chunks_are_ranges(
    present: list[int], count: int, missing: list[tuple[int, int]]
) -> None:
    assert list_missing(present, count) == missing
