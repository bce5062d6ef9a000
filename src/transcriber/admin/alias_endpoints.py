"""Who still uses the aliases of the upload protocol, for administrators."""

from fastapi import APIRouter

from transcriber.accounts.dependencies import CurrentAdmin
from transcriber.admin.alias_schemas import AliasUsePage, AliasUseRead, show_schedule
from transcriber.infra.dependencies import CurrentContext, Read
from transcriber.infra.errors import ForbiddenError, InvalidError, UnauthenticatedError
from transcriber.infra.paging import CursorText, Limit, decode_cursor, encode_cursor
from transcriber.infra.problems import declare_problems
from transcriber.uploads.aliases.repository import list_uses

router = APIRouter(tags=["admin"])


@router.get(
    "/api/admin/uploads/aliases",
    responses=declare_problems(UnauthenticatedError, ForbiddenError, InvalidError),
)
def list_alias_uses(
    _admin: CurrentAdmin,
    context: CurrentContext,
    session: Read,
    limit: Limit = 50,
    cursor: CursorText = None,
) -> AliasUsePage:
    """Which client of which account used which alias, newest use first, and what comes when."""
    rows = list_uses(session, after=decode_cursor(cursor), limit=limit + 1)
    page = rows[:limit]
    return AliasUsePage(
        items=[AliasUseRead.model_validate(row) for row in page],
        next_cursor=encode_cursor(page[-1].last_used_at, page[-1].id)
        if len(rows) > limit
        else None,
        schedule=show_schedule(context.settings, context.clock()),
    )
