"""The staged models over HTTP, for whoever chooses one."""

from fastapi import APIRouter

from transcriber.accounts.dependencies import CurrentAccount
from transcriber.infra.dependencies import CurrentContext
from transcriber.infra.errors import UnauthenticatedError
from transcriber.infra.problems import declare_problems
from transcriber.jobs.schemas import ModelList, ModelRead
from transcriber.jobs.staged import describe_models

router = APIRouter(tags=["models"])


@router.get("/models", responses=declare_problems(UnauthenticatedError))
def list_models(_account: CurrentAccount, context: CurrentContext) -> ModelList:
    """The staged models, each with what it can do or why it cannot be used."""
    described = describe_models(context.settings)
    return ModelList(items=[ModelRead.model_validate(each) for each in described])
