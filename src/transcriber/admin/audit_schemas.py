"""Shapes of the operator's routes about acts."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from transcriber.infra.audit_faults import FaultKind
from transcriber.infra.schemas import ResponseModel

ExportFormat = Literal["csv", "json"]


class AuditEntryRead(ResponseModel):
    """One act; ids only, never contents."""

    id: int
    created_at: datetime
    actor: str
    action: str
    object_kind: str
    object_id: str
    user_id: str
    detail: str | None
    address: str | None = Field(description="Where the request came from; null: the service.")
    request_id: str | None
    sequence: int | None = Field(description="The place in the chain; null until it is sealed.")
    hash: str | None
    seal_key: str | None = Field(description="Names the key of the hash; null without one.")


class ChainPlaceRead(ResponseModel):
    """An entry's place in the chain; 0 stands before the first."""

    sequence: int
    hash: str


class AuditFaultRead(ResponseModel):
    """The first entry that does not fit."""

    kind: FaultKind
    sequence: int
    entry_id: int | None = Field(description="What was found there; null where nothing is.")
    detail: str


class AuditVerificationRead(ResponseModel):
    """What a walk along the chain found."""

    is_intact: bool
    checked: int
    unkeyed: int = Field(description="How many of these were sealed without a key.")
    removed: ChainPlaceRead = Field(description="The last entry that retention removed.")
    head: ChainPlaceRead = Field(description="Note it elsewhere: the chain must still hold it.")
    unsealed: int
    unsealed_since: datetime | None
    is_known_checked: bool = Field(
        description="Whether `known` was compared; not where retention removed that entry."
    )
    fault: AuditFaultRead | None
