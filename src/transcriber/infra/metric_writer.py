"""Writing what a process measures, beside its work: nothing waits for it or fails with it."""

import time
from collections.abc import Callable, Sequence

import structlog
from sqlalchemy.exc import SQLAlchemyError

from transcriber.infra.database import Database
from transcriber.infra.identifiers import create_id
from transcriber.infra.meter import Meter
from transcriber.infra.metric_rows import NO_GAUGES, Gauges, add_changes, forget_changes
from transcriber.infra.periodic import PeriodicThread

WRITE_SECONDS = 5.0
REPEAT_SECONDS = 10.0
"""What a process says of the present holds for thirty seconds, so it is said again in time."""
FORGET_SECONDS = 300.0
CLOSE_SECONDS = 2.0

GaugeReader = Callable[[], Gauges]
"""What is at present; it waits for nothing, and leaves out what it does not know."""

_log = structlog.stdlib.get_logger(__name__)


class MetricWriter:
    """Writes the changes of a meter every five seconds, where there are any, and what is.

    A process that is killed loses what it measured in its last seconds; one that ends writes it.

    Args:
        database: Where to.
        meter: What of.
        readers: Tell what is at present.
    """

    def __init__(
        self, database: Database, meter: Meter, readers: Sequence[GaugeReader] = ()
    ) -> None:
        self._database = database
        self._meter = meter
        self._readers = readers
        self._said: Gauges = NO_GAUGES
        self._said_at = -REPEAT_SECONDS
        self._process_id = create_id()
        self._forgot_at = time.monotonic()
        self._thread: PeriodicThread | None = None

    def start(self) -> None:
        """Begin to write."""
        self._thread = PeriodicThread("metrics", WRITE_SECONDS, self.write)
        self._thread.start()

    def write(self) -> None:
        """Write what came since the last time.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: when it cannot be written; it comes with the next.
        """
        self._write({key: value for read in self._readers for key, value in read().items()})

    def _write(self, gauges: Gauges) -> None:
        changes, read = self._meter.read_changes()
        is_due = bool(gauges) and time.monotonic() - self._said_at >= REPEAT_SECONDS
        is_over = bool(self._said) and not gauges
        if not (changes or is_due or is_over):
            return
        with self._database.unit_of_work() as uow:
            add_changes(uow, self._process_id, changes, gauges)
        self._meter.settle(read)
        self._said, self._said_at = gauges, time.monotonic()
        if time.monotonic() - self._forgot_at > FORGET_SECONDS:
            with self._database.unit_of_work() as uow:
                forget_changes(uow)
            self._forgot_at = time.monotonic()

    def begin_stop(self) -> None:
        """Begin no further writing; returns at once."""
        if self._thread is not None:
            self._thread.begin_stop()

    def close(self) -> None:
        """Write what is left, and stop; a database that is away by then is told the log."""
        if self._thread is not None:
            self._thread.stop(CLOSE_SECONDS)
        try:
            # Whoever ends has nothing open, and watches no disk.
            self._write(NO_GAUGES)
        except SQLAlchemyError as error:
            _log.warning("metrics_lost", error=str(error))
