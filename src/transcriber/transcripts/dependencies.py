"""What the routes of transcripts have in common."""

from typing import Annotated

from fastapi import Path

JobId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
