"""What administrators ask of workers, over HTTP; workers look by themselves, so most is a 202."""

from typing import Annotated

from fastapi import APIRouter, Path, status

from transcriber.accounts.dependencies import CurrentAdmin
from transcriber.admin.system import acts
from transcriber.admin.system.act_schemas import CollectionRead, DrainRead, ValidationRead
from transcriber.admin.system.endpoints import Heeded
from transcriber.admin.system.staged import heed_validation
from transcriber.infra.dependencies import CurrentContext, Work
from transcriber.infra.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    UnauthenticatedError,
)
from transcriber.infra.idempotency_header import GivenKey
from transcriber.infra.problems import declare_problems
from transcriber.jobs.model_validations import find_validation
from transcriber.uploads.collection_requests import request_collection

router = APIRouter(prefix="/api/admin", tags=["admin"])

WorkerId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
REFUSALS = (UnauthenticatedError, ForbiddenError, InvalidError)


@router.post(
    "/workers/{worker_id}/drain",
    status_code=status.HTTP_202_ACCEPTED,
    responses=declare_problems(*REFUSALS, NotFoundError, acts.WorkerGoneError, ConflictError),
)
def drain_worker(admin: CurrentAdmin, worker_id: WorkerId, uow: Work) -> DrainRead:
    """Have a worker give back what it has and take no more, until it is resumed."""
    return DrainRead.model_validate(acts.drain_worker(uow, admin.user_id, worker_id))


@router.post(
    "/workers/{worker_id}/resume",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=declare_problems(*REFUSALS, NotFoundError),
)
def resume_worker(admin: CurrentAdmin, worker_id: WorkerId, uow: Work) -> None:
    """Let a drained worker work again; its id from before it was drained does as well."""
    acts.resume_worker(uow, admin.user_id, worker_id)


@router.post(
    "/models/validation",
    status_code=status.HTTP_202_ACCEPTED,
    responses=declare_problems(*REFUSALS, ConflictError),
)
def validate_models(
    admin: CurrentAdmin, uow: Work, context: CurrentContext, heeded: Heeded, key: GivenKey
) -> ValidationRead:
    """Have all processes read the staged models anew; the system's health has what they find."""
    # What was asked for before this process first looked is none of its business, this is.
    heed_validation(heeded, find_validation(uow.session), context.settings)
    validation = acts.validate_models(uow, admin.user_id, key)
    uow.after_commit(lambda: heed_validation(heeded, validation, context.settings))
    return ValidationRead.model_validate(validation)


@router.post(
    "/collection",
    status_code=status.HTTP_202_ACCEPTED,
    responses=declare_problems(*REFUSALS, ConflictError),
)
def collect_garbage(admin: CurrentAdmin, uow: Work, key: GivenKey) -> CollectionRead:
    """Have a worker remove now what its rounds would; the system's health has what it removed.

    While one has yet to end, this asks for that one.
    """
    return CollectionRead.model_validate(request_collection(uow, admin.user_id, key))
