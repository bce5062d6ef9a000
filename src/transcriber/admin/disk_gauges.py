"""How full this machine's disks are, as each process tells it with what it measured."""

import socket
import threading
import time

from transcriber.admin.system.disks import look_at_disks
from transcriber.infra.meter import SeriesKey
from transcriber.infra.metric_families import DISK_FREE, DISK_LOW_WATER, DISK_SIZE
from transcriber.infra.metric_rows import NO_GAUGES, Gauges
from transcriber.infra.periodic import PeriodicThread
from transcriber.infra.settings import Settings

LOOK_SECONDS = 5.0
HOLDS_SECONDS = 15.0
"""A disk that answers no more is not told about; a figure from before would look alive."""
MAX_HOST_LENGTH = 64


class DiskGauges:
    """Looks at the disks in a thread of its own: one that is silent keeps nobody else waiting.

    Args:
        settings: Where things lie.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._host = socket.gethostname()[:MAX_HOST_LENGTH]
        self._lock = threading.Lock()
        self._found: Gauges = NO_GAUGES
        self._found_at = 0.0
        self._thread: PeriodicThread | None = None

    def start(self) -> None:
        """Begin to look."""
        self._thread = PeriodicThread("disks", LOOK_SECONDS, self.look)
        self._thread.start()

    def begin_stop(self) -> None:
        """Begin no further look; the one that runs may last as long as the disk is silent."""
        if self._thread is not None:
            self._thread.begin_stop()

    def look(self) -> None:
        """Look once.

        Raises:
            OSError: when a disk does not answer.
        """
        found: dict[SeriesKey, float] = {}
        for disk in look_at_disks(self._settings):
            labels = (self._host, ",".join(disk.places))
            found[SeriesKey(DISK_FREE, labels)] = disk.free_bytes
            found[SeriesKey(DISK_SIZE, labels)] = disk.total_bytes
            found[SeriesKey(DISK_LOW_WATER, labels)] = disk.low_water_bytes
        with self._lock:
            self._found, self._found_at = found, time.monotonic()

    def read(self) -> Gauges:
        """What was found lately."""
        with self._lock:
            is_fresh = time.monotonic() - self._found_at < HOLDS_SECONDS
            return self._found if is_fresh else NO_GAUGES
