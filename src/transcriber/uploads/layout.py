"""How an upload is cut into chunks."""

from collections.abc import Iterable
from dataclasses import dataclass

from transcriber.infra.errors import BadRequestError, NotFoundError
from transcriber.infra.storage import Part, PartStore
from transcriber.uploads.models import Upload, UploadChunk

MAX_SHOWN_RANGES = 1_000


@dataclass(frozen=True, slots=True)
class ChunkPlace:
    """A chunk by its number, with its first byte's place and its exact length."""

    number: int
    start: int
    size_bytes: int


def choose_chunk_bytes(store: PartStore, wanted: int, size_bytes: int) -> int:
    """The wanted length, or more where the store wants longer or fewer parts."""
    chunk_bytes = max(wanted, store.min_part_bytes)
    while count_chunks(size_bytes, chunk_bytes) > store.max_parts:
        chunk_bytes *= 2
    return chunk_bytes


def count_chunks(size_bytes: int, chunk_bytes: int) -> int:
    """How many chunks the whole has."""
    return -(-size_bytes // chunk_bytes)


def locate_chunk(upload: Upload, number: int) -> ChunkPlace:
    """Where chunk `number` lies.

    Raises:
        NotFoundError: `chunk_not_found`.
    """
    count = count_chunks(upload.size_bytes, upload.chunk_bytes)
    if number >= count:
        raise NotFoundError(
            f"The upload has {count} chunks, numbered from 0.",
            code="chunk_not_found",
            extra={"chunk_count": count},
        )
    start = number * upload.chunk_bytes
    return ChunkPlace(number, start, min(upload.chunk_bytes, upload.size_bytes - start))


def read_chunk_number(text: str) -> int:
    """A chunk's number as it stands in an address.

    Raises:
        BadRequestError: `bad_chunk_number`, for anything but decimal digits.
        NotFoundError: `chunk_not_found`, for more of them than any upload has chunks.
    """
    if not text.isascii() or not text.isdecimal():
        raise BadRequestError(
            "A chunk's number is written in digits and begins at 0.", code="bad_chunk_number"
        )
    if len(text) > 9:  # noqa: PLR2004 -- far above MAX_PARTS, and within the column
        raise NotFoundError("The upload has no such chunk.", code="chunk_not_found")
    return int(text)


def list_missing(present: Iterable[int], count: int) -> list[tuple[int, int]]:
    """Ranges (first, last) of numbers below `count` that are not in `present`, which rises."""
    missing: list[tuple[int, int]] = []
    expected = 0
    for number in present:
        if number > expected:
            missing.append((expected, number - 1))
        expected = number + 1
    if expected < count:
        missing.append((expected, count - 1))
    return missing


def describe_part(chunk: UploadChunk) -> Part:
    """The chunk as the storage knows it."""
    return Part(
        number=chunk.number,
        start=chunk.start,
        size_bytes=chunk.size_bytes,
        file=chunk.file,
        receipt=chunk.receipt,
    )
