"""Which jobs a list shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement

from transcriber.infra.ownership import EveryOwner, Scope
from transcriber.jobs.models import Job
from transcriber.jobs.states import JobState
from transcriber.transcripts.search.folding import fold_name
from transcriber.transcripts.tags.repository import has_tag
from transcriber.transcripts.tags.spelling import fold_tag


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFilter:
    """What a job must have; None, or no state, asks for nothing.

    Attributes:
        language: That of the recording, told or detected; a job has none before that.
        name: A part of its name, whatever the case and the accents.
        tag: One of its transcript's tags, whatever the case.
        created_from: The first moment that counts.
        created_to: The last one.
    """

    states: Sequence[JobState] = ()
    recording_id: str | None = None
    language: str | None = None
    model: str | None = None
    task: str | None = None
    name: str | None = None
    tag: str | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None

    def list_clauses(self, scope: Scope) -> Sequence[ColumnElement[bool]]:
        """A clause for everything that is asked for of the scope's jobs."""
        clauses: list[ColumnElement[bool]] = []
        if self.states:
            clauses.append(Job.state.in_(self.states))
        for column, value in (
            (Job.recording_id, self.recording_id),
            (Job.language, self.language),
            (Job.model, self.model),
            (Job.options["task"].as_string(), self.task),
        ):
            if value is not None:
                clauses.append(column == value)
        if self.name is not None:
            clauses.append(Job.name_key.contains(fold_name(self.name), autoescape=True))
        if self.tag is not None:
            owner = Job.user_id if isinstance(scope, EveryOwner) else scope
            clauses.append(has_tag(owner, fold_tag(self.tag), Job.id))
        if self.created_from is not None:
            clauses.append(Job.created_at >= self.created_from)
        if self.created_to is not None:
            clauses.append(Job.created_at <= self.created_to)
        return clauses
