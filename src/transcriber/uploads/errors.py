"""Refusals that only uploads know."""

from collections.abc import Sequence

from transcriber.infra.errors import ConflictError, GoneError, InvalidError, ServiceError


class UploadStateError(ConflictError):
    """The upload's state forbids it."""

    code = "upload_state"
    title = "The upload's state forbids this."


class UploadGoneError(ServiceError):
    """The upload expired or was cancelled; its bytes are gone."""

    status = 410
    code = "upload_gone"
    title = "The upload is gone."


class AliasGoneError(GoneError):
    """The alias is over; `successor` is the path to use."""

    code = "alias_gone"
    title = "This address is gone."


class UploadIncompleteError(ConflictError):
    """Chunks are missing."""

    code = "upload_incomplete"
    title = "Chunks are missing."


class ChunkConflictError(ConflictError):
    """Another content of this chunk is kept already."""

    code = "chunk_conflict"
    title = "The chunk was sent before with other content."


class ChecksumMismatchError(InvalidError):
    """The bytes that arrived are not those that were announced."""

    code = "checksum_mismatch"
    title = "The checksum does not match."


class StaleClaimError(Exception):
    """Somebody else verifies this upload by now: stop and write nothing."""


class VerificationError(Exception):
    """The bytes are not what they should be; the upload takes chunks again.

    Args:
        code: Stable name of the reason, as the upload shows it.
        message: One sentence.
        numbers: Chunks that have to be sent again; None means all.
        is_assembled: Whether it was found after the parts had been made one.
    """

    def __init__(
        self,
        code: str,
        message: str,
        numbers: Sequence[int] | None = None,
        *,
        is_assembled: bool = False,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.numbers = numbers
        self.is_assembled = is_assembled
