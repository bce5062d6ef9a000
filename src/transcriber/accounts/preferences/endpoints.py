"""What the caller chose for the pages and for new jobs, over HTTP."""

from fastapi import APIRouter

from transcriber.accounts.dependencies import CurrentAccount
from transcriber.accounts.preferences import repository
from transcriber.accounts.preferences.repository import Wish
from transcriber.accounts.preferences.schemas import Preferences
from transcriber.infra.dependencies import Read, Work
from transcriber.infra.errors import InvalidError, UnauthenticatedError
from transcriber.infra.problems import declare_problems

router = APIRouter(prefix="/account/preferences", tags=["accounts"])


@router.get("", responses=declare_problems(UnauthenticatedError))
def get_preferences(account: CurrentAccount, session: Read) -> Preferences:
    """What the caller chose; nulls and defaults where nothing was."""
    return Preferences.show(repository.find_preferences(session, account.user_id))


@router.put("", responses=declare_problems(UnauthenticatedError, InvalidError))
def set_preferences(account: CurrentAccount, body: Preferences, uow: Work) -> Preferences:
    """Keep all of it instead of what was chosen before."""
    defaults = body.job_defaults
    wish = Wish(
        theme=body.theme,
        language=body.language,
        job_model=defaults.model,
        job_language=defaults.language,
        job_task=defaults.task,
        job_word_timestamps=defaults.word_timestamps,
    )
    return Preferences.show(repository.replace_preferences(uow.session, account.user_id, wish))
