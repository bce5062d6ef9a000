"""Whether the storage gives back what it took, chunk by chunk."""

import hashlib
from collections.abc import Generator, Iterator, Sequence

from transcriber.infra.storage.parts import PartsLostError
from transcriber.uploads.models import UploadChunk


def compare_chunks(
    blocks: Iterator[bytes], chunks: Sequence[UploadChunk], damaged: list[int]
) -> Generator[bytes]:
    """The bytes as they come, cut at the chunks' borders.

    Args:
        blocks: All bytes of the chunks, in their order.
        chunks: What was committed.
        damaged: Takes the number of every chunk whose bytes are others.

    Raises:
        PartsLostError: the bytes end too early.
    """
    rest = b""
    for chunk in chunks:
        state, left = hashlib.sha256(), chunk.size_bytes
        while left:
            block = rest or next(blocks, b"")
            if not block:
                raise PartsLostError("The stored bytes end too early.")
            piece, rest = block[:left], block[left:]
            state.update(piece)
            left -= len(piece)
            yield piece
        if state.hexdigest() != chunk.sha256:
            damaged.append(chunk.number)
