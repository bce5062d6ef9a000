"""Who sent a request, by what proof, and what that proof opens."""

from dataclasses import dataclass

from transcriber.accounts.keys.models import KeyScope
from transcriber.accounts.service import Principal, SignedIn
from transcriber.infra.errors import ForbiddenError


class InsufficientScopeError(ForbiddenError):
    """The key is good, but was not made for this."""

    code = "insufficient_scope"
    title = "The key may not do this."


class SessionRequiredError(ForbiddenError):
    """What a credential opens never includes credentials: somebody has to sign in for these."""

    code = "session_required"
    title = "Sign in for this; a key cannot do it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """An active account, and how it proved itself.

    Attributes:
        principal: The account.
        proof: What an open stream asks about again and again; see `accounts/standing.py`.
        session: The sign-in, or None where a key or the legacy header was the proof.
        scopes: What the proof opens; None is everything the account may do.
    """

    principal: Principal
    proof: str
    session: SignedIn | None = None
    scopes: frozenset[KeyScope] | None = None

    def require_scope(self, scope: KeyScope) -> None:
        """Refuse what the proof was not made for.

        Raises:
            InsufficientScopeError: naming the scope it lacks.
        """
        if self.scopes is None or scope in self.scopes:
            return
        raise InsufficientScopeError(
            f"This needs a key with the scope {scope}.",
            extra={"scope": scope},
            headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'},
        )

    def require_session(self) -> SignedIn:
        """The sign-in.

        Raises:
            SessionRequiredError: when it was proved in another way.
        """
        if self.session is None:
            raise SessionRequiredError("Sign in to do this: a key cannot manage credentials.")
        return self.session
