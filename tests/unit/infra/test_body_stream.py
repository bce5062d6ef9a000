import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from transcriber.infra.body_stream import BATCH_BYTES, BodyReader, Pace
from transcriber.infra.errors import RequestTimeoutError

PACE = Pace(seconds=0.2, size_bytes=10)


class SlowRequest:
    """Sends each piece after its pause."""

    def __init__(self, pieces: Sequence[tuple[float, bytes]]) -> None:
        self._pieces = pieces

    async def stream(self) -> AsyncIterator[bytes]:
        for pause, piece in self._pieces:
            await asyncio.sleep(pause)
            yield piece


def read(pieces: Sequence[tuple[float, bytes]], *, store_seconds: float = 0.0) -> list[bytes]:
    async def collect() -> list[bytes]:
        batches: list[bytes] = []
        async for batch in BodyReader(SlowRequest(pieces), PACE).read_batches():
            batches.append(batch)
            await asyncio.sleep(store_seconds)
        return batches

    return asyncio.run(collect())


def test_pieces_are_gathered_into_batches() -> None:
    pieces = [(0.0, bytes([number]) * (BATCH_BYTES // 4)) for number in range(10)]
    batches = read(pieces)
    assert [len(batch) for batch in batches] == [BATCH_BYTES, BATCH_BYTES, BATCH_BYTES // 2]
    assert b"".join(batches) == b"".join(piece for _, piece in pieces)


def test_an_empty_body_has_no_batch() -> None:
    assert read([]) == []
    assert read([(0.0, b"")]) == []


@pytest.mark.parametrize(
    "pieces",
    [
        [(30.0, b"never")],
        [(0.0, b"x" * 10), (30.0, b"never")],
        # A byte now and then is no progress.
        [(0.05, b"x")] * 100,
    ],
)
def test_a_body_that_does_not_come_is_refused(pieces: Sequence[tuple[float, bytes]]) -> None:
    with pytest.raises(RequestTimeoutError) as caught:
        read(pieces)
    assert (caught.value.status, caught.value.headers["Connection"]) == (408, "close")


def test_slow_storage_is_not_held_against_the_client() -> None:
    pieces = [(0.0, b"x" * BATCH_BYTES), (0.0, b"y" * BATCH_BYTES)]
    assert len(read(pieces, store_seconds=0.5)) == 2


def test_lingering_reads_what_is_left_and_no_more() -> None:
    async def linger() -> bool:
        reader = BodyReader(SlowRequest([(0.0, b"x"), (0.0, b"y"), (0.0, b"z")]), PACE)
        async for _ in reader.read_batches():
            pass
        await reader.linger()
        half = BodyReader(SlowRequest([(0.0, b"x"), (30.0, b"never")]), PACE)
        await half.linger()
        return True

    assert asyncio.run(linger())
