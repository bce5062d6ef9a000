"""Who may read the metrics: who has the token, or, while there is none, this machine itself."""

import secrets
from typing import Annotated

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from transcriber.infra.dependencies import CurrentContext
from transcriber.infra.errors import NotFoundError, UnauthenticatedError
from transcriber.infra.peers import speaks_for_this_machine
from transcriber.infra.security import hash_token

_bearer = HTTPBearer(
    scheme_name="MetricsToken", auto_error=False, description="The operator's METRICS_TOKEN."
)


def require_metrics_reader(
    request: Request,
    context: CurrentContext,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> None:
    """Let the operator's scraper pass.

    Raises:
        UnauthenticatedError: another token than METRICS_TOKEN, or none.
        NotFoundError: from elsewhere than this machine, while METRICS_TOKEN is not set.
    """
    token = context.settings.metrics_token
    if token is None:
        host = request.client.host if request.client else None
        if not speaks_for_this_machine(host, request.headers):
            raise NotFoundError("There is nothing at this address.")
        return
    given = hash_token(bearer.credentials if bearer else "")
    # Texts of one length take the same time to compare, however much of them is right.
    if not secrets.compare_digest(given, hash_token(token.get_secret_value())):
        raise UnauthenticatedError(
            "Send METRICS_TOKEN as a bearer token.", headers={"WWW-Authenticate": "Bearer"}
        )
