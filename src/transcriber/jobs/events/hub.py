"""The streams of this process: how many there may be, and who is told of what."""

import threading
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

import anyio

from transcriber.accounts.models import Role
from transcriber.infra.database import Database
from transcriber.infra.errors import RateLimitedError, UnavailableError
from transcriber.infra.hints import Hints, build_hints
from transcriber.infra.settings import Settings
from transcriber.jobs.events.figures import Figures
from transcriber.jobs.events.pump import Pump, PumpTimes
from transcriber.jobs.events.stream import Stream
from transcriber.jobs.events.watch import Happening, Watch

READING_THREADS = 4
RETRY_AFTER_SECONDS = 30


class TooManyStreamsError(RateLimitedError):
    """The account, or this process, has as many event streams as it may."""

    code = "too_many_streams"
    title = "There are too many event streams."


class StreamHub:
    """Admits streams and passes on to them what the pump finds.

    The pump runs only while there are streams: a service that nobody watches does nothing here.

    Args:
        database: Where the log is.
        settings: The bounds.
        build_hints: Gives each pump what wakes it.
        times: How often a pump looks.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        *,
        build_hints: Callable[[Database], Hints] = build_hints,
        times: PumpTimes | None = None,
    ) -> None:
        self.database = database
        self.readers = anyio.CapacityLimiter(READING_THREADS)
        self.heartbeat_seconds = settings.stream_heartbeat_seconds
        self.stall_seconds = settings.stream_stall_seconds
        self._per_account = settings.max_streams_per_account
        self._per_process = settings.max_streams
        self._build_hints = build_hints
        self._times = times or PumpTimes()
        self._lock = threading.Lock()
        self._streams: set[Stream] = set()
        self._accounts: Counter[str] = Counter()
        self._pump: Pump | None = None
        self._is_closed = False

    @property
    def position(self) -> int | None:
        """Up to where the log is settled; None while that is not known."""
        pump = self._pump
        return None if pump is None else pump.position

    def count(self) -> int:
        """How many are open; asked by any thread."""
        with self._lock:
            return len(self._streams)

    def admit(self, stream: Stream) -> None:
        """Give a stream a place, and have somebody follow the log.

        Raises:
            TooManyStreamsError: of the account, or of this process.
            UnavailableError: the process is ending.
        """
        reader = stream.watch.reader_id
        with self._lock:
            if self._is_closed:
                raise UnavailableError(
                    "The service is ending; come back.", headers={"Retry-After": "1"}
                )
            _refuse_above(self._per_account, self._accounts[reader], "Your account")
            _refuse_above(self._per_process, len(self._streams), "The service")
            self._accounts[reader] += 1
            self._streams.add(stream)
            if self._pump is None:
                hints = self._build_hints(self.database)
                self._pump = Pump(self.database, self, hints, self._times)
                self._pump.start()

    def release(self, stream: Stream) -> None:
        """Take a place back; nobody follows the log for nobody."""
        with self._lock:
            if stream not in self._streams:
                return
            self._streams.discard(stream)
            self._accounts[stream.watch.reader_id] -= 1
            self._accounts += Counter[str]()
            pump = self._pump
            if self._streams or pump is None:
                return
            self._pump = None
        pump.stop()

    def close(self) -> None:
        """End every stream now, and admit no other."""
        with self._lock:
            self._is_closed = True
            streams = list(self._streams)
        for stream in streams:
            stream.end("service_ends")

    def list_watches(self) -> Sequence[Watch]:
        """What is watched at present."""
        return [stream.watch for stream in self._list()]

    def tell_all(self) -> None:
        """Have every stream look: the log's end was found."""
        for stream in self._list():
            stream.note_events()

    def tell_events(self, news: Collection[Happening]) -> None:
        """Have the streams look that something concerns."""
        for stream in self._list():
            if any(stream.watch.concerns(each) for each in news):
                stream.note_events()

    def tell_figures(self, changed: Collection[Figures]) -> None:
        """Pass on figures that changed."""
        for stream in self._list():
            for each in changed:
                if stream.watch.concerns(Happening(each.event_id, each.user_id, each.job_id)):
                    stream.note_figures(each)

    def end_unwelcome(self, asked: Collection[str], roles: Mapping[str, Role]) -> None:
        """End the streams whose session or key is not good any more.

        Args:
            asked: The proofs that were looked at; a stream that was opened since has another.
            roles: By the proofs that are good, what their account is.
        """
        for stream in self._list():
            role = roles.get(stream.watch.proof)
            if stream.watch.proof not in asked:
                continue
            if role is None or (stream.watch.needs_admin and role != "admin"):
                stream.end("session_ended")

    def _list(self) -> list[Stream]:
        with self._lock:
            return list(self._streams)


def _refuse_above(limit: int, present: int, whose: str) -> None:
    if present >= limit:
        raise TooManyStreamsError(
            f"{whose} has {present} event streams open, and may have {limit}; close one first.",
            extra={"limit": limit},
            headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
        )
