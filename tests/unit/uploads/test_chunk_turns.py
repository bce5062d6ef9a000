"""Who sends a chunk again waits a little for the request that was cut off."""

from typing import cast

import anyio
import pytest

from transcriber.infra.disk_threads import DiskThreads
from transcriber.infra.storage.parts import PartBusyError
from transcriber.uploads.chunks import ChunkReception
from transcriber.uploads.receiving import BUSY_PATIENCE_SECONDS, await_turn


class Chunk:
    """Busy for so many looks, and then free."""

    def __init__(self, busy: float) -> None:
        self.reception = cast("ChunkReception", object())
        self.looks = 0
        self._busy = busy

    def begin(self) -> ChunkReception:
        self.looks += 1
        if self.looks <= self._busy:
            raise PartBusyError("Somebody is writing.")
        return self.reception


def wait_for(chunk: Chunk) -> ChunkReception:
    async def run() -> ChunkReception:
        return await await_turn(DiskThreads(), chunk.begin)

    return anyio.run(run)


@pytest.mark.parametrize("busy", [0, 3])
def test_a_chunk_that_becomes_free_is_begun(busy: int) -> None:
    chunk = Chunk(busy)
    assert wait_for(chunk) is chunk.reception
    assert chunk.looks == busy + 1


def test_one_that_stays_busy_is_refused_in_the_end() -> None:
    chunk = Chunk(float("inf"))
    with pytest.raises(PartBusyError):
        wait_for(chunk)
    assert 2 <= chunk.looks <= BUSY_PATIENCE_SECONDS * 20
