"""Reading an object as a stream that goes on where a connection broke."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from transcriber.infra.errors import UnavailableError
from transcriber.infra.storage.s3_errors import (
    read_status,
    translate_s3_error,
    translate_s3_errors,
)

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client

CHUNK_BYTES = 1024**2
MAX_BREAKS = 3
"""How often in a row a connection may break without a byte."""
RANGE_NOT_SATISFIABLE = 416
ACTION = "read a stored object"


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
            return self.client.head_object(Bucket=self.bucket, Key=self.name)["ContentLength"]

    def stream(self, start: int, end: int) -> Generator[bytes]:
        """The bytes from `start` to before `end`, or to the object's own end.

        Raises:
            ObjectMissingError: when there is no such object.
            UnavailableError: when the store fails again and again.
        """
        breaks = 0
        while start < end:
            position = start
            try:
                for chunk in self._request(start, end):
                    start += len(chunk)
                    yield chunk
            except BotoCoreError as error:
                # The client repeats a request, but not an answer that broke off.
                breaks = 1 if start > position else breaks + 1
                if breaks >= MAX_BREAKS:
                    raise UnavailableError(
                        "Could not read a stored object: the connection breaks again and again.",
                        code="storage_unavailable",
                        headers={"Retry-After": "10"},
                    ) from error
            else:
                return

    def _request(self, start: int, end: int) -> Generator[bytes]:
        try:
            answer = self.client.get_object(
                Bucket=self.bucket, Key=self.name, Range=f"bytes={start}-{end - 1}"
            )
        except ClientError as error:
            if read_status(error) == RANGE_NOT_SATISFIABLE:
                return
            raise translate_s3_error(error, ACTION) from error
        except BotoCoreError as error:
            raise translate_s3_error(error, ACTION) from error
        if not answer.get("ContentRange", "").startswith(f"bytes {start}-"):
            raise UnavailableError(
                "Could not read a stored object: the storage sent another range.",
                code="storage_unavailable",
            )
        body = answer["Body"]
        try:
            yield from body.iter_chunks(CHUNK_BYTES)
        finally:
            body.close()
