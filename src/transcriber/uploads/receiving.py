"""One chunk's request: the body goes to the storage in batches, and never blocks the event loop."""

from collections.abc import Callable
from functools import partial

import anyio
from starlette.requests import Request

from transcriber.infra.body_stream import BodyReader, Pace
from transcriber.infra.context import Context
from transcriber.infra.disk_threads import DiskThreads
from transcriber.infra.errors import BadRequestError, ServiceError
from transcriber.infra.storage.parts import PartBusyError
from transcriber.uploads.chunks import (
    ChunkReception,
    build_incomplete_refusal,
    build_length_refusal,
    open_chunk,
)
from transcriber.uploads.digests import read_content_digest
from transcriber.uploads.models import UploadChunk

BUSY_PATIENCE_SECONDS = 2.0
"""Whoever lost the connection sends again at once, and the request before is noticed to be cut off
and put away within this; refused right away, the chunk would have to be sent a third time."""
BUSY_PAUSE_SECONDS = 0.1


async def receive_chunk(
    request: Request,
    context: Context,
    threads: DiskThreads,
    *,
    user_id: str,
    upload_id: str,
    number: int,
) -> UploadChunk:
    """Take the request's body as chunk `number`; a refusal leaves the upload as it was.

    Raises:
        ServiceError: as `open_chunk` and `ChunkReception` do.
        RequestTimeoutError: the body came too slowly.
    """
    body = BodyReader(request, Pace.of(context.settings))
    try:
        digests = read_content_digest(request.headers.get("content-digest"))
        begin = partial(open_chunk, context, user_id, upload_id, number, digests)
        reception = await await_turn(threads, begin)
        try:
            _check_length(request, reception)
            async for batch in body.read_batches():
                await threads.run(reception.feed, batch)
            return await threads.run(reception.finish)
        finally:
            reception.close()
    except ServiceError:
        await body.linger()
        raise


async def await_turn(threads: DiskThreads, begin: Callable[[], ChunkReception]) -> ChunkReception:
    """Begin as soon as nobody else writes the chunk.

    Raises:
        PartBusyError: somebody still does after `BUSY_PATIENCE_SECONDS`.
        ServiceError: as `begin` does.
    """
    until = anyio.current_time() + BUSY_PATIENCE_SECONDS
    while True:
        try:
            return await threads.run(begin)
        except PartBusyError:
            if anyio.current_time() > until:
                raise
        # No thread waits: they are few, and a slow sender may hold a chunk for long.
        await anyio.sleep(BUSY_PAUSE_SECONDS)


def _check_length(request: Request, reception: ChunkReception) -> None:
    """Refuse at once what could only be refused at the end."""
    length = request.headers.get("content-length")
    if length is None:
        return
    if not length.isdecimal():
        raise BadRequestError("Content-Length is not a number.")
    announced = int(length[:20])
    if announced > reception.place.size_bytes:
        raise build_length_refusal(reception.place)
    if announced < reception.place.size_bytes:
        raise build_incomplete_refusal(reception.place, announced)
