"""Many transcripts as one zip file, read one at a time while it is sent."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import structlog
from sqlalchemy.exc import DBAPIError

from transcriber.formats import Format
from transcriber.infra.database import Database
from transcriber.infra.errors import NotFoundError, ServiceError
from transcriber.infra.zip_stream import ZipStream
from transcriber.transcripts import service
from transcriber.transcripts.bundle_names import ERRORS_NAME, BundleNames
from transcriber.transcripts.chunks import gather_chunks
from transcriber.transcripts.documents import DocumentMaker
from transcriber.transcripts.export_choice import ExportChoice
from transcriber.transcripts.export_desk import ExportDesk
from transcriber.transcripts.filters import TranscriptFilter
from transcriber.transcripts.service import StoredTranscript
from transcriber.transcripts.sorting import Order

PAGE_ROWS = 200
_AWAY = "The database went away: the transcripts that are missing here were not read.\n"
_log = structlog.stdlib.get_logger(__name__)

ListIds = Callable[[], Iterator[str]]


class BundleSource:
    """The bundle as a `DownloadSource`.

    Args:
        database: Each transcript is read in a snapshot of its own, which ends before the first
            byte of it is sent: no transaction waits for a client.
        desk: Counts bundles, and lends processes where documents are asked for.
        user_id: Whose transcripts; asked for with each of them.
        choice: Format and content.
        list_ids: Names the jobs, again in short reads.
    """

    def __init__(
        self,
        database: Database,
        desk: ExportDesk,
        user_id: str,
        choice: ExportChoice,
        list_ids: ListIds,
    ) -> None:
        self._database = database
        self._desk = desk
        self._user_id = user_id
        self._choice = choice
        self._list_ids = list_ids
        self._maker = DocumentMaker(desk, choice, patience_seconds=None)
        self._is_cancelled = False

    def open(self) -> None:
        """Take a place.

        Raises:
            TooManyExportsError: the account has as many as it may.
            ExportsBusyError: the process has.
        """
        self._desk.admit_bundle(self._user_id)

    def read(self) -> Iterator[bytes]:
        """The zip file; what could not be had is named in an entry of its own."""
        bundle, names, problems = ZipStream(), BundleNames(), list[str]()
        try:
            for job_id in self._list_ids():
                if self._is_cancelled:
                    return
                yield from self._add(bundle, names, problems, job_id)
        except DBAPIError:
            _log.warning("bundle_cut_short", exc_info=True)
            problems.append(_AWAY)
        if problems:
            lines = (problem.encode() for problem in problems)
            yield from bundle.add(ERRORS_NAME, datetime.now(UTC), lines)
        yield from bundle.finish()

    def cancel(self) -> None:
        """Begin no further transcript, and end the process that makes a document of one."""
        self._is_cancelled = True
        self._maker.cancel()

    def close(self) -> None:
        """Give the place back."""
        self._desk.leave_bundle(self._user_id)

    def _add(
        self, bundle: ZipStream, names: BundleNames, problems: list[str], job_id: str
    ) -> Iterator[bytes]:
        try:
            with self._database.snapshot() as session:
                stored = service.read_transcript(session, self._user_id, job_id)
        except NotFoundError:
            problems.append(f"{job_id}: it was deleted while this file was being made.\n")
            return
        created_at, shown = stored.row.created_at, stored.row.name
        parts = self._render(stored)
        del stored
        try:
            # Nothing of the entry is written before there is something to write.
            first = next(parts, b"")
        except ServiceError as error:
            problems.append(f"{job_id} ({shown}): {error.detail}\n")
            return
        name = names.choose(shown, self._choice.kind.extension)
        yield from bundle.add(name, created_at, _put_back(first, parts))

    def _render(self, stored: StoredTranscript) -> Iterator[bytes]:
        kind = self._choice.kind
        if isinstance(kind, Format):
            return gather_chunks(kind.render(stored.transcript, self._choice.selection))
        return self._maker.make(stored)


def list_everything(database: Database, user_id: str) -> Iterator[str]:
    """Name every job of the owner that has a transcript, newest first, a page at a time.

    What comes into being meanwhile is not among them, since pages only go back in time.
    """
    order = Order()
    named: set[str] = set()
    while True:
        with database.snapshot() as session:
            rows = service.list_transcripts(
                session, user_id, TranscriptFilter(), order, limit=PAGE_ROWS
            )
        for row in rows:
            # A job that ran again has a row for each time; its newest transcript is meant.
            if row.job_id not in named:
                named.add(row.job_id)
                yield row.job_id
        if len(rows) < PAGE_ROWS:
            return
        order = Order(after=(rows[-1].created_at, rows[-1].job_id))


def _put_back(first: bytes, parts: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from parts
