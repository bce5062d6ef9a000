"""Sending stored bytes: whole or in ranges, a bounded piece at a time.

Between two pieces nothing is held: no file, no connection, no thread.  However slow a player is,
and whenever it leaves, there is nothing to free but the piece on its way.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from transcriber.infra.errors import UnavailableError
from transcriber.infra.identifiers import create_id
from transcriber.infra.storage import Storage
from transcriber.recordings.conditions import is_known, is_range_wanted
from transcriber.recordings.media_types import UNKNOWN_TYPE, choose_extension, choose_media_type
from transcriber.recordings.models import Recording
from transcriber.recordings.names import build_disposition
from transcriber.recordings.ranges import ByteRange, read_ranges

PIECE_BYTES = 512 * 1024
CACHING = "private, no-cache"
"""A browser may keep what it played, but asks each time whether it still may show it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaRequest:
    """What of a request decides which bytes are sent.

    Attributes:
        range_header: `Range`; HEAD requests have none.
        if_range: Ranges are only wanted of this version.
        if_none_match: Versions that the client has.
        is_download: Whether a file to be saved is asked for.
        has_body: False for HEAD.
    """

    range_header: str | None = None
    if_range: str | None = None
    if_none_match: str | None = None
    is_download: bool = False
    has_body: bool = True


def answer_media(storage: Storage, recording: Recording, asked: MediaRequest) -> Response:
    """The answer with the bytes of a recording that has them; blocks on the storage.

    Raises:
        RangeError: for a range outside the recording.
        UnavailableError: when the object is missing or is not what was stored.
    """
    media_type = choose_media_type(recording.container, has_video=recording.has_video)
    etag = f'"{recording.sha256}"'
    headers = {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": CACHING,
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": _describe_file(recording, media_type, asked),
    }
    if is_known(asked.if_none_match, etag):
        return Response(status_code=304, headers=headers)
    size = _check_object(storage, recording)
    if not asked.has_body:
        headers |= {"Content-Length": str(size), "Content-Type": media_type}
        return Response(headers=headers)
    ranges = read_ranges(asked.range_header, size) if is_range_wanted(asked.if_range, etag) else []
    return _stream(_Source(storage, recording.storage_key, size), ranges, media_type, headers)


def _describe_file(recording: Recording, media_type: str, asked: MediaRequest) -> str:
    is_shown = media_type != UNKNOWN_TYPE and not asked.is_download
    return build_disposition(
        recording.name,
        choose_extension(recording.container, recording.name),
        kind="inline" if is_shown else "attachment",
    )


def _check_object(storage: Storage, recording: Recording) -> int:
    size = storage.size(recording.storage_key)
    if size != recording.size_bytes:
        raise UnavailableError(
            f"The storage has {size} of {recording.size_bytes} bytes of this recording.",
            code="object_damaged",
        )
    return size


@dataclass(frozen=True, slots=True)
class _Source:
    storage: Storage
    key: str
    size: int

    async def read(self, wanted: ByteRange) -> AsyncIterator[bytes]:
        start = wanted.start
        while start < wanted.end:
            count = min(PIECE_BYTES, wanted.end - start)
            piece = await run_in_threadpool(self.storage.read_range, self.key, start, count)
            if not piece:
                raise UnavailableError("The object became shorter while it was sent.")
            start += len(piece)
            yield piece


def _stream(
    source: _Source, ranges: Sequence[ByteRange], media_type: str, headers: Mapping[str, str]
) -> Response:
    if len(ranges) > 1:
        return _stream_parts(source, ranges, media_type, headers)
    chosen = ranges[0] if ranges else ByteRange(0, source.size)
    sent = {**headers, "Content-Length": str(chosen.length), "Content-Type": media_type}
    if ranges:
        sent["Content-Range"] = chosen.describe(source.size)
    return StreamingResponse(source.read(chosen), status_code=206 if ranges else 200, headers=sent)


def _stream_parts(
    source: _Source, ranges: Sequence[ByteRange], media_type: str, headers: Mapping[str, str]
) -> Response:
    """RFC 9110, section 14.6: multipart/byteranges."""
    boundary = create_id()
    heads = [
        f"--{boundary}\r\nContent-Type: {media_type}\r\n"
        f"Content-Range: {each.describe(source.size)}\r\n\r\n".encode()
        for each in ranges
    ]
    tail = f"--{boundary}--\r\n".encode()
    length = sum(len(head) + each.length + 2 for head, each in zip(heads, ranges, strict=True))

    async def send() -> AsyncIterator[bytes]:
        for head, each in zip(heads, ranges, strict=True):
            yield head
            async for piece in source.read(each):
                yield piece
            yield b"\r\n"
        yield tail

    sent = {
        **headers,
        "Content-Length": str(length + len(tail)),
        "Content-Type": f"multipart/byteranges; boundary={boundary}",
    }
    return StreamingResponse(send(), status_code=206, headers=sent)
