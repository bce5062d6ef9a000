"""Refusals that only jobs know."""

from transcriber.infra.errors import ConflictError


class JobStateError(ConflictError):
    """The job's state forbids it."""

    code = "job_state"
    title = "The job's state forbids this."


class RecordingGoneError(ConflictError):
    """The audio was removed, on request or by retention; the transcript may still be there."""

    code = "recording_gone"
    title = "The recording was removed."


class RecordingInUseError(ConflictError):
    """A job that has not ended still needs the audio."""

    code = "recording_in_use"
    title = "The recording is still needed."
