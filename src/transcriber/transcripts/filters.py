"""Which of an owner's transcripts count, in lists as in searches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement

from transcriber.transcripts.models import TranscriptRow
from transcriber.transcripts.search.folding import fold_name
from transcriber.transcripts.tags.repository import has_tag
from transcriber.transcripts.tags.spelling import fold_tag


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptFilter:
    """What a transcript must have; None asks for nothing.

    Attributes:
        name: A part of its name, whatever the case and the accents.
        tag: One of its tags, whatever the case.
        created_from: The first moment that counts.
        created_to: The last one.
    """

    language: str | None = None
    model: str | None = None
    task: str | None = None
    name: str | None = None
    tag: str | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None

    def list_clauses(self, user_id: str) -> Sequence[ColumnElement[bool]]:
        """A clause for everything that is asked for of the owner's transcripts."""
        clauses: list[ColumnElement[bool]] = []
        for column, value in (
            (TranscriptRow.language, self.language),
            (TranscriptRow.model, self.model),
            (TranscriptRow.task, self.task),
        ):
            if value is not None:
                clauses.append(column == value)
        if self.name is not None:
            clauses.append(TranscriptRow.name_key.contains(fold_name(self.name), autoescape=True))
        if self.tag is not None:
            clauses.append(has_tag(user_id, fold_tag(self.tag)))
        if self.created_from is not None:
            clauses.append(TranscriptRow.created_at >= self.created_from)
        if self.created_to is not None:
            clauses.append(TranscriptRow.created_at <= self.created_to)
        return clauses
