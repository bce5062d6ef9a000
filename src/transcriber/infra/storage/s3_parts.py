"""Parts of growing objects in a bucket: a multipart upload that lasts for days."""

from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from transcriber.infra.errors import ServiceError, UnavailableError
from transcriber.infra.identifiers import create_id
from transcriber.infra.storage.errors import translate_os_error
from transcriber.infra.storage.parts import Assembly, Check, Part, PartBusyError, PartsLostError
from transcriber.infra.storage.protocol import check_key
from transcriber.infra.storage.s3_errors import (
    S3_ERRORS,
    read_error_code,
    read_member,
    translate_s3_error,
    translate_s3_errors,
)
from transcriber.infra.storage.s3_part import S3Part
from transcriber.infra.storage.s3_reading import S3Object
from transcriber.infra.storage.scratch import open_scratch

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client
    from types_boto3_s3.type_defs import CompletedPartTypeDef

MIN_PART_BYTES = 5 * 1024**2
"""What the protocol asks of every part but the last."""
MAX_PARTS = 10_000
BEGUN = "begun"
"""Kind of the objects that hold the beginnings of parts."""
_GONE = "NoSuchUpload"
_NOT_AS_CONFIRMED = {"InvalidPart", "InvalidPartOrder"}


@dataclass(frozen=True, slots=True)
class S3Place:
    """Where one part belongs: its number in a multipart upload."""

    client: "S3Client"
    bucket: str
    prefix: str
    assembly: Assembly
    number: int

    def send(self, path: Path, md5: str) -> str:
        """As a part; the receipt is its tag."""
        try:
            with path.open("rb") as body:
                sent = self.client.upload_part(
                    Bucket=self.bucket,
                    Key=self.prefix + check_key(self.assembly.key),
                    UploadId=self.assembly.handle,
                    PartNumber=self.number + 1,
                    ContentMD5=md5,
                    Body=body,
                )
        except S3_ERRORS as error:
            if read_error_code(error) == _GONE:
                raise PartsLostError("The storage no longer knows this upload.") from error
            raise translate_s3_error(error, "store the bytes") from error
        return str(read_member(sent, "ETag"))

    def keep(self, path: Path, md5: str) -> str:
        """As an object; the receipt is its key, which nobody else ever writes."""
        key = f"{BEGUN}/{create_id()}"
        with translate_s3_errors("store the bytes"), path.open("rb") as body:
            self.client.put_object(
                Bucket=self.bucket, Key=self.prefix + key, ContentMD5=md5, Body=body
            )
        return key

    def load(self, receipt: str, size_bytes: int) -> Generator[bytes]:
        """Read that object."""
        stored = S3Object(self.client, self.bucket, self.prefix + check_key(receipt))
        yield from stored.stream(0, size_bytes)


