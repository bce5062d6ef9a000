"""Reading an object as a stream that goes on where a connection broke."""

import re
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from transcriber.infra.errors import UnavailableError
from transcriber.infra.storage.s3_errors import (
    BROKEN_ANSWERS,
    S3_ERRORS,
    read_member,
    read_status,
    translate_s3_error,
    translate_s3_errors,
)

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from types_boto3_s3.client import S3Client

CHUNK_BYTES = 1024**2
MAX_BREAKS = 3
"""How often in a row a connection may break without a byte."""
RANGE_NOT_SATISFIABLE = 416
ACTION = "read a stored object"
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


@dataclass(frozen=True, slots=True)
class S3Object:
    """An object of the store by its full name."""

    client: "S3Client"
    bucket: str
    name: str

    def find_size(self) -> int:
        """Size in bytes.

        Raises:
            ObjectMissingError: when there is no such object.
            UnavailableError: when the store does not tell.
        """
        with translate_s3_errors("measure a stored object"):
            found = self.client.head_object(Bucket=self.bucket, Key=self.name)
        return int(read_member(found, "ContentLength"))

    def stream(self, start: int, end: int) -> Generator[bytes]:
        """The bytes from `start` to before `end`, or to the object's own end, and never fewer.

        Raises:
            ObjectMissingError: when there is no such object.
            UnavailableError: when the store fails again and again.
        """
        breaks, known = 0, None
        while start < end:
            position, reason = start, None
            try:
                size, chunks = self._request(start, end)
                if known not in {None, size}:
                    raise _refuse("the object changed while it was read")
                known, end = size, min(end, size)
                for chunk in chunks:
                    start += len(chunk)
                    yield chunk
            except BROKEN_ANSWERS as error:
                # The client repeats a request, but not an answer that broke off.
                reason = error
            # A well-formed answer may have fewer bytes than were asked for, too.
            breaks = 1 if start > position else breaks + 1
            if start < end and breaks >= MAX_BREAKS:
                raise _refuse("the connection breaks again and again") from reason

    def _request(self, start: int, end: int) -> tuple[int, Generator[bytes]]:
        """The object's size, and what comes of the range."""
        try:
            answer = self.client.get_object(
                Bucket=self.bucket, Key=self.name, Range=f"bytes={start}-{end - 1}"
            )
        except ClientError as error:
            if read_status(error) == RANGE_NOT_SATISFIABLE:
                return start, _stream_nothing()
            raise translate_s3_error(error, ACTION) from error
        except S3_ERRORS as error:
            raise translate_s3_error(error, ACTION) from error
        body = answer["Body"]
        found = _RANGE.fullmatch(answer.get("ContentRange", ""))
        if found is None or int(found[1]) != start:
            body.close()
            raise _refuse("the storage sent another range")
        return int(found[2]), _stream(body)


def _stream(body: "StreamingBody") -> Generator[bytes]:
    try:
        yield from body.iter_chunks(CHUNK_BYTES)
    finally:
        body.close()


def _stream_nothing() -> Generator[bytes]:
    yield from ()


def _refuse(reason: str) -> UnavailableError:
    return UnavailableError(
        f"Could not read a stored object: {reason}.",
        code="storage_unavailable",
        headers={"Retry-After": "10"},
    )
