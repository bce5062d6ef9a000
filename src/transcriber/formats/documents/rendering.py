"""Has a document made by a process of its own, within bounds of time and memory."""

import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from transcriber.engine.results import Transcript
from transcriber.formats.documents.errors import DocumentError
from transcriber.formats.documents.limits import REFUSED, TOO_LARGE, DocumentLimits
from transcriber.formats.documents.outline import write_outline
from transcriber.formats.file_kind import FileKind
from transcriber.formats.selection import Selection

CHILD_MODULE = "transcriber.formats.documents.child"
LIBRARIES = {"docx": "docx", "pdf": "typst"}
READ_BYTES = 65_536
GRACE_SECONDS = 5.0
"""Beyond its own bound, for the process to start and to end."""
# Typst's and Python's words for it, where the process had not the memory left to end in order.
_TOO_LARGE = {TOO_LARGE, -signal.SIGALRM, -signal.SIGPROF}
_SHORT_OF_MEMORY = re.compile(b"memory allocation of|MemoryError|[Oo]ut of memory")

# No secrets, no settings of Python or of the loader; and one thread for one document, because
# each thread reserves address space that counts against the bound.
_ENVIRONMENT = {"LANG": "C.UTF-8", "RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}


def is_installed(kind: FileKind) -> bool:
    """Whether the library that renders this format is there; it is not loaded for the answer."""
    return find_spec(LIBRARIES[kind.name]) is not None


class Rendering:
    """One document being made; `cancel` may come from another thread at any time.

    Args:
        kind: One of `DOCUMENTS`.
        limits: What it may take.
        folder: Where its two files are while they are needed; they have no names there.
    """

    def __init__(
        self, kind: FileKind, limits: DocumentLimits | None = None, folder: Path | None = None
    ) -> None:
        self._kind = kind
        self._limits = limits or DocumentLimits()
        self._folder = folder
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._is_cancelled = False

    def run(self, transcript: Transcript, title: str, selection: Selection) -> Iterator[bytes]:
        """Make the document, then yield its bytes; the first is asked for when it is whole.

        Raises:
            DocumentError: with the reason why there is none.
            OSError: when the folder cannot be written.
        """
        if not is_installed(self._kind):
            raise DocumentError(
                f"{self._kind.name} needs the extra `documents`, which is not installed here.",
                code="document_unavailable",
            )
        with TemporaryFile(dir=self._folder) as document:
            with TemporaryFile(dir=self._folder) as outline:
                for part in write_outline(transcript, title, selection):
                    outline.write(part.encode())
                # The outline has all of it; a transcript of hours need not stay for the wait.
                del transcript
                outline.seek(0)
                self._render(outline, document)
            document.seek(0)
            while block := document.read(READ_BYTES):
                yield block

    def cancel(self) -> None:
        """End the process, if there is one, and let none start."""
        with self._lock:
            self._is_cancelled = True
            if self._process is not None:
                self._process.kill()

    def _render(self, outline: BinaryIO, document: BinaryIO) -> None:
        process = self._start(outline, document)
        try:
            _, reason = process.communicate(timeout=self._limits.patience_seconds + GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            raise self._refuse_size() from None
        finally:
            # Whatever happened, it is gone before its files are.
            process.kill()
            process.wait()
        if self._is_cancelled:
            raise DocumentError("Nobody wants the document any more.", code="document_cancelled")
        if process.returncode == REFUSED:
            raise _read_refusal(reason)
        if process.returncode in _TOO_LARGE or _SHORT_OF_MEMORY.search(reason):
            raise self._refuse_size()
        if process.returncode != 0:
            raise DocumentError(
                f"The {self._kind.name} renderer ended with {process.returncode}; try again, or "
                "choose txt."
            )

    def _start(self, outline: BinaryIO, document: BinaryIO) -> subprocess.Popen[bytes]:
        command = [
            *(sys.executable, "-I", "-m", CHILD_MODULE, self._kind.name),
            *(str(self._limits.seconds), str(self._limits.memory_mb)),
        ]
        with self._lock:
            if self._is_cancelled:
                raise DocumentError(
                    "Nobody wants the document any more.", code="document_cancelled"
                )
            self._process = subprocess.Popen(  # noqa: S603 -- our own module; the arguments are ours
                command,
                stdin=outline,
                stdout=document,
                stderr=subprocess.PIPE,
                env=_ENVIRONMENT,
                cwd="/",
            )
            return self._process

    def _refuse_size(self) -> DocumentError:
        others = " or ".join(name for name in ("docx", "txt") if name != self._kind.name)
        return DocumentError(
            f"The transcript is too large for {self._kind.name}: {self._limits.seconds:g} seconds "
            f"and {self._limits.memory_mb} MB were not enough. Choose {others}.",
            code="document_too_large",
        )


def _read_refusal(reason: bytes) -> DocumentError:
    # The last line is ours; a library may have warned before it.
    found: dict[str, str] = json.loads(reason.splitlines()[-1])
    return DocumentError(found["message"], code=found["code"])
