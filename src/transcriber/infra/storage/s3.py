"""Objects in a bucket of any S3-compatible store."""

import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING

from transcriber.infra.errors import StorageFullError, UnavailableError
from transcriber.infra.storage.errors import ObjectMissingError, translate_os_error
from transcriber.infra.storage.protocol import LOW_WATER_FRACTION, ObjectAge, check_key, is_key
from transcriber.infra.storage.s3_errors import read_member, translate_s3_errors
from transcriber.infra.storage.s3_parts import S3Parts
from transcriber.infra.storage.s3_reading import S3Object
from transcriber.infra.storage.s3_unfinished import abort_upload, find_unfinished, is_unfinished
from transcriber.infra.storage.s3_writer import MAX_OBJECT_BYTES, S3Writer
from transcriber.infra.storage.scratch import open_scratch

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client


class S3Storage:
    """Objects named `<prefix><kind>/<id>` in one bucket.

    Args:
        client: The connection; its threads may be many.
        bucket: Where the objects are; it must exist.
        prefix: What the names begin with; nothing else in the bucket is ever touched.
        scratch_dir: Where objects are put while a program needs them as files.
        low_water_bytes: What must stay free there.
    """

    def __init__(
        self,
        client: "S3Client",
        *,
        bucket: str,
        prefix: str,
        scratch_dir: Path,
        low_water_bytes: int,
    ) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix
        self._scratch_dir = scratch_dir
        self._low_water_bytes = low_water_bytes
        self.parts = S3Parts(
            client,
            bucket=bucket,
            prefix=prefix,
            scratch_dir=scratch_dir,
            check_scratch=self._check_scratch,
        )

    def create(self, key: str, *, may_use_reserve: bool = False) -> S3Writer:  # noqa: ARG002 -- a bucket keeps nothing back
        """Begin an object; the store hears of it with the first full part."""
        return S3Writer(self._client, self._bucket, self._name(key), key)

    def check_space(self, needed_bytes: int) -> None:
        """Refuse what no object can hold, and everything while the bucket does not answer.

        A bucket has no free space to compare with.
        """
        if needed_bytes > MAX_OBJECT_BYTES:
            raise StorageFullError(f"An object can have at most {MAX_OBJECT_BYTES} bytes.")
        self.read_time()

    def read_time(self) -> datetime:
        """Now by the store's clock, as its answers are dated."""
        try:
            with translate_s3_errors("reach the storage"):
                answer = self._client.head_bucket(Bucket=self._bucket)
        except ObjectMissingError as error:
            raise UnavailableError(
                f"The storage has no bucket {self._bucket!r}; its operator must put that right.",
                code="storage_denied",
                headers={"Retry-After": "10"},
            ) from error
        headers = answer["ResponseMetadata"]["HTTPHeaders"]
        return parsedate_to_datetime(read_member(headers, "date"))

    def read_range(self, key: str, offset: int, length: int) -> bytes:
        """Read one range; it is held in memory."""
        stored = self._find(key)
        if length <= 0:
            stored.find_size()
        return b"".join(stored.stream(offset, offset + length))

    def size(self, key: str) -> int:
        """Size in bytes."""
        return self._find(key).find_size()

    def delete(self, key: str) -> None:
        """Remove the object, or what an unfinished upload has left."""
        with translate_s3_errors("delete a stored object"):
            if is_unfinished(key):
                abort_upload(self._client, self._bucket, self._prefix, key)
            else:
                self._client.delete_object(Bucket=self._bucket, Key=self._name(key))

    @contextmanager
    def local_file(self, key: str) -> Generator[Path]:
        """A copy on the scratch disk, complete and removed afterwards."""
        stored = self._find(key)
        size = stored.find_size()
        with ExitStack() as stack:
            try:
                scratch = open_scratch(self._scratch_dir, key.split("/")[1])
                descriptor, path = stack.enter_context(scratch)
                self._check_scratch(size)
                _download(stored, size, descriptor)
            except OSError as error:
                raise translate_os_error(error, "copy a stored object to this disk") from error
            yield path

    def find_objects(self) -> Iterator[ObjectAge]:
        """List the objects page by page, then the uploads that nobody completed.

        Whatever else lies under the prefix is not ours and is left out.
        """
        pages = self._client.get_paginator("list_objects_v2")
        with translate_s3_errors("list the stored objects"):
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix):
                for found in page.get("Contents", []):
                    key = found.get("Key", "").removeprefix(self._prefix)
                    if is_key(key) and "LastModified" in found:
                        yield ObjectAge(key, found["LastModified"])
            yield from find_unfinished(self._client, self._bucket, self._prefix)

    def close(self) -> None:
        """Close the pooled connections."""
        self._client.close()

    def _find(self, key: str) -> S3Object:
        return S3Object(self._client, self._bucket, self._name(key))

    def _name(self, key: str) -> str:
        return self._prefix + check_key(key)

    def _check_scratch(self, size: int) -> None:
        usage = shutil.disk_usage(self._scratch_dir)
        floor = min(self._low_water_bytes, int(usage.total * LOW_WATER_FRACTION))
        if usage.free - size < floor:
            raise StorageFullError(
                f"The scratch disk has {usage.free} bytes free and must keep {floor}; a copy of "
                f"the recording needs {size}."
            )


def _download(stored: S3Object, size: int, descriptor: int) -> None:
    written = 0
    for chunk in stored.stream(0, size):
        view = memoryview(chunk)
        while view:
            count = os.write(descriptor, view)
            view = view[count:]
            written += count
    if written != size:
        raise UnavailableError(
            f"The storage sent {written} of {size} bytes.", code="storage_unavailable"
        )
