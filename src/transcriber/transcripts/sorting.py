"""The orders a list of transcripts may have."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal

from sqlalchemy.orm import InstrumentedAttribute

from transcriber.infra import sorting
from transcriber.transcripts.models import TranscriptRow

TranscriptSort = Literal[
    "created_at", "-created_at", "name", "-name", "duration", "-duration"
]  # a leading minus turns the order round
NEWEST_FIRST: TranscriptSort = "-created_at"


class Order(sorting.Order):
    """An order of transcripts, and the place from which it goes on."""

    COLUMNS: ClassVar[Mapping[str, tuple[InstrumentedAttribute[Any], type]]] = {
        "created_at": (TranscriptRow.created_at, datetime),
        "name": (TranscriptRow.name_key, str),
        "duration": (TranscriptRow.duration_seconds, float),
    }
    ROW_ID: ClassVar[InstrumentedAttribute[str]] = TranscriptRow.job_id
