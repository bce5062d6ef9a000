"""API keys over HTTP; no key can make, show or revoke one."""

from typing import Annotated

from fastapi import APIRouter, Path, Response, status

from transcriber.accounts.callers import SessionRequiredError
from transcriber.accounts.dependencies import CurrentSession
from transcriber.accounts.keys import creation, repository, service
from transcriber.accounts.keys.creation import KeyWish, TooManyKeysError
from transcriber.accounts.keys.schemas import (
    CreatedKeyRead,
    KeyList,
    KeyRequest,
    show_key,
)
from transcriber.accounts.sessions import CrossSiteError
from transcriber.infra.dependencies import CurrentContext, Read, Work
from transcriber.infra.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    UnauthenticatedError,
)
from transcriber.infra.idempotency_header import GivenKey
from transcriber.infra.problems import declare_problems

router = APIRouter(tags=["keys"])

KeyId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


@router.post(
    "/auth/keys",
    status_code=status.HTTP_201_CREATED,
    responses=declare_problems(
        UnauthenticatedError,
        *(ForbiddenError, SessionRequiredError, CrossSiteError),
        *(TooManyKeysError, ConflictError, InvalidError),
    ),
)
def create_key(
    body: KeyRequest,
    response: Response,
    *,
    signed_in: CurrentSession,
    uow: Work,
    context: CurrentContext,
    key: GivenKey,
) -> CreatedKeyRead:
    """Make a key with which a program acts for the caller; its secret is shown this once."""
    wish = KeyWish(
        name=body.name, scopes=body.scopes, days=body.expires_in_days, idempotency_key=key
    )
    created = creation.create_key(uow.session, context.settings, signed_in.principal, wish)
    response.headers["Location"] = f"/auth/keys/{created.key.id}"
    shown = show_key(created.key)
    return CreatedKeyRead(**shown.model_dump(), secret=created.secret)


@router.get("/auth/keys", responses=declare_problems(UnauthenticatedError, SessionRequiredError))
def list_keys(signed_in: CurrentSession, session: Read) -> KeyList:
    """The caller's keys and when each was last used."""
    rows = repository.list_keys(session, signed_in.principal.user_id)
    return KeyList(items=[show_key(row) for row in rows])


@router.delete(
    "/auth/keys/{key_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=declare_problems(
        UnauthenticatedError, SessionRequiredError, CrossSiteError, NotFoundError
    ),
)
def revoke_key(key_id: KeyId, signed_in: CurrentSession, uow: Work) -> None:
    """End a key: from now on it opens nothing."""
    user_id = signed_in.principal.user_id
    service.revoke_key(uow.session, user_id, key_id, actor=f"account:{user_id}")
