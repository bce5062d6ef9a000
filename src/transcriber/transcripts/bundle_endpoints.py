"""Many transcripts at once over HTTP."""

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from transcriber.accounts.dependencies import CurrentAccount
from transcriber.accounts.sessions import CrossSiteError
from transcriber.infra.audit import record_act
from transcriber.infra.dependencies import CurrentContext, Work
from transcriber.infra.download import DownloadResponse
from transcriber.infra.errors import InvalidError, NotFoundError, UnauthenticatedError
from transcriber.infra.problems import declare_problems
from transcriber.transcripts import service
from transcriber.transcripts.bundles import BundleSource, list_everything
from transcriber.transcripts.export_choice import settle_choice
from transcriber.transcripts.export_desk import ExportsBusyError, TooManyExportsError
from transcriber.transcripts.export_files import CurrentExportDesk, build_headers, describe_file
from transcriber.transcripts.schemas import BundleRequest

router = APIRouter(prefix="/transcripts", tags=["transcripts"])

BUNDLE_NAME = "transcripts"
MEDIA_TYPE = "application/zip"


@router.post(
    "/export",
    response_class=StreamingResponse,
    responses=declare_problems(
        UnauthenticatedError,
        CrossSiteError,
        NotFoundError,
        InvalidError,
        TooManyExportsError,
        ExportsBusyError,
    )
    | describe_file(MEDIA_TYPE, "A zip file with a file for each transcript, as an attachment."),
)
def export_transcripts(
    *,
    body: BundleRequest,
    context: CurrentContext,
    uow: Work,
    account: CurrentAccount,
    desk: CurrentExportDesk,
) -> DownloadResponse:
    """Some or all transcripts of the caller in one zip file.

    One that is deleted while the file is sent, or cannot be had in this format, is named in an
    entry `errors.txt` instead.
    """
    choice = settle_choice(body)
    user_id = account.user_id
    named = None if body.job_ids is None else list(dict.fromkeys(body.job_ids))
    service.require_transcripts(uow.session, user_id, named)
    record_act(
        uow.session,
        actor=f"account:{user_id}",
        action="transcript.export_many",
        object_id=user_id,
        user_id=user_id,
        detail=f"{body.format}, {'everything' if named is None else f'{len(named)} named'}",
    )
    source = BundleSource(
        context.database,
        desk,
        user_id,
        choice,
        lambda: list_everything(context.database, user_id) if named is None else iter(named),
    )
    return DownloadResponse(
        source,
        desk.threads,
        headers=build_headers(BUNDLE_NAME, ".zip"),
        media_type=MEDIA_TYPE,
        stall_seconds=desk.stall_seconds,
    )
