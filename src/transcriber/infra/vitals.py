"""What a worker process knows of its own health, and its wish to be started afresh."""

import threading
import time
from datetime import datetime


class Vitals:
    """Notes of several threads, read by the one that decides on recycling.

    Attributes:
        is_busy: Whether a token is being worked on.
        token_at: When the last token came, or the process began (monotonic clock).
        beat_at: When the database last took this process's heartbeat, or the process began.
        starved_since: Since when there is work that this idle process could take; None when not.
        loaded_bytes: Resident memory right after a model was loaded; None before.
        reconciled_at: When its reconciler last ended a round, by this machine's clock; None before.
    """

    def __init__(self) -> None:
        self.is_busy = False
        self.token_at = self.beat_at = time.monotonic()
        self.starved_since: float | None = None
        self.loaded_bytes: int | None = None
        self.reconciled_at: datetime | None = None
        self._reason: str | None = None
        self._lock = threading.Lock()

    @property
    def recycle_reason(self) -> str | None:
        """Why this process wants to be started afresh; None while it does not."""
        return self._reason

    def request_recycling(self, reason: str) -> bool:
        """Keep the first reason; tells whether this was it."""
        with self._lock:
            if self._reason is not None:
                return False
            self._reason = reason
            return True

    def is_recycling(self) -> bool:
        """Whether no further slice should be begun."""
        return self._reason is not None

    def note_token(self) -> None:
        """A token reached the process, so its consumer hears."""
        self.token_at = time.monotonic()
        self.starved_since = None
        self.is_busy = True

    def note_idle(self) -> None:
        """The token's work is over."""
        self.token_at = time.monotonic()
        self.is_busy = False

    def note_round(self, now: datetime) -> None:
        """The reconciler ended a round."""
        self.reconciled_at = now

    def note_beat(self, *, has_work: bool) -> None:
        """The database took the heartbeat, and said whether there is work for us."""
        self.beat_at = time.monotonic()
        if not has_work or self.is_busy:
            self.starved_since = None
        elif self.starved_since is None:
            self.starved_since = self.beat_at
