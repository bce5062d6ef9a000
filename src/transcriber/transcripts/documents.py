"""A transcript as a document for one client, made by a process of its own."""

import threading
from collections.abc import Iterator

from transcriber.formats.documents import DocumentError, Rendering
from transcriber.infra.errors import InvalidError, ServiceError, UnavailableError
from transcriber.transcripts.export_choice import ExportChoice
from transcriber.transcripts.export_desk import PATIENCE_SECONDS, ExportDesk
from transcriber.transcripts.service import StoredTranscript

# A transcript that is asked for again is the same; what failed for another reason may work then.
_LASTING = frozenset({"glyphs_missing", "document_too_large"})


class DocumentMaker:
    """Makes documents one after the other, each while it holds a process of the desk."""

    def __init__(
        self,
        desk: ExportDesk,
        choice: ExportChoice,
        *,
        patience_seconds: float | None = PATIENCE_SECONDS,
    ) -> None:
        self._desk = desk
        self._choice = choice
        self._patience_seconds = patience_seconds
        self._unwanted = threading.Event()
        self._rendering: Rendering | None = None

    def make(self, stored: StoredTranscript) -> Iterator[bytes]:
        """Yield the document's bytes; the process is given back before the first one.

        Raises:
            InvalidError: this transcript cannot be had in this format.
            UnavailableError: it failed, or there was no process for it in time.
        """
        with self._desk.hold_process(self._unwanted, self._patience_seconds):
            try:
                self._rendering = self._desk.prepare(self._choice.kind)
                # Asked after it can be cancelled, so that no cancelling is missed.
                if self._unwanted.is_set():
                    return
                parts = self._rendering.run(
                    stored.transcript, stored.row.name, self._choice.selection
                )
                del stored
                first = next(parts)
            except DocumentError as error:
                raise _translate(error) from error
            except OSError as error:
                raise UnavailableError(
                    f"The document cannot be written: {error.strerror}.", code="document_failed"
                ) from error
        yield first
        yield from parts

    def cancel(self) -> None:
        """End the process that makes one, and the wait for it."""
        self._unwanted.set()
        if self._rendering is not None:
            self._rendering.cancel()


class DocumentSource:
    """The document of one transcript, as a `DownloadSource`."""

    def __init__(self, desk: ExportDesk, choice: ExportChoice, stored: StoredTranscript) -> None:
        self._desk = desk
        self._user_id = stored.row.user_id
        self._maker = DocumentMaker(desk, choice)
        self._stored: StoredTranscript | None = stored

    def open(self) -> None:
        """Take a place among those who wait.

        Raises:
            TooManyExportsError: the account has as many as it may.
            ExportsBusyError: the process has.
        """
        self._desk.admit_document(self._user_id)

    def read(self) -> Iterator[bytes]:
        """The document's bytes."""
        stored, self._stored = self._stored, None
        return iter(()) if stored is None else self._maker.make(stored)

    def cancel(self) -> None:
        """End the process."""
        self._maker.cancel()

    def close(self) -> None:
        """Give the place back."""
        self._desk.leave_document(self._user_id)


def _translate(error: DocumentError) -> ServiceError:
    kind = InvalidError if error.code in _LASTING else UnavailableError
    return kind(str(error), code=error.code)
