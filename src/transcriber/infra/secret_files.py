"""Secrets from files, as Docker and Kubernetes hand them over: `DATABASE_URL_FILE` and its like."""

from pathlib import Path
from typing import Any

from pydantic import model_validator
from pydantic_settings import BaseSettings

SECRETS = (
    "database_url",
    "broker_url",
    "s3_access_key_id",
    "s3_secret_access_key",
    "metrics_token",
    "audit_seal_key",
)
MAX_SECRET_BYTES = 64 * 1024


class SecretFileSettings(BaseSettings):
    """Files whose content is the value of the setting without `_FILE`."""

    database_url_file: Path | None = None
    broker_url_file: Path | None = None
    s3_access_key_id_file: Path | None = None
    s3_secret_access_key_file: Path | None = None
    metrics_token_file: Path | None = None
    audit_seal_key_file: Path | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_files(cls, values: dict[str, Any]) -> dict[str, Any]:
        given = {name: values.get(f"{name}_file") for name in SECRETS}
        return values | {
            name: _read_secret(name, file, is_set=values.get(name) is not None)
            for name, file in given.items()
            if file is not None
        }


def _read_secret(name: str, file: str | Path, *, is_set: bool) -> str:
    variable = f"{name}_file".upper()
    if is_set:
        raise ValueError(f"{name.upper()} and {variable} are both set; set one of them")
    try:
        # Bounded, for the path may lead to something without an end.
        with Path(file).open("rb") as opened:
            content = opened.read(MAX_SECRET_BYTES + 1)
        secret = content.decode().strip()
    except OSError as error:
        raise ValueError(f"{variable} names a file that cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"{variable} names a file that is no text in UTF-8") from None
    if not secret or len(content) > MAX_SECRET_BYTES:
        raise ValueError(f"{variable} names a file that is empty, or longer than any secret")
    return secret
