"""The orders a list of jobs may have."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal

from sqlalchemy.orm import InstrumentedAttribute

from transcriber.infra import sorting
from transcriber.jobs.models import Job

JobSort = Literal["created_at", "-created_at", "name", "-name"]
NEWEST_FIRST: JobSort = "-created_at"


class JobOrder(sorting.Order):
    """An order of jobs, and the place from which it goes on."""

    COLUMNS: ClassVar[Mapping[str, tuple[InstrumentedAttribute[Any], type]]] = {
        "created_at": (Job.created_at, datetime),
        "name": (Job.name_key, str),
    }
    ROW_ID: ClassVar[InstrumentedAttribute[str]] = Job.id
