"""Signing up over HTTP."""

from fastapi import APIRouter, Request, status

from transcriber.accounts.clients import read_client
from transcriber.accounts.invitations.service import InvitationGoneError
from transcriber.accounts.schemas import AccountResponse
from transcriber.accounts.service import NameTakenError
from transcriber.accounts.sessions import CrossSiteError, check_same_origin
from transcriber.accounts.sign_up import service
from transcriber.accounts.sign_up.schemas import SignUpRead, SignUpRequest
from transcriber.accounts.sign_up.service import (
    Applicant,
    InvitationRequiredError,
    SignUpClosedError,
)
from transcriber.infra.dependencies import CurrentContext
from transcriber.infra.errors import InvalidError, RateLimitedError
from transcriber.infra.problems import declare_problems

router = APIRouter(prefix="/auth/sign-up", tags=["accounts"])


@router.get("")
def read_sign_up(context: CurrentContext) -> SignUpRead:
    """Who may make an account here."""
    return SignUpRead(mode=context.settings.sign_up)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=declare_problems(
        SignUpClosedError,
        InvitationRequiredError,
        CrossSiteError,
        NameTakenError,
        InvitationGoneError,
        InvalidError,
        RateLimitedError,
    ),
)
def sign_up(body: SignUpRequest, request: Request, context: CurrentContext) -> AccountResponse:
    """Make an account for oneself; it signs nobody in."""
    check_same_origin(request, context.settings, may_be_silent=True)
    applicant = Applicant(
        name=body.name,
        password=body.password,
        invitation=body.invitation,
        client=read_client(request),
    )
    return AccountResponse.model_validate(service.sign_up(context, applicant))
