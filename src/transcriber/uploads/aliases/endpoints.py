"""The aliases while they are served: the canonical handlers under their second names."""

from typing import Any

from fastapi import APIRouter, Depends, status
from starlette.exceptions import HTTPException

from transcriber.infra.dependencies import CurrentContext
from transcriber.infra.problems import declare_problems
from transcriber.uploads.aliases.dependencies import count_use
from transcriber.uploads.aliases.schedule import AliasSchedule, Phase
from transcriber.uploads.endpoints import (
    CHUNK_BODY,
    CHUNK_REFUSALS,
    INITIALIZE_REFUSALS,
    initialize_upload,
    send_chunk,
)
from transcriber.uploads.errors import AliasGoneError

router = APIRouter(prefix="/uploads", tags=["uploads"], deprecated=True)

_REDIRECTS: dict[int | str, dict[str, Any]] = {
    status.HTTP_301_MOVED_PERMANENTLY: {"description": "As 308, where the operator chose it."},
    status.HTTP_308_PERMANENT_REDIRECT: {"description": "Send it to the canonical path."},
}


def require_redirects(context: CurrentContext) -> None:
    """Refuse what only redirected requests need, once nothing is redirected any more."""
    phase = AliasSchedule.of(context.settings).find_phase(context.clock())
    if phase is Phase.GONE:
        raise HTTPException(status.HTTP_405_METHOD_NOT_ALLOWED, headers={"Allow": "PUT"})


router.add_api_route(
    "/init",
    initialize_upload,
    methods=["POST"],
    name="initialize_upload_by_alias",
    status_code=status.HTTP_201_CREATED,
    dependencies=[Depends(count_use)],
    responses={**_REDIRECTS, **declare_problems(*INITIALIZE_REFUSALS, AliasGoneError)},
)
for _method, _name in (("PUT", "send_chunk_by_alias"), ("POST", "post_chunk_by_alias")):
    router.add_api_route(
        "/{upload_id}/chunk/{number}",
        send_chunk,
        methods=[_method],
        name=_name,
        dependencies=[Depends(count_use)],
        openapi_extra=CHUNK_BODY,
        responses={**_REDIRECTS, **declare_problems(*CHUNK_REFUSALS, AliasGoneError)},
    )
# Where a POST to the alias is sent on to, with its method: a PUT is what the protocol has.
router.add_api_route(
    "/{upload_id}/chunks/{number}",
    send_chunk,
    methods=["POST"],
    name="post_chunk",
    dependencies=[Depends(require_redirects)],
    openapi_extra=CHUNK_BODY,
    responses=declare_problems(*CHUNK_REFUSALS),
)
