"""What a drained worker does: it ends as one that is asked to, and its successor waits."""

import time
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from transcriber.infra.database import Database
from transcriber.infra.recycling import leave
from transcriber.infra.worker_drains import is_drained

LOOK_SECONDS = 1.0
"""How often one that waits looks whether it still has to."""
REASON = "An administrator drained this worker."

_log = structlog.stdlib.get_logger(__name__)


class Standby:
    """Keeps the process from work while its place is drained.

    A worker that works ends itself: it gives back what it has in the one way that is tested most,
    and its memory with it.  Whoever is started in its place listens for no wake-ups, which would be
    lost on it, and loads no model.

    Args:
        database: Where the wish is.
        slot: The process's place.
        end: Stops the process as if asked by SIGTERM.
    """

    def __init__(self, database: Database, slot: str, end: Callable[[], None] = leave) -> None:
        self._database = database
        self._slot = slot
        self._end = end
        self._is_waiting = False
        self._has_ended = False

    @property
    def is_waiting(self) -> bool:
        """Whether the process takes no work, because it is drained or cannot know."""
        return self._is_waiting

    @property
    def reason(self) -> str | None:
        """Why it takes none, in one sentence; None where it takes some."""
        return REASON if self._is_waiting else None

    def begin(self) -> None:
        """Look once, before the process says anything of itself.

        Without its database it can do nothing, so it waits for an answer as if it were drained.
        """
        try:
            self._is_waiting = self._look()
        except SQLAlchemyError as error:
            _log.warning("drain_unknown", error=str(error))
            self._is_waiting = True

    def wait(self, is_stopping: Callable[[], bool]) -> None:
        """Return as soon as the process may work, or is asked to stop; for the main thread."""
        while self._is_waiting and not is_stopping():
            time.sleep(LOOK_SECONDS)
            self.begin()

    def heed(self) -> None:
        """End the process where it works and is drained; called with each heartbeat.

        Raises:
            sqlalchemy.exc.OperationalError: when the database is away.
        """
        if not self._is_waiting and not self._has_ended and self._look():
            self._has_ended = True
            _log.info("drained", slot=self._slot)
            self._end()

    def _look(self) -> bool:
        with self._database.snapshot() as session:
            return is_drained(session, self._slot)
