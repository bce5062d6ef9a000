"""Why a document could not be made."""

from transcriber.engine.errors import EngineError


class DocumentError(EngineError):
    """A transcript cannot be had as a document.

    Codes: `glyphs_missing` (no font of this machine shows some of its characters),
    `document_too_large` (the bound of time or memory was not enough), `document_failed` (the
    renderer ended without one), `document_cancelled`, `document_unavailable` (the renderer is not
    installed).
    """

    default_code = "document_failed"
