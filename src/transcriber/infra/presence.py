"""This worker process's own row among the live ones: renewed while it works, gone when it left."""

import threading

import structlog
from sqlalchemy.exc import SQLAlchemyError

from transcriber.infra.context import Context
from transcriber.infra.exit_status import ExitStatus, end_process_tree
from transcriber.infra.heartbeats import Doing, record_heartbeat, remove_heartbeat
from transcriber.infra.memory_ledger import Room

LEAVE_SECONDS = 5.0
"""How long a renewal under way may keep the process from leaving."""
HASTY_SECONDS = 0.5
"""How long a process that is ended half-way waits for its row to go."""

_log = structlog.stdlib.get_logger(__name__)


class Presence:
    """One thread renews the row, another removes it; what was removed does not come back.

    Args:
        context: The process's parts.
        worker_id: Names the row.
    """

    def __init__(self, context: Context, worker_id: str) -> None:
        self._context = context
        self._worker_id = worker_id
        self._lock = threading.Lock()
        self._has_left = False

    def renew(
        self, not_ready_reason: str | None, room: Room | None, doing: Doing | None = None
    ) -> bool:
        """Say that the process lives; tells whether it still may.

        Raises:
            sqlalchemy.exc.OperationalError: the database is away.
        """
        with self._lock:
            if self._has_left:
                return False
            with self._context.database.unit_of_work() as uow:
                record_heartbeat(uow, self._worker_id, not_ready_reason, room, doing)
            return True

    def leave(self) -> None:
        """Remove the row at once, instead of being counted until it is stale."""
        self._has_left = True
        # A renewal that is under way may be waiting for a database that does not answer.
        is_alone = self._lock.acquire(timeout=LEAVE_SECONDS)
        try:
            with self._context.database.unit_of_work() as uow:
                remove_heartbeat(uow, self._worker_id)
        except SQLAlchemyError as error:
            # The row grows stale within seconds and means the same then.
            _log.warning("heartbeat_not_removed", error=str(error))
        finally:
            if is_alone:
                self._lock.release()

    def end_process(self, status: ExitStatus) -> None:
        """End this process and all it has started, whatever its threads are doing; never returns.

        The database may be what they wait for, so the row's removal has a moment only.
        """
        leaving = threading.Thread(target=self.leave, name="leaving", daemon=True)
        leaving.start()
        leaving.join(HASTY_SECONDS)
        end_process_tree(status)
