"""Any format as bytes, for whoever writes files and has no need to tell text from documents."""

from collections.abc import Iterator

from transcriber.engine.results import Transcript
from transcriber.formats.documents import Rendering
from transcriber.formats.file_kind import FileKind
from transcriber.formats.registry import Format
from transcriber.formats.selection import Selection


def write_file(
    kind: FileKind, transcript: Transcript, title: str, selection: Selection
) -> Iterator[bytes]:
    """Yield the file in parts: text in UTF-8, a document made by a process of its own.

    Args:
        kind: The format.
        transcript: What the engine gave, or an edited revision of it.
        title: What a document has as its heading; text has none.
        selection: What `kind` settled.

    Raises:
        DocumentError: with the reason why there is no document.
    """
    if isinstance(kind, Format):
        return (part.encode() for part in kind.render(transcript, selection))
    return Rendering(kind).run(transcript, title, selection)
