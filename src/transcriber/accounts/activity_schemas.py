"""Shapes of the account's own acts."""

from datetime import datetime
from typing import Literal, Self

from pydantic import Field

from transcriber.infra.audit import AuditEntry
from transcriber.infra.schemas import ResponseModel


class ActivityRead(ResponseModel):
    """Something that was done to what is the caller's."""

    created_at: datetime
    by: Literal["you", "administrator", "service"]
    action: str = Field(description="As in `job.delete`.")
    object_kind: str
    object_id: str
    detail: str | None
    address: str | None = Field(description="Where it was asked from; told of your own acts only.")

    @classmethod
    def show(cls, entry: AuditEntry, user_id: str) -> Self:
        """The entry as its owner may see it: who else acted, and from where, stays out of it."""
        is_own = entry.actor in {f"account:{user_id}", f"admin:{user_id}"}
        by = "administrator" if entry.actor.startswith("admin:") else "service"
        return cls(
            created_at=entry.created_at,
            by="you" if is_own else by,
            action=entry.action,
            object_kind=entry.object_kind,
            object_id=entry.object_id,
            detail=entry.detail,
            address=entry.address if is_own else None,
        )
