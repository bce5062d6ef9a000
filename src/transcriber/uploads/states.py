"""The states of an upload."""

from enum import StrEnum


class UploadState(StrEnum):
    """Where an upload is.

    receiving → verifying → completed is the way; verifying goes back to receiving when chunks have
    to be sent again; receiving also ends as cancelled or expired.  A piece goes from receiving
    to joined when another upload is to be made of it, and ends as that one does.
    """

    RECEIVING = "receiving"
    VERIFYING = "verifying"
    JOINED = "joined"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


OPEN = (UploadState.RECEIVING, UploadState.VERIFYING)
"""States whose size is reserved."""

NEEDED = (*OPEN, UploadState.JOINED)
"""States whose bytes are needed."""

ENDED = (UploadState.COMPLETED, UploadState.CANCELLED, UploadState.EXPIRED)
"""States that nothing leads out of."""