class S3Parts:
    """Multipart uploads by the names of the objects they become.

    A part waits on the scratch disk, unsynced and nameless to others, until it is whole, because
    the store wants its length and checksum first; memory stays flat however long parts are.

    Args:
        client: The connection.
        bucket: Where the objects go.
        prefix: What their names begin with.
        scratch_dir: Where a part waits.
        check_scratch: Refuses what would fill that disk.
    """

    min_part_bytes = MIN_PART_BYTES
    max_parts = MAX_PARTS
    keeps_parts = False

    def __init__(
        self,
        client: "S3Client",
        *,
        bucket: str,
        prefix: str,
        scratch_dir: Path,
        check_scratch: Callable[[int], None],
    ) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix
        self._scratch_dir = scratch_dir
        self._check_scratch = check_scratch
        self._lock = Lock()
        self._busy: set[tuple[str, int]] = set()

    def begin(self, key: str) -> str:
        """Begin a multipart upload; the handle is the store's id of it."""
        with translate_s3_errors("begin an upload"):
            begun = self._client.create_multipart_upload(
                Bucket=self._bucket, Key=self._prefix + check_key(key)
            )
        return str(read_member(begun, "UploadId"))

    def open(self, assembly: Assembly, number: int, start: int, size_bytes: int) -> S3Part:  # noqa: ARG002 -- the store keeps parts by number
        """Begin a part; other processes are kept from it only when it is completed."""
        with ExitStack() as stack:
            stack.enter_context(self._occupy(assembly.handle, number))
            try:
                self._scratch_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._check_scratch(size_bytes)
                scratch = open_scratch(self._scratch_dir, assembly.key.split("/")[1])
                descriptor, path = stack.enter_context(scratch)
            except OSError as error:
                raise translate_os_error(error, "begin a chunk") from error
            place = S3Place(self._client, self._bucket, self._prefix, assembly, number)
            part = S3Part(descriptor, path, place)
            part.closing.push(stack.pop_all())
        return part

    def assemble(self, assembly: Assembly, parts: Sequence[Part], check: Check) -> None:
        """Complete the multipart upload; the store compares each part with its receipt."""
        check()
        listed: list[CompletedPartTypeDef] = [
            {"PartNumber": part.number + 1, "ETag": part.receipt} for part in parts
        ]
        try:
            self._client.complete_multipart_upload(
                Bucket=self._bucket,
                Key=self._name(assembly),
                UploadId=assembly.handle,
                MultipartUpload={"Parts": listed},
            )
        except S3_ERRORS as error:
            # The answer may be lost although the object was made, now or before a crash.
            if self._is_there(assembly):
                return
            code = read_error_code(error)
            if code == _GONE:
                raise PartsLostError("The storage no longer knows this upload.") from error
            if code in _NOT_AS_CONFIRMED:
                raise PartsLostError(
                    "The storage holds other parts than it confirmed.",
                    self._find_lost(assembly, parts),
                ) from error
            raise translate_s3_error(error, "assemble the chunks") from error

    def stream(self, assembly: Assembly) -> Generator[bytes]:
        """Read the object; it touches no disk here."""
        return self._find(assembly).stream(0, assembly.size_bytes)

    def publish(self, assembly: Assembly) -> None:
        """Nothing but a look: the object is durable and visible since it was assembled."""
        found = self._find(assembly).find_size()
        if found != assembly.size_bytes:
            raise PartsLostError(f"The object has {found} bytes, not {assembly.size_bytes}.")

    def forget(self, receipt: str) -> None:
        """Delete the object of its own that `keep` made."""
        with translate_s3_errors("remove the received bytes"):
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + check_key(receipt))

    def discard(self, assembly: Assembly) -> None:
        """Abort the multipart upload, if it still is one."""
        try:
            self._client.abort_multipart_upload(
                Bucket=self._bucket, Key=self._name(assembly), UploadId=assembly.handle
            )
        except S3_ERRORS as error:
            if read_error_code(error) != _GONE:
                raise translate_s3_error(error, "remove the chunks") from error

    def _find_lost(self, assembly: Assembly, parts: Sequence[Part]) -> list[int]:
        kept: dict[int, str] = {}
        with translate_s3_errors("list the chunks"):
            for page in self._client.get_paginator("list_parts").paginate(
                Bucket=self._bucket, Key=self._name(assembly), UploadId=assembly.handle
            ):
                for part in page.get("Parts", []):
                    kept[part.get("PartNumber", 0) - 1] = part.get("ETag", "")
        lost = [part.number for part in parts if kept.get(part.number) != part.receipt]
        if not lost:
            raise UnavailableError(
                "The storage refuses parts that it lists; try again.", code="storage_unavailable"
            )
        return lost

    def _is_there(self, assembly: Assembly) -> bool:
        try:
            return self._find(assembly).find_size() == assembly.size_bytes
        except ServiceError:
            return False

    def _find(self, assembly: Assembly) -> S3Object:
        return S3Object(self._client, self._bucket, self._name(assembly))

    def _name(self, assembly: Assembly) -> str:
        return self._prefix + check_key(assembly.key)

    @contextmanager
    def _occupy(self, handle: str, number: int) -> Generator[None]:
        place = (handle, number)
        with self._lock:
            if place in self._busy:
                raise PartBusyError(
                    f"Another request is writing chunk {number}; ask for the upload's state.",
                    headers={"Retry-After": "1"},
                )
            self._busy.add(place)
        try:
            yield
        finally:
            with self._lock:
                self._busy.discard(place)
