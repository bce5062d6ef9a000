"""The audit trail, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from transcriber.accounts.dependencies import CurrentAdmin
from transcriber.admin.audit_export import MEDIA_TYPES, export_entries
from transcriber.admin.audit_filters import Chosen, KnownPlace
from transcriber.admin.audit_schemas import (
    AuditEntryRead,
    AuditVerificationRead,
    ExportFormat,
)
from transcriber.infra import audit
from transcriber.infra.audit_chain import SealKeys
from transcriber.infra.audit_paging import read_entry_id, write_cursor
from transcriber.infra.audit_sealing import SealKeyMissingError, seal_entries
from transcriber.infra.audit_verification import verify_entries
from transcriber.infra.dependencies import CurrentContext, Read
from transcriber.infra.errors import ForbiddenError, InvalidError, UnauthenticatedError
from transcriber.infra.paging import CursorText, Limit, Page
from transcriber.infra.problems import declare_problems

router = APIRouter(prefix="/api/admin/audit", tags=["admin"])

REFUSALS = (UnauthenticatedError, ForbiddenError, InvalidError)


@router.get("", responses=declare_problems(*REFUSALS))
def list_audit_entries(
    _admin: CurrentAdmin,
    session: Read,
    chosen: Chosen,
    limit: Limit = 50,
    cursor: CursorText = None,
) -> Page[AuditEntryRead]:
    """Who did what from where, newest first."""
    rows = audit.list_acts(session, before=read_entry_id(cursor), limit=limit + 1, chosen=chosen)
    page = rows[:limit]
    following = write_cursor(page[-1]) if len(rows) > limit else None
    return Page(items=[AuditEntryRead.model_validate(row) for row in page], next_cursor=following)


@router.get("/verification", responses=declare_problems(*REFUSALS))
def verify_audit_entries(
    _admin: CurrentAdmin, context: CurrentContext, known: KnownPlace
) -> AuditVerificationRead:
    """Whether every entry is what was sealed, and where it was; names the first that is not."""
    keys = SealKeys.of(context.settings)
    found = verify_entries(context.database, keys, known)
    return AuditVerificationRead.model_validate(found)


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses=declare_problems(*REFUSALS, SealKeyMissingError)
    | {
        200: {
            "description": "The file, as an attachment.",
            "content": {
                "text/csv": {"schema": {"type": "string"}},
                "application/json": {"schema": {"type": "object"}},
            },
        }
    },
)
def export_audit_entries(
    admin: CurrentAdmin,
    context: CurrentContext,
    chosen: Chosen,
    kind: Annotated[ExportFormat, Query(alias="format")] = "csv",
) -> StreamingResponse:
    """The sealed entries in the chain's order as a file, this export among them."""
    with context.database.unit_of_work() as uow:
        audit.record_act(
            uow.session,
            actor=f"admin:{admin.user_id}",
            action="audit.export",
            object_id=kind,
            user_id=audit.SERVICE,
        )
    seal_entries(context.database, SealKeys.of(context.settings))
    return StreamingResponse(
        export_entries(context.database, chosen, kind),
        media_type=MEDIA_TYPES[kind],
        headers={
            "Content-Disposition": f'attachment; filename="audit.{kind}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
