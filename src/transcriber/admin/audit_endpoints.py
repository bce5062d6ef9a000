"""The audit trail, for administrators."""

from fastapi import APIRouter

from transcriber.accounts.dependencies import CurrentAdmin
from transcriber.admin.job_schemas import AuditEntryRead
from transcriber.infra import audit
from transcriber.infra.dependencies import Read
from transcriber.infra.errors import ForbiddenError, InvalidError, UnauthenticatedError
from transcriber.infra.paging import CursorText, Limit, Page, decode_cursor, encode_cursor
from transcriber.infra.problems import declare_problems

router = APIRouter(tags=["admin"])

# Fits every database's integers.
MAX_ID_DIGITS = 9


@router.get(
    "/api/admin/audit",
    responses=declare_problems(UnauthenticatedError, ForbiddenError, InvalidError),
)
def list_audit_entries(
    _admin: CurrentAdmin, session: Read, limit: Limit = 50, cursor: CursorText = None
) -> Page[AuditEntryRead]:
    """Who did what, newest first."""
    rows = audit.list_acts(session, before=_read_id(cursor), limit=limit + 1)
    page = rows[:limit]
    following = encode_cursor(page[-1].created_at, str(page[-1].id)) if len(rows) > limit else None
    return Page(items=[AuditEntryRead.model_validate(row) for row in page], next_cursor=following)


def _read_id(cursor: str | None) -> int | None:
    place = decode_cursor(cursor)
    if place is None:
        return None
    if not place[1].isdecimal() or len(place[1]) > MAX_ID_DIGITS:
        raise InvalidError("The cursor is not one this list gave out.", code="bad_cursor")
    return int(place[1])
