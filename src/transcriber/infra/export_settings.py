"""Bounds of exports that cost more than a read of the database, as the operator sets them."""

from pydantic import Field
from pydantic_settings import BaseSettings


class ExportSettings(BaseSettings):
    """What the documents and bundles of one API process may take."""

    document_processes: int = Field(
        default=2, ge=1, le=64, description="Documents (docx, pdf) that are rendered at once."
    )
    document_queue: int = Field(
        default=8, ge=0, le=1000, description="Documents that may wait for one of these processes."
    )
    max_documents_per_account: int = Field(default=2, ge=1, description="Made or waiting.")
    document_seconds: float = Field(default=60, gt=0, description="Processor time of one document.")
    document_memory_mb: int = Field(
        default=2048, ge=256, description="Address space of one rendering process."
    )
    max_bundles: int = Field(default=4, ge=1, description="Zip files that are sent at once.")
    max_bundles_per_account: int = Field(default=1, ge=1)
