"""The connection to an object store: bounded in time, and silent about its credentials."""

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from transcriber.infra.errors import StartupError
from transcriber.infra.settings import Settings

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client

CONNECTIONS = 64
"""More than the threads that a process serves requests with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a store is waited for.

    Attributes:
        connect_seconds: For a connection.
        silence_seconds: While it sends and takes nothing, before the attempt counts as failed.
        attempts: Of each request.
    """

    connect_seconds: float = 5.0
    silence_seconds: float = 20.0
    attempts: int = 3


def build_client(settings: Settings, patience: Patience | None = None) -> "S3Client":
    """A client that any number of threads may share; it connects on first use.

    Without keys in the settings, boto3's own chain finds them: environment, profile, instance role.

    Raises:
        StartupError: when the settings cannot be used together.
    """
    # At DEBUG these write down signed requests.
    for name in ("boto3", "botocore", "urllib3"):
        logging.getLogger(name).setLevel(logging.INFO)
    secret = settings.s3_secret_access_key
    try:
        session = boto3.Session(
            aws_access_key_id=settings.s3_access_key_id,
            aws_secret_access_key=secret.get_secret_value() if secret else None,
            region_name=settings.s3_region,
        )
        return session.client(  # pyright: ignore[reportUnknownMemberType] -- stubs are installed for S3 alone
            "s3",
            endpoint_url=settings.s3_endpoint_url,
            config=_configure(settings, patience or Patience()),
        )
    except (BotoCoreError, ValueError) as error:
        raise StartupError(f"The S3 settings cannot be used: {error}") from error


def _configure(settings: Settings, patience: Patience) -> Config:
    return Config(
        signature_version="s3v4",
        s3={"addressing_style": "path" if settings.uses_s3_path_style else "virtual"},
        connect_timeout=patience.connect_seconds,
        read_timeout=patience.silence_seconds,
        retries={"mode": "standard", "total_max_attempts": patience.attempts},
        max_pool_connections=CONNECTIONS,
        # Many compatible servers refuse the newer checksum headers; parts carry their MD5 instead.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
