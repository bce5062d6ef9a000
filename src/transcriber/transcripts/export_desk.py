"""The exports of one API process that need a process or a place of their own."""

import threading
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from transcriber.formats import FileKind
from transcriber.formats.documents import DocumentLimits, Rendering
from transcriber.infra.disk_threads import DiskThreads
from transcriber.infra.errors import RateLimitedError, UnavailableError
from transcriber.infra.settings import Settings

PATIENCE_SECONDS = 20.0
"""How long a request for a document may wait for a process, before anything is answered."""
RETRY_AFTER_SECONDS = 15
_LOOK_SECONDS = 0.25


class TooManyExportsError(RateLimitedError):
    """The account has as many exports under way as it may."""

    code = "too_many_exports"
    title = "There are too many exports at once."


class ExportsBusyError(UnavailableError):
    """Every process, or every place, is taken."""

    code = "exports_busy"
    title = "Too many files are being made at the moment."

    def __init__(self, detail: str) -> None:
        super().__init__(detail, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})


class ExportDesk:
    """Gives out places, so that exports never take more than the operator allows.

    Attributes:
        threads: For everybody who holds a place or waits for one; nobody waits for a thread.
        stall_seconds: How long a client may take nothing.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._processes = threading.BoundedSemaphore(settings.document_processes)
        self._documents: Counter[str] = Counter()
        self._bundles: Counter[str] = Counter()
        self.stall_seconds = settings.stream_stall_seconds
        self.threads = DiskThreads(
            settings.document_processes + settings.document_queue + settings.max_bundles
        )

    def admit_document(self, user_id: str) -> None:
        """Count a document that is made or waits to be.

        Raises:
            TooManyExportsError: the account has as many as it may.
            ExportsBusyError: the process has.
        """
        settings = self._settings
        most = settings.document_processes + settings.document_queue
        self._admit(self._documents, user_id, settings.max_documents_per_account, most)

    def leave_document(self, user_id: str) -> None:
        """Count it no more."""
        self._leave(self._documents, user_id)

    def admit_bundle(self, user_id: str) -> None:
        """Count a bundle.

        Raises:
            TooManyExportsError: the account has as many as it may.
            ExportsBusyError: the process has.
        """
        settings = self._settings
        self._admit(self._bundles, user_id, settings.max_bundles_per_account, settings.max_bundles)

    def leave_bundle(self, user_id: str) -> None:
        """Count it no more."""
        self._leave(self._bundles, user_id)

    def prepare(self, kind: FileKind) -> Rendering:
        """A document to be made within the operator's bounds."""
        limits = DocumentLimits(
            seconds=self._settings.document_seconds, memory_mb=self._settings.document_memory_mb
        )
        return Rendering(kind, limits, self._make_folder())

    @contextmanager
    def hold_process(
        self, unwanted: threading.Event, patience_seconds: float | None = PATIENCE_SECONDS
    ) -> Generator[None]:
        """Wait for one of the processes, and have it until the block ends.

        Args:
            unwanted: Ends the wait, because nobody wants the document any more.
            patience_seconds: How long to wait; None for as long as it takes.

        Raises:
            ExportsBusyError: none came free in time.
        """
        waited = 0.0
        while not self._processes.acquire(timeout=_LOOK_SECONDS):
            waited += _LOOK_SECONDS
            if unwanted.is_set() or (patience_seconds is not None and waited >= patience_seconds):
                raise ExportsBusyError("Other documents take longer than this one could wait.")
        try:
            yield
        finally:
            self._processes.release()

    def _admit(self, taken: Counter[str], user_id: str, most_each: int, most: int) -> None:
        with self._lock:
            if taken[user_id] >= most_each:
                raise TooManyExportsError(
                    "Another export of this account is under way; wait for its end.",
                    headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
                )
            if taken.total() >= most:
                raise ExportsBusyError("Too many exports are under way; try again in a moment.")
            taken[user_id] += 1

    def _leave(self, taken: Counter[str], user_id: str) -> None:
        with self._lock:
            taken[user_id] -= 1
            # An account without any leaves nothing behind.
            if not taken[user_id]:
                del taken[user_id]

    def _make_folder(self) -> Path:
        folder = self._settings.resolved_scratch_dir
        folder.mkdir(parents=True, exist_ok=True)
        return folder
