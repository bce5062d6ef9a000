"""One chunk's request: the body goes to the storage in batches, and never blocks the event loop."""

from starlette.requests import Request

from transcriber.infra.body_stream import BodyReader, Pace
from transcriber.infra.context import Context
from transcriber.infra.disk_threads import DiskThreads
from transcriber.infra.errors import BadRequestError, ServiceError
from transcriber.uploads.chunks import (
    ChunkReception,
    build_incomplete_refusal,
    build_length_refusal,
    open_chunk,
)
from transcriber.uploads.digests import read_content_digest
from transcriber.uploads.models import UploadChunk


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
        reception = await threads.run(open_chunk, context, user_id, upload_id, number, digests)
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
