"""Refusals that only recordings know."""

from transcriber.infra.errors import GoneError, NotFoundError, ServiceError


class RecordingRemovedError(GoneError):
    """The bytes were given up, on request or by retention; the transcripts may still be there."""

    code = "recording_gone"
    title = "The recording was removed."


class PeaksMissingError(NotFoundError):
    """The waveform is not there, or not yet."""

    code = "peaks_not_ready"
    title = "The waveform is not ready."


class RangeError(ServiceError):
    """The range asked for lies outside the recording, or there are too many of them."""

    status = 416
    code = "range_not_satisfiable"
    title = "There is no such range."

    def __init__(self, detail: str, *, size: int) -> None:
        headers = {"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"}
        super().__init__(detail, extra={"size_bytes": size}, headers=headers)
