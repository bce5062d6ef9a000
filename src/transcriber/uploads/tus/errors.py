"""Refusals that tus asks for."""

from transcriber.infra.errors import ConflictError, ServiceError


class VersionError(ServiceError):
    """The request speaks no version of tus that is spoken here."""

    status = 412
    code = "tus_version"
    title = "This version of tus is not spoken here."


class BodyChecksumError(ServiceError):
    """The bytes that arrived are not those that were announced; tus has a status of its own."""

    status = 460
    code = "checksum_mismatch"
    title = "The checksum does not match."


class PieceConflictError(ConflictError):
    """The uploads cannot be joined as they are."""

    code = "piece_conflict"
    title = "The uploads cannot be joined."
