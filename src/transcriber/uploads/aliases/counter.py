"""Counting uses beside the requests: none of them waits for the database or fails with it."""

import threading

import structlog
from sqlalchemy.exc import OperationalError

from transcriber.accounts.legacy.gate import HEADER
from transcriber.infra.clock import Clock
from transcriber.infra.database import Database
from transcriber.infra.periodic import PeriodicThread
from transcriber.uploads.aliases.clients import OTHER, name_client
from transcriber.uploads.aliases.repository import UseCount, UseKey, add_uses

WRITE_SECONDS = 1.0
CLOSE_SECONDS = 2.0
MAX_WAITING = 1_000
"""Counts kept apart while the database is away; further clients are `other` then."""

_log = structlog.stdlib.get_logger(__name__)


class AliasCounter:
    """Gathers uses in memory and adds them to the table every second.

    A process that is killed loses what it counted in its last second; one that ends writes it.

    Args:
        database: Where the table is.
        clock: Dates the uses.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: dict[UseKey, UseCount] = {}
        self._thread: PeriodicThread | None = None

    def start(self) -> None:
        """Begin to write what is counted."""
        self._thread = PeriodicThread("alias-uses", WRITE_SECONDS, self.write)
        self._thread.start()

    def count(self, key: UseKey) -> None:
        """Count one use; touches nothing but memory."""
        now = self._clock()
        with self._lock:
            self._add(key, UseCount(1, now, now))

    def count_legacy_header(self, user_agent: str | None, user_id: str) -> str:
        """Count one use of the legacy header, an old name for who asks; tells the client's name."""
        client = name_client(user_agent)
        self.count(UseKey(HEADER, client, user_id))
        return client

    def write(self) -> None:
        """Add what was counted since the last time to the table.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: when it cannot be written; it is tried again next time.
        """
        with self._lock:
            counts, self._waiting = self._waiting, {}
        if not counts:
            return
        is_written = False
        try:
            with self._database.unit_of_work() as uow:
                add_uses(uow, counts)
            is_written = True
        finally:
            if not is_written:
                self._put_back(counts)

    def close(self) -> None:
        """Write what is left, and stop; a database that is away by then is told the log."""
        if self._thread is not None:
            self._thread.stop(CLOSE_SECONDS)
        try:
            self.write()
        except OperationalError as error:
            with self._lock:
                lost = sum(count.uses for count in self._waiting.values())
            _log.warning("alias_uses_lost", uses=lost, error=str(error))

    def _put_back(self, counts: dict[UseKey, UseCount]) -> None:
        with self._lock:
            for key, count in counts.items():
                self._add(key, count)

    def _add(self, key: UseKey, count: UseCount) -> None:
        if key not in self._waiting and len(self._waiting) >= MAX_WAITING:
            key = UseKey(key.alias, OTHER, key.user_id)
        if key in self._waiting:
            self._waiting[key].add(count)
        else:
            self._waiting[key] = count
