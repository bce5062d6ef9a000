"""`python -m transcriber.formats.documents.child`: the rendering process.

It reads an outline from descriptor 0, writes the document to descriptor 1, and says on descriptor 2
why there is none.  The libraries it needs never come into the memory of whoever wants a document.
"""

import json
import resource
import signal
import sys
from typing import BinaryIO

from transcriber.formats.documents.errors import DocumentError
from transcriber.formats.documents.limits import MEBIBYTE, REFUSED, TOO_LARGE, DocumentLimits


def main(format_name: str, limits: DocumentLimits) -> int:
    """Render one document within these bounds and return the exit status."""
    _bound(limits)
    try:
        document = _render(format_name, sys.stdin.buffer)
    except DocumentError as error:
        json.dump({"code": error.code, "message": str(error)}, sys.stderr)
        return REFUSED
    except MemoryError:
        return TOO_LARGE
    sys.stdout.buffer.write(document)
    sys.stdout.buffer.flush()
    return 0


def _bound(limits: DocumentLimits) -> None:
    # These alarms end it even when whoever started it is gone; their handlers stay the system's.
    signal.setitimer(signal.ITIMER_REAL, limits.patience_seconds)
    signal.setitimer(signal.ITIMER_PROF, limits.seconds)
    ceiling = limits.memory_mb * MEBIBYTE
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _render(format_name: str, source: BinaryIO) -> bytes:
    # Each of them takes time and memory to load, and one document needs one of them.
    if format_name == "pdf":
        from transcriber.formats.documents.pdf import render_pdf as render  # noqa: PLC0415
    else:
        from transcriber.formats.documents.docx import render_docx as render  # noqa: PLC0415
    return render(source.read())


if __name__ == "__main__":
    bounds = DocumentLimits(seconds=float(sys.argv[2]), memory_mb=int(sys.argv[3]))
    sys.exit(main(sys.argv[1], bounds))
