"""What every exported file's answer has in common."""

from typing import Annotated, Any

from fastapi import Depends, Request

from transcriber.recordings.names import build_disposition
from transcriber.transcripts.export_desk import ExportDesk


def get_export_desk(request: Request) -> ExportDesk:
    """This process's places for exports."""
    desk: ExportDesk = request.app.state.exports
    return desk


CurrentExportDesk = Annotated[ExportDesk, Depends(get_export_desk)]


def build_headers(name: str, extension: str) -> dict[str, str]:
    """Those of a private attachment of this name."""
    return {
        "Content-Disposition": build_disposition(name, extension),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }


def describe_file(media_type: str, description: str) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route that answers with a file."""
    return {
        200: {
            "description": description,
            "content": {media_type: {"schema": {"type": "string", "format": "binary"}}},
        }
    }
