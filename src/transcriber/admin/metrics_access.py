"""Who may read the metrics: who has the token, or, while there is none, this machine itself."""

import secrets
from ipaddress import ip_address
from typing import Annotated

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from transcriber.infra.dependencies import CurrentContext
from transcriber.infra.errors import NotFoundError, UnauthenticatedError
from transcriber.infra.security import hash_token

# What says that somebody else stands behind the connection.
_FORWARDING = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")

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
        if not is_from_this_machine(request):
            raise NotFoundError("There is nothing at this address.")
        return
    given = hash_token(bearer.credentials if bearer else "")
    # Texts of one length take the same time to compare, however much of them is right.
    if not secrets.compare_digest(given, hash_token(token.get_secret_value())):
        raise UnauthenticatedError(
            "Send METRICS_TOKEN as a bearer token.", headers={"WWW-Authenticate": "Bearer"}
        )


def is_from_this_machine(request: Request) -> bool:
    """Whether the peer is on loopback and speaks for itself.

    A proxy on this machine that is not in TRUSTED_PROXIES is on loopback too, whoever stands
    behind it: what it forwards counts as coming from elsewhere.
    """
    if request.client is None or any(name in request.headers for name in _FORWARDING):
        return False
    try:
        address = ip_address(request.client.host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
