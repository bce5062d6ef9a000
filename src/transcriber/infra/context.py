"""The one set of parts a process works with: API, worker and CLI build it with one function."""

import threading
from dataclasses import dataclass, field

from transcriber.infra.clock import Clock, read_machine_time
from transcriber.infra.database import Database
from transcriber.infra.meter import Meter
from transcriber.infra.queue import Queue, build_queue
from transcriber.infra.settings import Settings
from transcriber.infra.storage import Storage, build_storage
from transcriber.infra.tracing import Tracer, build_tracer


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The process's settings and connections.

    Attributes:
        settings: The operator's choices.
        database: Transactions.
        storage: Recordings' bytes.
        queue: Where tokens of runnable work are published.
        clock: What follows a schedule of dates looks at.
        draining: Set once the process was asked to stop; long work ends at its next checkpoint.
        meter: Counts what the process does.
        tracer: Follows a request through the processes that work for it.
    """

    settings: Settings
    database: Database
    storage: Storage
    queue: Queue
    clock: Clock = read_machine_time
    draining: threading.Event = field(default_factory=threading.Event)
    meter: Meter = field(default_factory=Meter)
    tracer: Tracer = field(default_factory=Tracer)

    def close(self) -> None:
        """Flush the queue and close every connection."""
        self.tracer.close()
        self.queue.close()
        self.database.dispose()


def build_context(settings: Settings) -> Context:
    """Build the process's parts; nothing is connected before its first use.

    Raises:
        StartupError: the settings ask for what is not installed.
    """
    return Context(
        settings=settings,
        database=Database(settings.resolved_database_url),
        storage=build_storage(settings),
        queue=build_queue(settings),
        tracer=build_tracer(settings),
    )
