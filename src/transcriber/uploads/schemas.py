"""The shapes of requests and answers about uploads."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from transcriber.infra.paging import Page
from transcriber.infra.schemas import RequestModel, ResponseModel
from transcriber.jobs.form import MAX_NAME_LENGTH, JobChoices, Text
from transcriber.jobs.options import write_options
from transcriber.uploads.layout import MAX_SHOWN_RANGES
from transcriber.uploads.models import UploadChunk
from transcriber.uploads.service import NewUpload, UploadView

State = Literal["receiving", "verifying", "joined", "completed", "cancelled", "expired"]
Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-fA-F]{64}$", to_lower=True)]


class UploadRequest(RequestModel):
    """What is about to be sent, and how it shall be transcribed."""

    name: Text = Field(min_length=1, max_length=MAX_NAME_LENGTH)
    size_bytes: int = Field(ge=0, description="Of the whole recording.")
    sha256: Sha256 | None = Field(
        default=None, description="Of the whole recording, in hex; it is compared at the end."
    )
    chunk_bytes: int | None = Field(
        default=None,
        ge=1024,
        le=256 * 1024**2,
        description="Chunk length the client would like; the storage may need longer ones.",
    )
    options: JobChoices = JobChoices()

    def build_upload(self, user_id: str, model: str, key: str | None) -> NewUpload:
        """The upload as the service begins it.

        Raises:
            InvalidError: `unknown_language`, or a value the engine cannot honour.
        """
        return NewUpload(
            user_id=user_id,
            name=self.name,
            size_bytes=self.size_bytes,
            sha256=self.sha256,
            model=model,
            options=write_options(self.options.build_options()),
            chunk_bytes=self.chunk_bytes,
            idempotency_key=key,
        )


class UploadError(ResponseModel):
    """Why the last verification failed: a stable code and one sentence."""

    code: str
    message: str


class ChunkRange(ResponseModel):
    """Chunks `first` to `last`, both included."""

    first: int
    last: int


class UploadRead(ResponseModel):
    """An upload as its owner sees it."""

    id: str
    name: str
    protocol: Literal["chunks", "tus"] = Field(description="What its bytes are sent over.")
    state: State
    size_bytes: int
    sha256: str | None = Field(description="Of the whole, as announced.")
    chunk_bytes: int = Field(description="Length of every chunk but the last.")
    chunk_count: int = Field(description="Chunks are numbered from 0.")
    received_bytes: int = Field(description="These bytes are durable.")
    missing: list[ChunkRange] = Field(
        description=f"Chunks still to be sent; at most {MAX_SHOWN_RANGES} ranges."
    )
    error: UploadError | None = Field(
        description="Why the last verification failed; the chunks it concerns are missing again."
    )
    job_id: str | None = Field(description="Of the job it became, unless that was deleted.")
    created_at: datetime
    updated_at: datetime
    expires_at: datetime = Field(description="Unless chunks still come: each moves it.")


class UploadPage(Page[UploadRead]):
    """One page of the owner's uploads, newest first; `missing` is not listed here."""


class ChunkRead(ResponseModel):
    """A chunk that is durable; the same bytes get the same answer again."""

    upload_id: str
    number: int
    size_bytes: int
    sha256: str = Field(description="Of the chunk's bytes, in hex.")


def show_upload(view: UploadView) -> UploadRead:
    """The answer about one upload."""
    upload = view.upload
    error = (
        UploadError(code=upload.error_code, message=upload.error_message or "")
        if upload.error_code is not None
        else None
    )
    missing = [
        ChunkRange(first=first, last=last) for first, last in view.missing[:MAX_SHOWN_RANGES]
    ]
    return UploadRead.model_validate(
        {
            **{name: getattr(upload, name) for name in _COLUMNS},
            "state": str(upload.state),
            "received_bytes": upload.offset,
            "chunk_count": view.chunk_count,
            "missing": missing,
            "error": error,
        }
    )


def show_chunk(chunk: UploadChunk) -> ChunkRead:
    """The answer about one chunk."""
    return ChunkRead.model_validate(chunk)


_COLUMNS = (
    "id",
    "name",
    "protocol",
    "size_bytes",
    "sha256",
    "chunk_bytes",
    "job_id",
    "created_at",
    "updated_at",
    "expires_at",
)
