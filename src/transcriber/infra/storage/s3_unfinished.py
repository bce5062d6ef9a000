"""Uploads in parts that were begun and neither completed nor aborted."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from transcriber.infra.storage.protocol import ObjectAge, is_key
from transcriber.infra.storage.s3_errors import read_error_code

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client
    from types_boto3_s3.type_defs import MultipartUploadTypeDef

MARK = "unfinished"
_GONE = "NoSuchUpload"


def find_unfinished(client: "S3Client", bucket: str, prefix: str) -> Iterator[ObjectAge]:
    """Uploads under the prefix, by keys of the form `unfinished/<kind>/<id>/<upload id>`.

    An upload is as old as its newest part: a long one that still goes on is young.
    """
    for page in client.get_paginator("list_multipart_uploads").paginate(
        Bucket=bucket, Prefix=prefix
    ):
        for upload in page.get("Uploads", []):
            key = upload.get("Key", "").removeprefix(prefix)
            if not is_key(key) or "UploadId" not in upload:
                continue
            modified = _find_last_write(client, bucket, upload)
            if modified is not None:
                yield ObjectAge(f"{MARK}/{key}/{upload['UploadId']}", modified)


def is_unfinished(key: str) -> bool:
    """Whether the key names an unfinished upload."""
    return key.startswith(f"{MARK}/")


def abort_upload(client: "S3Client", bucket: str, prefix: str, key: str) -> None:
    """Abort an upload by its key; nothing happens when it is over already.

    Raises:
        ValueError: when the key is none of `find_unfinished`.
    """
    _, kind, identifier, upload_id = [*key.split("/", 3), "", "", ""][:4]
    if not is_key(f"{kind}/{identifier}") or not upload_id:
        raise ValueError(f"{key!r} is not a storage key of an unfinished upload.")
    try:
        client.abort_multipart_upload(
            Bucket=bucket, Key=f"{prefix}{kind}/{identifier}", UploadId=upload_id
        )
    except ClientError as error:
        if read_error_code(error) != _GONE:
            raise


def _find_last_write(
    client: "S3Client", bucket: str, upload: "MultipartUploadTypeDef"
) -> datetime | None:
    times = [upload["Initiated"]] if "Initiated" in upload else []
    try:
        for page in client.get_paginator("list_parts").paginate(
            Bucket=bucket, Key=upload.get("Key", ""), UploadId=upload.get("UploadId", "")
        ):
            parts = page.get("Parts", [])
            times += [part["LastModified"] for part in parts if "LastModified" in part]
    except ClientError as error:
        if read_error_code(error) != _GONE:
            raise
        # It was completed or aborted while we listed.
        return None
    return max(times, default=None)
