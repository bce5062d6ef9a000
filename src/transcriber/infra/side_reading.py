"""A second session that shows the same moment of the database, and is read at the same time."""

import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.orm import Session

from transcriber.infra.database import Database

T = TypeVar("T")

# One in a process: whoever waits for a second connection then never waits for another such.
_turn = threading.Lock()


class SideReading:
    """Reads beside a snapshot; made by `open_side_reading`."""

    def __init__(self, database: Database, thread: ThreadPoolExecutor | None) -> None:
        self._database = database
        self._thread = thread

    def begin(self, session: Session, read: Callable[[Session], T]) -> Future[T]:
        """Begin to read what `session` shows, in a session of its own.

        That one has its view when this returns, so `session` may end before the answer is there.
        Without a thread the answer is read in `session`, before this returns.

        Args:
            session: A snapshot.
            read: What to do with the other one, in another thread.
        """
        answer: Future[T] = Future()
        if self._thread is None:
            answer.set_result(read(session))
            return answer
        name = str(session.execute(text("SELECT pg_export_snapshot()")).scalar_one())
        has_view = threading.Event()

        def read_beside() -> T:
            try:
                with self._database.snapshot(name) as other:
                    has_view.set()
                    return read(other)
            finally:
                # Also where there is no second connection: the answer tells that.
                has_view.set()

        answer = self._thread.submit(copy_context().run, read_beside)
        has_view.wait()
        return answer


@contextmanager
def open_side_reading(database: Database) -> Generator[SideReading]:
    """Provide for one reading beside a snapshot, and wait for it at the end.

    SQLite cannot share a snapshot; there, and while this process reads beside another snapshot
    already, everything is read in one session.
    """
    if database.is_sqlite or not _turn.acquire(blocking=False):
        yield SideReading(database, None)
        return
    try:
        with ThreadPoolExecutor(1, thread_name_prefix="side-reading") as thread:
            yield SideReading(database, thread)
    finally:
        _turn.release()
