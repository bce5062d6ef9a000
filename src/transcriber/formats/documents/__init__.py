"""Formats with pages, rendered in a process of its own from plain text that is only ever data."""

from transcriber.formats.documents.errors import DocumentError
from transcriber.formats.documents.limits import DocumentLimits
from transcriber.formats.documents.rendering import Rendering, is_installed

__all__ = ["DocumentError", "DocumentLimits", "Rendering", "is_installed"]
