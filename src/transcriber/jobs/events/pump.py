"""The one thread that follows the log for all streams of a process."""

import threading
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError

from transcriber.accounts.models import Role
from transcriber.accounts.standing import list_roles
from transcriber.infra.database import Database
from transcriber.infra.hints import Hints
from transcriber.jobs.events.figures import Figures, read_figures
from transcriber.jobs.events.tail import EventTail
from transcriber.jobs.events.watch import Happening, Watch

PAUSE_SECONDS = 0.02
"""Between two rounds, so that a burst of hints is one round."""
OUTAGE_SECONDS = 1.0
GAP_SECONDS = 0.1
"""Between two looks whether a transaction that holds others up has ended."""
SHARE_OF_FIGURES = 0.1
"""Of the time, reading figures takes at most this share, however many jobs are watched."""

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PumpTimes:
    """How often a pump looks.

    Attributes:
        poll_seconds: For events, where no hint comes: what a lost hint costs.
        figures_seconds: For figures that changed.
        sessions_seconds: For sessions that ended.
    """

    poll_seconds: float = 1.0
    figures_seconds: float = 1.0
    sessions_seconds: float = 10.0


class Listeners(Protocol):
    """Whom the pump tells."""

    def list_watches(self) -> Sequence[Watch]:
        """What is watched at present."""
        ...

    def tell_all(self) -> None:
        """The log's end was found."""
        ...

    def tell_events(self, news: Collection[Happening]) -> None:
        """These are settled."""
        ...

    def tell_figures(self, changed: Collection[Figures]) -> None:
        """These changed."""
        ...

    def end_unwelcome(self, asked: Collection[str], roles: Mapping[str, Role]) -> None:
        """Of the proofs that were asked about only these are good."""
        ...


class Pump:
    """Reads what is new at every hint, figures every second, sessions every ten seconds.

    Args:
        database: Where all of it is.
        listeners: Whom to tell.
        hints: What to wait for; this thread's alone.
        times: How often to look.
    """

    def __init__(
        self, database: Database, listeners: Listeners, hints: Hints, times: PumpTimes
    ) -> None:
        self._database = database
        self._listeners = listeners
        self._hints = hints
        self._times = times
        self._tail = EventTail(database)
        self._shown: dict[str, str] = {}
        self._figures_due = 0.0
        self._sessions_due = time.monotonic() + times.sessions_seconds
        self._is_away = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="event-pump", daemon=True)

    @property
    def position(self) -> int | None:
        """Up to where the log is settled; None while that is not known."""
        return self._tail.position

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Have it end within about a second; waits for nothing."""
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._work()
                self._is_away = False
            except SQLAlchemyError as error:
                if not self._is_away:
                    _log.warning("event_pump_waits_for_database", error=str(error))
                self._is_away = True
                time.sleep(OUTAGE_SECONDS)
            except Exception:  # noqa: BLE001 -- the next round may do better; a dead thread never
                _log.exception("event_pump_failed")
                time.sleep(OUTAGE_SECONDS)
            time.sleep(PAUSE_SECONDS)
            self._hints.wait(GAP_SECONDS if self._tail.is_waiting else self._times.poll_seconds)
        self._hints.close()

    def _work(self) -> None:
        was_found = self._tail.position is not None
        news = self._tail.advance()
        if not was_found and self._tail.position is not None:
            self._listeners.tell_all()
        if news:
            self._listeners.tell_events(news)
        now = time.monotonic()
        if now >= self._figures_due:
            self._tell_figures()
            took = time.monotonic() - now
            self._figures_due = now + max(self._times.figures_seconds, took / SHARE_OF_FIGURES)
        if now >= self._sessions_due:
            self._check_sessions()
            self._sessions_due = now + self._times.sessions_seconds

    def _tell_figures(self) -> None:
        watches = self._listeners.list_watches()
        job_ids = {watch.job_id for watch in watches if watch.job_id is not None}
        user_ids = {watch.reader_id for watch in watches if watch.job_id is None}
        with self._database.snapshot() as session:
            figures = read_figures(session, job_ids, user_ids)
        changed = [each for each in figures if self._shown.get(each.job_id) != each.data]
        self._shown = {each.job_id: each.data for each in figures}
        if changed:
            self._listeners.tell_figures(changed)

    def _check_sessions(self) -> None:
        proofs = {watch.proof for watch in self._listeners.list_watches()}
        with self._database.snapshot() as session:
            roles = list_roles(session, proofs)
        self._listeners.end_unwelcome(proofs, roles)
