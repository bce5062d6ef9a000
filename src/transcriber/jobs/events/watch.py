"""What one stream may show: its rows in the log, and its jobs."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, true

from transcriber.infra.ownership import EveryOwner, Scope
from transcriber.jobs.models import JobEvent


@dataclass(frozen=True, slots=True)
class Happening:
    """A row of the log, as far as it matters who is told."""

    id: int
    user_id: str
    job_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One job of a scope, or everything of one account.

    Attributes:
        scope: Whose jobs the reader may see.
        job_id: The job, or None for all of the account.
        proof: What the reader showed, a session or a key; the stream ends with it.
    """

    scope: Scope
    job_id: str | None
    proof: str

    @property
    def reader_id(self) -> str:
        """The account that reads."""
        return self.scope.admin_id if isinstance(self.scope, EveryOwner) else self.scope

    @property
    def needs_admin(self) -> bool:
        """Whether only an administrator may go on reading."""
        return isinstance(self.scope, EveryOwner)

    def concerns(self, happening: Happening) -> bool:
        """Whether the stream tells of it."""
        return self.job_id in {None, happening.job_id} and (
            self.needs_admin or happening.user_id == self.scope
        )

    def match_events(self) -> ColumnElement[bool]:
        """The condition on `job_events` that `concerns` is on one row."""
        owned = true() if isinstance(self.scope, EveryOwner) else JobEvent.user_id == self.scope
        if self.job_id is None:
            return owned
        return and_(owned, JobEvent.job_id == self.job_id)
