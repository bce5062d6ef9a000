"""Every setting of the service, read from the environment and checked once at start."""

import hashlib
import os
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    Field,
    SecretStr,
    ValidationInfo,
    computed_field,
    field_validator,
    model_validator,
)
from pydantic_settings import NoDecode, SettingsConfigDict

from transcriber.infra.access_settings import AccessSettings, check_bearer, check_proxies
from transcriber.infra.alias_settings import AliasSettings
from transcriber.infra.export_settings import ExportSettings
from transcriber.infra.production import refuse_unfit
from transcriber.infra.secret_files import SecretFileSettings

GIBIBYTE = 1024**3
MAX_RETENTION_DAYS = 36_500
MIN_SEAL_KEY_LENGTH = 32
# `sun_path` of unix(7) has 108 bytes, the last of which is NUL.
MAX_SOCKET_PATH_BYTES = 107
DATABASE_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg", "sqlite")
BROKER_SCHEMES = ("redis", "rediss", "redis+socket", "amqp", "amqps")


class Settings(AliasSettings, AccessSettings, ExportSettings, SecretFileSettings):
    """The operator's choices; each field is the environment variable of the same name, upper case.

    With nothing set the service runs embedded: SQLite, local disk and a private broker that
    `transcriber serve` starts itself, all under `data_dir`.
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        # Compose files pass on what was never set as an empty text.
        env_ignore_empty=True,
        extra="ignore",
        # A refused value may be a password.
        hide_input_in_errors=True,
        secrets_dir=None,
    )

    environment: Literal["development", "production"] = "development"
    data_dir: Path = Path("./data")
    models_dir: Path = Path("./models")
    model_cache_dir: Path | None = None
    database_url: SecretStr | None = None
    broker_url: SecretStr | None = None

    storage: Literal["local", "s3"] = "local"
    storage_dir: Path | None = None
    scratch_dir: Path | None = None
    s3_bucket: str | None = Field(default=None, validate_default=True)
    s3_prefix: str = ""
    s3_endpoint_url: str | None = None
    s3_region: str = "us-east-1"
    s3_access_key_id: str | None = None
    s3_secret_access_key: SecretStr | None = None
    s3_addressing: Literal["path", "virtual"] = "path"

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str | None = None
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    cookie_secure: bool | None = None
    shutdown_delay_seconds: float = Field(default=0, ge=0, le=60)

    default_model: str = "base"
    device: Literal["auto", "cpu", "cuda"] = "auto"
    compute_type: str = "auto"
    threads: int = Field(
        default=0, ge=0, description="CPU threads of each worker; 0 is its share of the cores."
    )
    worker_processes: int | None = Field(
        default=None,
        ge=0,
        le=64,
        description="Without it one for each core and 800 MiB, at most eight.",
    )
    worker_nice: int = Field(default=10, ge=0, le=19)
    worker_max_memory_mb: int = Field(default=0, ge=0)
    model_idle_seconds: float = Field(default=300, ge=0)
    memory_limit_mb: int = Field(
        default=0, ge=0, description="For all workers of a machine together; 0 is what it has."
    )

    max_upload_bytes: int = Field(default=5 * GIBIBYTE, gt=0)
    upload_chunk_bytes: int = Field(default=8 * 1024**2, ge=1024, le=256 * 1024**2)
    upload_expiry_hours: float = Field(default=24, gt=0)
    upload_stall_seconds: float = Field(
        default=30, gt=0, description="In each of which a body must bring UPLOAD_STALL_BYTES."
    )
    upload_stall_bytes: int = Field(default=16 * 1024, ge=1)
    max_open_uploads_per_account: int = Field(default=50, ge=1)
    account_quota_bytes: int | None = Field(default=None, ge=0)
    max_duration_seconds: float = Field(default=18 * 3600, gt=0)
    max_json_bytes: int = Field(default=1024**2, gt=0)
    disk_low_water_bytes: int = Field(default=2 * GIBIBYTE, ge=0)

    lease_seconds: float = Field(default=30, gt=0)
    heartbeat_seconds: float = Field(default=10, gt=0)
    progress_deadline_seconds: float = Field(default=600, gt=0)
    reconcile_seconds: float = Field(default=10, gt=0)
    max_running_per_account: int = Field(default=4, ge=1)

    max_streams_per_account: int = Field(default=20, ge=1)
    max_streams: int = Field(default=500, ge=1, description="Event streams of one API process.")
    stream_heartbeat_seconds: float = Field(default=15, gt=0)
    stream_stall_seconds: float = Field(default=30, gt=0)

    webhook_allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()

    retain_audio_days: int | None = Field(default=None, ge=0, le=MAX_RETENTION_DAYS)
    retain_transcripts_days: int | None = Field(default=None, ge=1, le=MAX_RETENTION_DAYS)
    retain_audit_days: int | None = Field(default=None, ge=1, le=MAX_RETENTION_DAYS)
    audit_seal_key: SecretStr | None = Field(
        default=None, description="Keys of the audit trail's chain; the first seals, all verify."
    )

    ownership_backfill_user_id: str | None = Field(
        default=None, description="Who gets the jobs that an upgrade cannot tell the owner of."
    )
    session_hours: float = Field(default=24 * 14, gt=0)
    sign_up: Literal["closed", "invitation", "open"] = "invitation"
    first_admin_name: str = "admin"
    metrics_token: SecretStr | None = Field(
        default=None, description="Without it /metrics answers direct loopback connections alone."
    )
    otel_exporter_otlp_endpoint: str | None = Field(
        default=None,
        pattern=r"^https?://[^/]",
        description="Receiver of traces over OTLP; nothing is traced without one.",
    )
    log_format: Literal["auto", "json", "console"] = "auto"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("database_url")
    @classmethod
    def _check_database_url(cls, value: SecretStr | None) -> SecretStr | None:
        return _check_scheme(value, DATABASE_SCHEMES)

    @field_validator("broker_url")
    @classmethod
    def _check_broker_url(cls, value: SecretStr | None) -> SecretStr | None:
        return _check_scheme(value, BROKER_SCHEMES)

    @field_validator("audit_seal_key")
    @classmethod
    def _check_seal_key(cls, value: SecretStr | None) -> SecretStr | None:
        if any(len(key) < MIN_SEAL_KEY_LENGTH for key in _split_keys(value)):
            raise ValueError(f"must be keys of at least {MIN_SEAL_KEY_LENGTH} characters")
        return value

    @field_validator(
        "trusted_proxies", "webhook_allowed_hosts", "cors_allowed_origins", mode="before"
    )
    @classmethod
    def _split_at_commas(cls, value: object) -> object:
        return [part.strip() for part in value.split(",")] if isinstance(value, str) else value

    @field_validator("trusted_proxies")
    @classmethod
    def _check_proxies(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return check_proxies(value)

    @field_validator("metrics_token")
    @classmethod
    def _check_metrics_token(cls, value: SecretStr | None) -> SecretStr | None:
        return check_bearer(value)

    @field_validator("s3_bucket")
    @classmethod
    def _check_bucket(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and info.data.get("storage") == "s3":
            raise ValueError("must be set when STORAGE is s3")
        return value

    @field_validator("heartbeat_seconds")
    @classmethod
    def _check_heartbeat(cls, value: float, info: ValidationInfo) -> float:
        # One heartbeat may be lost without the work being given away.
        if value > info.data.get("lease_seconds", value * 2) / 2:
            raise ValueError("must be at most half of LEASE_SECONDS")
        return value

    @model_validator(mode="after")
    def _check_production(self) -> Self:
        if self.environment == "production":
            refuse_unfit(self)
        return self

    # Its password may stand in no log and no traceback.
    @computed_field(repr=False)
    @property
    def resolved_database_url(self) -> str:
        """The SQLAlchemy address: the operator's, or SQLite under `data_dir`."""
        if self.database_url is not None:
            url = self.database_url.get_secret_value()
            # Operators paste the scheme their provider shows; psycopg 3 is the driver we ship.
            for scheme in ("postgres://", "postgresql://"):
                if url.startswith(scheme):
                    return "postgresql+psycopg://" + url.removeprefix(scheme)
            return url
        return f"sqlite:///{self.data_dir.resolve() / 'transcriber.sqlite3'}"

    @property
    def is_broker_embedded(self) -> bool:
        """Whether `serve` starts the broker itself because none was named."""
        return self.broker_url is None

    @property
    def has_embedded_parts(self) -> bool:
        """Whether one process alone may serve this data directory: SQLite or our own broker."""
        is_sqlite = self.resolved_database_url.startswith("sqlite")
        return is_sqlite or self.is_broker_embedded

    @property
    def broker_socket(self) -> Path:
        """Unix socket of the embedded broker.

        The kernel allows 107 bytes; a longer data directory gets a short place of its own.
        """
        data_dir = self.data_dir.resolve()
        beside_data = data_dir / "broker.sock"
        if len(os.fsencode(beside_data)) <= MAX_SOCKET_PATH_BYTES:
            return beside_data
        digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
        return Path(f"/tmp/transcriber-{os.getuid()}") / f"{digest}.sock"  # noqa: S108 -- the broker refuses this directory unless it is ours alone

    @property
    def resolved_broker_url(self) -> str:
        """The Celery address: the operator's, or the embedded broker's socket."""
        if self.broker_url is not None:
            return self.broker_url.get_secret_value()
        return f"redis+socket://{self.broker_socket}"

    @property
    def audit_seal_keys(self) -> tuple[str, ...]:
        """The keys of the audit trail's chain, newest first."""
        return _split_keys(self.audit_seal_key)

    def to_environment(self) -> dict[str, str]:
        """The variables that give a child process these very settings.

        A secret that came from a file is read from it again, and stays out of the environment.
        """
        return {
            name.upper(): _write_variable(getattr(self, name))
            for name in sorted(self.model_fields_set)
            if getattr(self, name) is not None and f"{name}_file" not in self.model_fields_set
        }

    @property
    def resolved_storage_dir(self) -> Path:
        """Root of locally stored objects; machines that share work share this directory."""
        return (self.storage_dir or self.data_dir / "objects").resolve()

    @property
    def resolved_scratch_dir(self) -> Path:
        """Where an object of a remote store is put while a program needs it as a file."""
        return (self.scratch_dir or self.data_dir / "scratch").resolve()

    @property
    def normalized_s3_prefix(self) -> str:
        """What stands before every key in the bucket: nothing, or a path that ends in a slash."""
        prefix = self.s3_prefix.strip("/")
        return f"{prefix}/" if prefix else ""

    @property
    def uses_s3_path_style(self) -> bool:
        """Whether the bucket is named in the path, as most compatible servers want it."""
        return self.s3_addressing == "path"

    @property
    def memory_ledger_dir(self) -> Path:
        """Where the workers of a machine write down what memory they reserved."""
        return self.data_dir.resolve() / "memory"

    @property
    def resolved_model_cache_dir(self) -> Path:
        """Where converted checkpoints are kept."""
        return self.model_cache_dir or self.data_dir.resolve() / "model-cache"


def _write_variable(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, tuple):
        return ",".join(str(part) for part in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] -- a setting's own texts
    return str(value)


def _split_keys(keys: SecretStr | None) -> tuple[str, ...]:
    if keys is None:
        return ()
    return tuple(key.strip() for key in keys.get_secret_value().split(","))


def _check_scheme(address: SecretStr | None, schemes: tuple[str, ...]) -> SecretStr | None:
    if address is None:
        return None
    scheme, separator, rest = address.get_secret_value().partition("://")
    if not separator or not rest or scheme not in schemes:
        raise ValueError(f"must begin with one of {', '.join(f'{each}://' for each in schemes)}")
    return address
