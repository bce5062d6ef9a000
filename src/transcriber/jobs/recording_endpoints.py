"""Giving a recording up: its jobs have a say in that, so the route is theirs."""

from typing import Annotated

from fastapi import APIRouter, Path, status

from transcriber.accounts.dependencies import CurrentAccount
from transcriber.infra.errors import NotFoundError, UnauthenticatedError
from transcriber.infra.problems import declare_problems
from transcriber.jobs.dependencies import Jobs
from transcriber.jobs.errors import RecordingInUseError

router = APIRouter(prefix="/recordings", tags=["recordings"])


@router.delete(
    "/{recording_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=declare_problems(UnauthenticatedError, NotFoundError, RecordingInUseError),
)
def remove_recording(
    recording_id: Annotated[str, Path(pattern="^[0-9a-f]{32}$")],
    jobs: Jobs,
    account: CurrentAccount,
) -> None:
    """Remove the bytes and the waveform now, and keep the transcripts; twice changes nothing."""
    jobs.give_up_recording(account.user_id, recording_id)
