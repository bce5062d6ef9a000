"""What the caller's account stores, against what it may store."""

from fastapi import APIRouter

from transcriber.accounts.dependencies import CurrentAccount
from transcriber.infra.dependencies import CurrentContext, Read
from transcriber.infra.errors import UnauthenticatedError
from transcriber.infra.problems import declare_problems
from transcriber.recordings.quota import Allowance, read_usage
from transcriber.recordings.repository import sum_recordings
from transcriber.recordings.usage_schemas import AccountUsageRead

router = APIRouter(tags=["accounts"])


@router.get("/account/usage", responses=declare_problems(UnauthenticatedError))
def read_account_usage(
    account: CurrentAccount, session: Read, context: CurrentContext
) -> AccountUsageRead:
    """What the caller stores, and what the operator lets them store."""
    usage = read_usage(session, account.user_id)
    allowance = Allowance.of(context.settings)
    recordings, audio_seconds = sum_recordings(session, account.user_id)
    return AccountUsageRead(
        stored_bytes=usage.stored_bytes,
        reserved_bytes=usage.reserved_bytes,
        quota_bytes=allowance.quota_bytes,
        open_uploads=usage.open_uploads,
        max_open_uploads=allowance.max_open_uploads,
        recordings=recordings,
        audio_seconds=audio_seconds,
    )
