"""Writing one object to an object store so that it is either wholly there or not there at all."""

import hashlib
from base64 import b64encode
from io import BytesIO
from typing import TYPE_CHECKING

import structlog

from transcriber.infra.errors import StorageFullError, UnavailableError
from transcriber.infra.storage.protocol import StoredObject
from transcriber.infra.storage.s3_errors import (
    S3_ERRORS,
    read_error_code,
    read_member,
    translate_s3_error,
)

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client
    from types_boto3_s3.type_defs import CompletedPartTypeDef

PART_BYTES = 8 * 1024**2
"""What an upload holds in memory; the store takes no less than 5 MiB."""
MAX_PARTS = 10_000
MAX_OBJECT_BYTES = PART_BYTES * MAX_PARTS

_log = structlog.stdlib.get_logger(__name__)


class S3Writer:
    """Parts of 8 MiB that become the object when they are completed; a small one is sent whole.

    Each part carries its MD5, which the store checks.  The bytes are hashed on their way, so
    nobody has to read them again.

    Args:
        client: The connection.
        bucket: Where the object goes.
        name: Its full name in the bucket.
        key: Its key.
    """

    def __init__(self, client: "S3Client", bucket: str, name: str, key: str) -> None:
        self._client = client
        self._bucket = bucket
        self._name = name
        self._key = key
        self._sha256 = hashlib.sha256()
        self._size = 0
        self._buffer: BytesIO | None = BytesIO()
        self._upload_id: str | None = None
        self._parts: list[CompletedPartTypeDef] = []

    @property
    def size_bytes(self) -> int:
        """Bytes written so far."""
        return self._size

    def write(self, data: bytes) -> None:
        """Append `data`; full parts leave at once."""
        buffer = self._open_buffer()
        if self._size + len(data) > MAX_OBJECT_BYTES:
            self.abort()
            raise StorageFullError(f"An object can have at most {MAX_OBJECT_BYTES} bytes.")
        view = memoryview(data)
        try:
            while view:
                room = PART_BYTES - buffer.tell()
                buffer.write(view[:room])
                view = view[room:]
                if buffer.tell() == PART_BYTES:
                    self._send_part(buffer)
        except S3_ERRORS as error:
            self.abort()
            raise translate_s3_error(error, "store the bytes") from error
        except UnavailableError:
            self.abort()
            raise
        self._sha256.update(data)
        self._size += len(data)

    def commit(self) -> StoredObject:
        """Make the object visible, which the store answers once it is durable."""
        buffer = self._open_buffer()
        try:
            if self._upload_id is None:
                self._send_whole(buffer)
            else:
                self._complete(buffer, self._upload_id)
            self._check_size()
        except S3_ERRORS as error:
            self.abort()
            raise translate_s3_error(error, "finish a stored object") from error
        except UnavailableError:
            self.abort()
            raise
        self._buffer = self._upload_id = None
        return StoredObject(self._key, self._size, self._sha256.hexdigest())

    def abort(self) -> None:
        """Forget what was sent; what the store does not forget now, the collection finds."""
        upload_id, self._upload_id = self._upload_id, None
        self._buffer = None
        if upload_id is None:
            return
        try:
            self._client.abort_multipart_upload(
                Bucket=self._bucket, Key=self._name, UploadId=upload_id
            )
        except S3_ERRORS as error:
            _log.warning("upload_left_behind", key=self._key, code=read_error_code(error))

    def _send_part(self, buffer: BytesIO) -> None:
        if self._upload_id is None:
            begun = self._client.create_multipart_upload(Bucket=self._bucket, Key=self._name)
            self._upload_id = str(read_member(begun, "UploadId"))
        number = len(self._parts) + 1
        sent = self._client.upload_part(
            Bucket=self._bucket,
            Key=self._name,
            UploadId=self._upload_id,
            PartNumber=number,
            ContentMD5=_compute_md5(buffer),
            Body=_rewind(buffer),
        )
        self._parts.append({"PartNumber": number, "ETag": read_member(sent, "ETag")})
        buffer.seek(0)
        buffer.truncate()

    def _send_whole(self, buffer: BytesIO) -> None:
        self._client.put_object(
            Bucket=self._bucket,
            Key=self._name,
            ContentMD5=_compute_md5(buffer),
            Body=_rewind(buffer),
        )

    def _complete(self, buffer: BytesIO, upload_id: str) -> None:
        if buffer.tell():
            self._send_part(buffer)
        try:
            self._client.complete_multipart_upload(
                Bucket=self._bucket,
                Key=self._name,
                UploadId=upload_id,
                MultipartUpload={"Parts": self._parts},
            )
        except S3_ERRORS:
            # The answer may be lost although the object was made.  Its name is random, so an
            # object of this name and size is this one.
            if not self._is_there():
                raise

    def _is_there(self) -> bool:
        try:
            return self._find_size() == self._size
        except (*S3_ERRORS, UnavailableError):
            return False

    def _check_size(self) -> None:
        # What the store holds is believed over what was sent to it.
        found = self._find_size()
        if found != self._size:
            raise UnavailableError(
                f"The storage kept {found} of {self._size} bytes; nothing was saved.",
                code="storage_unavailable",
            )

    def _find_size(self) -> int:
        found = self._client.head_object(Bucket=self._bucket, Key=self._name)
        return int(read_member(found, "ContentLength"))

    def _open_buffer(self) -> BytesIO:
        if self._buffer is None:
            raise RuntimeError("The object was already committed or aborted.")
        return self._buffer


def _compute_md5(buffer: BytesIO) -> str:
    # A check against damage on the way, not against an adversary; every compatible server has it.
    return b64encode(hashlib.md5(buffer.getbuffer(), usedforsecurity=False).digest()).decode()


def _rewind(buffer: BytesIO) -> BytesIO:
    # Sent as a file, it leaves in small pieces, and the time limit holds for each of them.
    buffer.seek(0)
    return buffer
